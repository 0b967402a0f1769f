"""Days as customers write them. Today is Wednesday 25 November 2026 in Hong Kong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.dates import find_dates

TODAY = date(2026, 11, 25)


def days(line: str, today: date = TODAY) -> list[tuple[str, str]]:
    return [(line[f.start : f.end], f.value) for f in find_dates(line, today)]


@pytest.mark.parametrize(
    ("line", "day", "value"),
    [
        # From today.
        ("聽日得唔得", "聽日", "2026-11-26"),
        ("听日送", "听日", "2026-11-26"),
        ("明天送到吗", "明天", "2026-11-26"),
        ("後日", "後日", "2026-11-27"),
        ("後晚先返", "後晚", "2026-11-27"),
        ("聽早派", "聽早", "2026-11-26"),
        ("大後日", "大後日", "2026-11-28"),
        ("今晚送", "今晚", "2026-11-25"),
        ("尋日落單", "尋日", "2026-11-24"),
        ("噚日訂", "噚日", "2026-11-24"),
        ("前日", "前日", "2026-11-23"),
        ("tomorrow morning", "tomorrow", "2026-11-26"),
        ("the day after tomorrow", "day after tomorrow", "2026-11-27"),
        ("tmr pls", "tmr", "2026-11-26"),
        ("since last night", "last night", "2026-11-24"),
        ("I ordered this morning", "this morning", "2026-11-25"),
        # Days of the week.
        ("星期五", "星期五", "2026-11-27"),
        ("星期三", "星期三", "2026-11-25"),
        ("星期二", "星期二", "2026-12-01"),
        ("下星期二", "下星期二", "2026-12-01"),
        ("下個禮拜日", "下個禮拜日", "2026-12-06"),
        ("下下星期一", "下下星期一", "2026-12-07"),
        ("上星期六", "上星期六", "2026-11-21"),
        ("今個星期一", "今個星期一", "2026-11-23"),
        ("拜六", "拜六", "2026-11-28"),
        ("周五送", "周五", "2026-11-27"),
        ("next Tuesday", "next Tuesday", "2026-12-01"),
        ("last fri", "last fri", "2026-11-20"),
        ("on Friday", "Friday", "2026-11-27"),
        ("move my viewing to thurs", "thurs", "2026-11-26"),
        ("open on sat?", "sat", "2026-11-28"),
        ("viewing sun half past two", "sun", "2026-11-29"),
        ("free on fri 16:00", "fri", "2026-11-27"),
        # Of the month and of the year.
        ("12月3號", "12月3號", "2026-12-03"),
        ("十二月廿五日", "十二月廿五日", "2026-12-25"),
        ("1月2号", "1月2号", "2027-01-02"),
        ("2026年12月3日", "2026年12月3日", "2026-12-03"),
        ("2026-12-03", "2026-12-03", "2026-12-03"),
        ("25/12", "25/12", "2026-12-25"),
        ("12/25", "12/25", "2026-12-25"),
        ("3/1/27", "3/1/27", "2027-01-03"),
        ("3 Dec", "3 Dec", "2026-12-03"),
        ("December 3rd", "December 3rd", "2026-12-03"),
        ("the 3rd of December", "3rd of December", "2026-12-03"),
        ("廿五號", "廿五號", "2026-11-25"),
        ("26號要", "26號", "2026-11-26"),
        ("2號", "2號", "2026-12-02"),
        ("by the 27th", "the 27th", "2026-11-27"),
        ("on the 2nd", "the 2nd", "2026-12-02"),
        ("下個月15號", "下個月15號", "2026-12-15"),
        ("上個月3號", "上個月3號", "2026-10-03"),
        ("下下个月1号", "下下个月1号", "2027-01-01"),
        ("本月30日", "本月30日", "2026-11-30"),
        ("年初二", "年初二", "2027-02-07"),
        ("下月8号过户", "下月8号", "2026-12-08"),
        ("上月28日退貨", "上月28日", "2026-10-28"),
        ("這禮拜天", "這禮拜天", "2026-11-29"),
        ("琴晚", "琴晚", "2026-11-24"),
        # Days with a name.
        ("do you deliver on Boxing Day", "Boxing Day", "2026-12-26"),
        ("close early on Christmas Eve", "Christmas Eve", "2026-12-24"),
        ("on New Year's Day", "New Year's Day", "2027-01-01"),
        ("跨年夜", "跨年夜", "2026-12-31"),
        ("年三十晚做到幾點", "年三十晚", "2027-02-05"),
        ("除夕开门吗", "除夕", "2027-02-05"),
        ("初三開門未", "初三", "2027-02-08"),
        ("冬至送唔送", "冬至", "2026-12-22"),
        ("清明休不休", "清明", "2027-04-05"),
        ("重陽有冇人", "重陽", "2027-10-08"),
        ("佛誕紅日", "佛誕", "2027-05-13"),
        ("Good Friday?", "Good Friday", "2027-03-26"),
        ("國慶嗰日", "國慶", "2027-10-01"),
        ("聖誕節嗰日", "聖誕節", "2026-12-25"),
    ],
)
def test_a_day_is_found_with_its_exact_span_and_value(line: str, day: str, value: str) -> None:
    assert days(line) == [(day, value)]


@pytest.mark.parametrize(
    "line",
    [
        "掛5號風球",
        "8號波幾時落",
        "3號仔",
        "要7號鞋",
        "七號半的靴子",
        "3號舖",
        "A1號出口",
        "彌敦道25號",
        "荔枝角道 8號",
        "第3號",
        "24/7 service",
        "Black Friday sale",
        "三日後",
        "two weeks",
        "半個鐘",
        "下晝三點",
        "1st floor",
        "2nd hand",
        "the sun is hot",
        "I sat there",
        "we wed",
        "32號",
        "31/2",
        "13月5號",
        "2號𨋢",
        "may I ask",
        # A festival is a season, a weekend two days, every week no day.
        "聖誕節使唔使放假",
        "中秋節送月餅",
        "Christmas sale",
        "Chinese New Year's Day",
        "星期六日",
        "逢星期二都打波",
        "每周四",
        "every Tuesday",
        "一個禮拜三次",
        "last week",
        "8月",
        "月底",
        # Sizes, a lift, a typhoon, a house, the moon's calendar.
        "換大一號",
        "细一号",
        "二號升降機",
        "聽講會掛八號",
        "门牌8号",
        "十月初三",
        "on 2nd thought",
    ],
)
def test_what_only_looks_like_a_day_is_none(line: str) -> None:
    assert days(line) == []


def test_several_days_are_found_in_order() -> None:
    assert days("聽日唔得,下星期二或者12月3號") == [
        ("聽日", "2026-11-26"),
        ("下星期二", "2026-12-01"),
        ("12月3號", "2026-12-03"),
    ]


@pytest.mark.parametrize(
    ("today", "line", "value"),
    [
        (date(2026, 12, 31), "聽日", "2027-01-01"),
        (date(2026, 12, 30), "2號", "2027-01-02"),
        (date(2027, 1, 2), "31/12", "2026-12-31"),
        (date(2027, 1, 2), "30號", "2026-12-30"),
        (date(2026, 12, 20), "下個月1號", "2027-01-01"),
        (date(2027, 1, 20), "上個月1號", "2026-12-01"),
        (date(2028, 2, 28), "29/2", "2028-02-29"),
        (date(2026, 11, 29), "下星期一", "2026-11-30"),
    ],
)
def test_the_turn_of_the_year_and_of_the_week(today: date, line: str, value: str) -> None:
    assert [f.value for f in find_dates(line, today)] == [value]


def test_a_day_that_is_in_no_year_near_is_none() -> None:
    assert days("29/2", date(2026, 6, 1)) == []


@given(
    st.text(alphabet="0123456789/-月日號星期下個一二三十廿年聽尋 thfrisaundec風", max_size=30),
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
)
def test_any_line_has_sound_days(line: str, today: date) -> None:
    done = 0
    for found in find_dates(line, today):
        assert done <= found.start < found.end <= len(line)
        date.fromisoformat(found.value)
        done = found.end
