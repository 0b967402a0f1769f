"""What stands in the letters: signs of Cantonese, of Mandarin, and of neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.signs import has_han, is_cantonese, is_formal, is_mandarin


@pytest.mark.parametrize(
    "line",
    [
        "我張單呢",
        "我张单几时到",
        "想delete個account",
        "去到邊",
        "搞成點",
        "點退會",
        "幾時到",
        "呢件",
        "仲有",
        "聽日",
        "售咗",
        "係咪",
        "B座部𨋢",
        "拆晒",
        "查吓先",
        "send緊",
    ],
)
def test_cantonese_shows(line: str) -> None:
    assert is_cantonese(line)


@pytest.mark.parametrize(
    "line",
    [
        "晒太阳",
        "仲裁",
        "沒關係",
        "我個人認為",
        "七點開門",
        "早點取消",
        "喇叭",
        "拜拜囉",
        "旁邊",
        "這個app",
        "查訂單",
        "where is it",
        "",
    ],
)
def test_what_others_write_too_is_no_sign(line: str) -> None:
    assert not is_cantonese(line)


@pytest.mark.parametrize("line", ["在嗎", "這是什麼", "怎么办", "算了", "給我", "哪里"])
def test_mandarin_shows(line: str) -> None:
    assert is_mandarin(line)


@pytest.mark.parametrize("line", ["查訂單", "我張單呢", "退款進度"])
def test_what_is_written_by_both_is_no_mandarin(line: str) -> None:
    assert not is_mandarin(line)


def test_the_language_of_letters_is_known() -> None:
    assert is_formal("本人欲取消訂單")
    assert not is_formal("我想取消")


@given(st.text())
def test_any_line_can_be_looked_at(line: str) -> None:
    assert has_han(line) or not is_mandarin(line) or not line.isascii()
    assert isinstance(is_cantonese(line), bool)
