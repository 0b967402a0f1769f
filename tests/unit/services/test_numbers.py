"""Numbers as customers type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.services.numbers import hong_kong_phone, last_four, order_number, ticket_number


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("91235678", "+85291235678"),
        ("9123 5678", "+85291235678"),
        ("+852 9123-5678", "+85291235678"),
        ("(852) 9123.5678", "+85291235678"),
        ("00852 91235678", "+85291235678"),
        ("９１２３　５６７８", "+85291235678"),
        ("2345 6000", "+85223456000"),
        ("85291235", "+85285291235"),
        ("1123 5678", None),
        ("9123 567", None),
        ("9123 56789", None),
        ("+86 138 0013 8000", None),
        ("九一二三五六七八", None),
        ("٩١٢٣٥٦٧٨", None),
        ("", None),
    ],
)
def test_hong_kong_telephone_numbers(typed: str, phone: str | None) -> None:
    assert hong_kong_phone(typed) == phone


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("5678", "5678"), (" 5 6 7 8 ", "5678"), ("５６７８", "5678"), ("+852 9123 5678", "5678"),
     ("567", None), ("56789", None), ("abcd", None), ("", None)],
)  # fmt: skip
def test_last_four_digits(typed: str, digits: str | None) -> None:
    assert last_four(typed) == digits


@pytest.mark.parametrize(
    ("typed", "number"),
    [("HK20261234", "HK20261234"), ("hk 2026 1234", "HK20261234"), ("#HK2026-1234", "HK20261234"),
     ("20261234", "HK20261234"), ("ＨＫ２０２６１２３４", "HK20261234"), ("HK2026123", None),
     ("XX20261234", None), ("", None)],
)  # fmt: skip
def test_order_numbers(typed: str, number: str | None) -> None:
    assert order_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [("T-004213", "T-004213"), ("t004213", "T-004213"), ("004213", "T-004213"), ("T-4213", None)],
)
def test_ticket_numbers(typed: str, number: str | None) -> None:
    assert ticket_number(typed) == number


@given(st.text(max_size=60))
def test_anything_may_be_typed(typed: str) -> None:
    phone, order = hong_kong_phone(typed), order_number(typed)
    assert phone is None or hong_kong_phone(phone) == phone
    assert order is None or order_number(order) == order


def test_a_very_long_line_is_no_number() -> None:
    assert order_number("1" * 50_000) is None
    assert hong_kong_phone("9" * 50_000) is None
