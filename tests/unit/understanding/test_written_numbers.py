"""Numbers as they are written: figures and Chinese numerals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.numbers import read_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0),
        ("1,299", 1299),
        ("12.5", 12.5),
        ("三", 3),
        ("兩", 2),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("廿五", 25),
        ("卅", 30),
        ("卅一", 31),
        ("一百", 100),
        ("三百五", 350),
        ("百二", 120),
        ("一千二百", 1200),
        ("千八", 1800),
        ("兩萬", 20_000),
        ("一萬八", 18_000),
        ("萬二", 12_000),
        ("1.2萬", 12_000),
        ("800萬", 8_000_000),
        ("八百萬", 8_000_000),
        ("5千", 5000),
        ("零", 0),
    ],
)
def test_a_number_is_read(written: str, number: float) -> None:
    assert read_number(written) == number


@pytest.mark.parametrize("written", ["", "abc", "三點", "1.2.3", "-5", "$5", "１a", "點"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert read_number(written) is None


@given(st.integers(0, 10**9))
def test_figures_are_themselves(number: int) -> None:
    assert read_number(str(number)) == number
    assert read_number(f"{number:,}") == number


@given(st.text(alphabet="零〇一二三四五六七八九十百千萬万兩两廿卅0123456789.,", max_size=15))
def test_any_row_of_numerals_is_a_number_or_none(written: str) -> None:
    number = read_number(written)
    assert number is None or number >= 0
