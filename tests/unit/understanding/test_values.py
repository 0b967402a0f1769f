"""Things with a form of their own, in one line: which reading wins, and what it is worth."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding import values as module
from cantodesk.understanding.normalisation import normalise
from cantodesk.understanding.values import VALUE_MODULES, find_values

TODAY = date(2026, 11, 25)


def values(raw: str) -> list[tuple[str, str, Any]]:
    """(entity, raw text behind it, value) of each."""
    line = normalise(raw)
    return [
        (v.entity, raw[slice(*line.raw_span(v.start, v.end))], v.value)
        for v in find_values(line.text, TODAY)
    ]


@pytest.mark.parametrize(
    "written",
    [
        "HK20261234",
        "hk20261234",
        "Hk 20261234",
        "hk 2026 1234",
        "HK-2026-1234",
        "HK 20 26 12 34",
        "H" + "K2 0 2 6 1 2 3 4",
        "#HK20261234",
        "# hk20261234",
        "#20261234",
        "# 2026 1234",
        "20261234",
        "2026 1234",
        "2026-1234",
        "ＨＫ２０２６１２３４",
        "＃ＨＫ２０２６－１２３４",
        "２０２６１２３４",
    ],
)
@pytest.mark.parametrize("around", ["{}", "我張單{}去咗邊", "order {} pls", "單號：{}。"])
def test_an_order_number_in_every_writing(written: str, around: str) -> None:
    assert values(around.format(written)) == [("order_id", written, "HK20261234")]


@pytest.mark.parametrize(
    "written", ["T-004213", "t-004213", "T004213", "t004213", "T 004213", "Ｔ－００４２１３"]
)
@pytest.mark.parametrize("around", ["{}", "個case {}點呀", "ticket {}?"])
def test_a_case_number_in_every_writing(written: str, around: str) -> None:
    assert values(around.format(written)) == [("ticket_id", written, "T-004213")]


@pytest.mark.parametrize(
    "written",
    [
        "91234567",
        "9123 4567",
        "9123-4567",
        "+85291234567",
        "+852 9123 4567",
        "852 91234567",
        "85291234567",
        "(852) 9123-4567",
        "+852-91234567",
        "９１２３　４５６７",
    ],
)
@pytest.mark.parametrize("around", ["{}", "我電話{}", "call me on {} pls", "電話係:{}。"])
def test_a_telephone_in_every_writing(written: str, around: str) -> None:
    assert values(around.format(written)) == [("phone", written, "+85291234567")]


@pytest.mark.parametrize(
    ("raw", "written", "value"),
    [
        ("我電郵係chan.tm@example.hk", "chan.tm@example.hk", "chan.tm@example.hk"),
        ("send to A_b+c@Mail.Example.COM.", "A_b+c@Mail.Example.COM", "a_b+c@mail.example.com"),
        ("ｃｈａｎ＠example.hk呀", "ｃｈａｎ＠example.hk", "chan@example.hk"),
        ("...a1@b-c.hk", "a1@b-c.hk", "a1@b-c.hk"),
    ],
)
def test_an_email_address(raw: str, written: str, value: str) -> None:
    assert values(raw) == [("email", written, value)]


@pytest.mark.parametrize(
    ("raw", "digits"),
    [
        ("尾四位係5678", "5678"),
        ("最後四個字 5678", "5678"),
        ("last 4 digits: 5678", "5678"),
        ("ending in 5678", "5678"),
        ("尾數5678", "5678"),
        ("5678", "5678"),
        ("係5678呀", "5678"),
        ("  5678 ", "5678"),
    ],
)
def test_the_last_four_digits(raw: str, digits: str) -> None:
    assert values(raw) == [("phone_last4", digits, digits)]


@pytest.mark.parametrize(
    ("raw", "entity", "value"),
    [
        ("電話20261234", "phone", "+85220261234"),
        ("手機係 2026 1234", "phone", "+85220261234"),
        ("單號61234567", "order_id", "HK61234567"),
        ("訂單 91234567", "order_id", "HK91234567"),
        ("61234567", "phone", "+85261234567"),
        ("20261234", "order_id", "HK20261234"),
        ("2026-12-03", "date", "2026-12-03"),
        ("2026-1234", "order_id", "HK20261234"),
    ],
)
def test_eight_digits_are_what_the_words_before_them_say(raw: str, entity: str, value: str) -> None:
    assert [(e, v) for e, _, v in values(raw)] == [(entity, value)]


@pytest.mark.parametrize(
    "raw",
    [
        "HK2026123",
        "HK202612345",
        "T-00421",
        "T-0042134",
        "PT004213",
        "1234567",
        "123456789",
        "a@b",
        "@chan",
        "HKT",
        "SF1234567890123",
        "4567 8901 2345 6789",
        "單號4567-8901-2345-6789",
        "我有5678件貨",
    ],
)
def test_what_has_almost_the_form_is_nothing(raw: str) -> None:
    assert values(raw) == []


def test_several_values_of_a_line_come_in_order() -> None:
    raw = "HK20261234聽日下晝三點半送,收$50,電話9123 4567,a@b.hk,case T-004213"
    assert values(raw) == [
        ("order_id", "HK20261234", "HK20261234"),
        ("date", "聽日", "2026-11-26"),
        ("time", "下晝三點半", "15:30"),
        ("amount", "$50", 50),
        ("phone", "9123 4567", "+85291234567"),
        ("email", "a@b.hk", "a@b.hk"),
        ("ticket_id", "T-004213", "T-004213"),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            "2026 1234 9123 4567",
            [("order_id", "2026 1234", "HK20261234"), ("phone", "9123 4567", "+85291234567")],
        ),
        ("今晚九點半", [("date", "今晚", "2026-11-25"), ("time", "九點半", "21:30")]),
        ("3/12 3pm", [("date", "3/12", "2026-12-03"), ("time", "3pm", "15:00")]),
        ("2000點可以換咩", []),
        ("T003417點呀", [("ticket_id", "T003417", "T-003417")]),
        ("HKD 500", [("amount", "HKD 500", 500)]),
        ("12k", [("amount", "12k", 12_000)]),
        ("$12.5", [("amount", "$12.5", 12.5)]),
    ],
)
def test_where_readings_meet(raw: str, expected: list[tuple[str, str, Any]]) -> None:
    assert values(raw) == expected


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="HKhkTt#-+ 0123456789０１２@a.b聽日三點半蚊$一萬,:()852號尾四電話單٣"),
    )
)
def test_any_line_has_sound_values(raw: str) -> None:
    line = normalise(raw)
    done = 0
    for value in find_values(line.text, TODAY):
        start, end = line.raw_span(value.start, value.end)
        assert done <= start < end <= len(raw)
        assert value.start < value.end
        assert str(value.value).isascii()
        done = value.start


def test_fingerprints_know_every_module_the_values_come_from() -> None:
    folder = Path(module.__file__).parent
    reached: set[str] = set()
    todo = ["values"]
    while todo:
        name = todo.pop()
        if name in reached:
            continue
        reached.add(name)
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                prefix, _, own = node.module.rpartition(".")
                if prefix == "cantodesk.understanding":
                    todo.append(own)
    assert set(VALUE_MODULES) == reached
