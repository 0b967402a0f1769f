"""An order number and the digits that prove it, said in one breath."""

from __future__ import annotations

from datetime import date

import pytest

from cantodesk.understanding.values import find_values


def found(text: str) -> list[tuple[str, object]]:
    return [(value.entity, value.value) for value in find_values(text, date(2026, 11, 25))]


@pytest.mark.parametrize("text", ["HK20262001 3333", "20262001, 3333", "hk 20262001，3333"])
def test_four_digits_behind_an_order_number_are_the_phone_s_last_four(text: str) -> None:
    assert found(text) == [("order_id", "HK20262001"), ("phone_last4", "3333")]


def test_a_whole_telephone_behind_an_order_number_stays_a_telephone() -> None:
    assert found("HK20262001 9123 4567") == [
        ("order_id", "HK20262001"),
        ("phone", "+85291234567"),
    ]
