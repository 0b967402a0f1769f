"""A first guess at a line's language, by its script alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.channels.script import likely_language
from cantodesk.settings import LANGUAGES


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("where is my order", "en"),
        ("我張單去咗邊", "yue"),
        ("cut单唔该", "yue"),
        ("我的订单在哪", "zh"),
        ("查訂單", "yue"),
        ("refund 唔該", "yue"),
        ("退款 please", "yue"),
        ("HK20261234", "yue"),
        ("123", "yue"),
        ("😡", "yue"),
        ("", "yue"),
        ("/affirm", "yue"),
    ],
)
def test_the_script_says_most_of_it(line: str, language: str) -> None:
    assert likely_language(line) == language


@given(st.text())
def test_any_line_has_one_of_our_languages(line: str) -> None:
    assert likely_language(line) in LANGUAGES
