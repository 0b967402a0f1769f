"""Clock times as customers write them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.times import find_times


def times(line: str) -> list[tuple[str, str]]:
    return [(line[f.start : f.end], f.value) for f in find_times(line)]


@pytest.mark.parametrize(
    ("line", "clock", "value"),
    [
        ("下晝三點半送", "下晝三點半", "15:30"),
        ("下午三点", "下午三点", "15:00"),
        ("朝早九點", "朝早九點", "09:00"),
        ("夜晚八點", "夜晚八點", "20:00"),
        ("夜晚十二點", "夜晚十二點", "00:00"),
        ("夜晚兩點", "夜晚兩點", "02:00"),
        ("凌晨十二點半", "凌晨十二點半", "00:30"),
        ("中午一點", "中午一點", "13:00"),
        ("中午十二點", "中午十二點", "12:00"),
        ("五點鐘", "五點鐘", "05:00"),
        ("七點半ok嗎", "七點半", "07:30"),
        ("三點三個字", "三點三個字", "03:15"),
        ("三點九個字", "三點九個字", "03:45"),
        ("約三點踏九", "三點踏九", "03:45"),
        ("四點搭六到", "四點搭六", "04:30"),
        ("六點踏正", "六點踏正", "06:00"),
        ("六點踏半", "六點踏半", "06:30"),
        ("三點三落下晝茶", "三點三", "03:15"),
        ("夜晚八點九收工", "夜晚八點九", "20:45"),
        ("兩點十", "兩點十", "02:50"),
        ("兩點十分", "兩點十分", "02:10"),
        ("三点五分", "三点五分", "03:05"),
        ("三點搭九巴", "三點", "03:00"),
        ("零晨12點", "零晨12點", "00:00"),
        ("正午前", "正午", "12:00"),
        ("三點一刻", "三點一刻", "03:15"),
        ("三點五十分", "三點五十分", "03:50"),
        ("11點45分", "11點45分", "11:45"),
        ("十五時", "十五時", "15:00"),
        ("一點左右到", "一點", "01:00"),
        ("一點鐘", "一點鐘", "01:00"),
        ("下晝一點", "下晝一點", "13:00"),
        ("星期三十二點", "十二點", "12:00"),
        ("星期三三點", "三點", "03:00"),
        ("3pm", "3pm", "15:00"),
        ("at 3.30 p.m.", "3.30 p.m.", "15:30"),
        ("12am", "12am", "00:00"),
        ("12 PM", "12 PM", "12:00"),
        ("at 16:00", "16:00", "16:00"),
        ("下晝3:30", "下晝3:30", "15:30"),
        ("8:15 pm", "8:15 pm", "20:15"),
        ("half past two", "half past two", "02:30"),
        ("quarter to five pm", "quarter to five pm", "16:45"),
        ("quarter past 9", "quarter past 9", "09:15"),
        ("3 o'clock", "3 o'clock", "03:00"),
        ("eleven o’clock", "eleven o’clock", "11:00"),
        ("noon", "noon", "12:00"),
        ("by midnight", "midnight", "00:00"),
    ],
)
def test_a_time_is_found_with_its_exact_span_and_value(line: str, clock: str, value: str) -> None:
    assert times(line) == [(clock, value)]


@pytest.mark.parametrize(
    ("line", "clock", "value"),
    [
        ("今晚九點半先放工", "九點半", "21:30"),
        ("明晚八点", "八点", "20:00"),
        ("聽朝十點", "十點", "10:00"),
    ],
)
def test_the_evening_of_a_day_belongs_to_the_day_and_still_tells_the_hour(
    line: str, clock: str, value: str
) -> None:
    assert times(line) == [(clock, value)]


@pytest.mark.parametrize(
    "line",
    [
        "等咗半個鐘",
        "三個鐘頭",
        "個半鐘",
        "三個字",
        "早一點",
        "有一點貴",
        "一時有貨一時冇",
        "2000點可以換咩",
        "25點",
        "3點60分",
        "12:75",
        "1:2",
        "幾時",
        "四點五蚊",
        "兩點五折",
        "八點五厘息",
        "spam",
        "3 apples",
        "half price",
        "24小時",
    ],
)
def test_what_only_looks_like_a_time_is_none(line: str) -> None:
    assert times(line) == []


def test_several_times_are_found_in_order() -> None:
    assert [v for _, v in times("10am-6pm, 或者19:30")] == ["10:00", "18:00", "19:30"]


@given(
    st.text(
        alphabet="0123456789:.一二三十點半時分個字刻下晝今晚早 ampmhalfpasttwoto'clock", max_size=30
    )
)
def test_any_line_has_sound_times(line: str) -> None:
    done = 0
    for found in find_times(line):
        assert done <= found.start < found.end <= len(line)
        time.fromisoformat(found.value)
        done = found.end
