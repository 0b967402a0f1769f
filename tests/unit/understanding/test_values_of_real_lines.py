"""Money, times and numbers as they stood in customers' lines that were once read wrongly."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cantodesk.understanding.values import find_values


def values(line: str) -> list[tuple[str, str, Any]]:
    return [
        (v.entity, line[v.start : v.end], v.value) for v in find_values(line, date(2026, 11, 25))
    ]


@pytest.mark.parametrize(
    ("line", "written", "dollars"),
    [
        ("金額為港幣1,050元", "港幣1,050元", 1050),
        ("俾咗六百幾蚊", "六百幾蚊", 600),
        ("租金八千樓下", "八千", 8000),
        ("预算七千", "七千", 7000),
        ("properties under 15000 a month", "15000", 15000),
        ("got charged 45 though", "45", 45),
        ("扣咗我388", "388", 388),
        ("買滿二千呢就", "二千", 2000),
    ],
)
def test_money_without_its_sign(line: str, written: str, dollars: int) -> None:
    assert values(line) == [("amount", written, dollars)]


def test_a_pair_of_figures_is_money_on_both_sides() -> None:
    assert values("should be 88 not 38") == [("amount", "88", 88), ("amount", "38", 38)]


@pytest.mark.parametrize(
    "line",
    [
        "差咗幾十蚊",
        "黐埋一舊",
        "千万别送那边",
        "拼圖1000塊",
        "数十万户停电",
        "我快一万积分了",
        "未满十八能不能办",
        "paid 20 minutes ago",
        "my 401k",
        "i need 3 not 30",
        "會員號碼88012654",
        "membership no. 88012654",
    ],
)
def test_what_is_no_money_and_no_telephone(line: str) -> None:
    assert values(line) == []


@pytest.mark.parametrize(
    ("line", "written", "time"),
    [
        ("7:30 pm.", "7:30 pm", "19:30"),
        ("knocking at 2 in the morning", "2 in the morning", "02:00"),
        ("eight at night", "eight at night", "20:00"),
        ("around midday", "midday", "12:00"),
        ("朝頭早九點", "朝頭早九點", "09:00"),
        ("七點四位", "七點", "07:00"),
        ("每晚十一點一過", "十一點", "23:00"),
        ("晚上九點多付款", "晚上九點多", "21:00"),
    ],
)
def test_clock_times(line: str, written: str, time: str) -> None:
    assert values(line) == [("time", written, time)]


def test_a_little_later_is_no_time() -> None:
    assert values("可以約晚一點嗎") == []


def test_the_last_four_may_be_followed_by_the_question() -> None:
    assert values("HK20260069 9632 寄咗未") == [
        ("order_id", "HK20260069", "HK20260069"),
        ("phone_last4", "9632", "9632"),
    ]
    assert [e for e, _, _ in values("HK20260069 2000蚊")] == ["order_id", "amount"]


def test_the_last_four_of_a_telephone_in_whole_words() -> None:
    line = "the last four digits of my phone number are 4657"
    assert values(line) == [("phone_last4", "4657", "4657")]


def test_a_telephone_that_stands_in_for_a_forgotten_order_number() -> None:
    line = "唔記得單號，用9051 6627登記㗎"
    assert values(line) == [("phone", "9051 6627", "+85290516627")]
