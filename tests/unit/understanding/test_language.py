"""Which language a line is in, and how surely."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from graph_components import Workbench, lesson, said
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.language import (
    LANGUAGE,
    LanguageIdentifier,
    decided,
    english_words,
    surface,
    training_lines,
)

EVEN = {"yue": 0.3, "en": 0.3, "zh": 0.4}


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("我電郵係chan@example.hk呀", "我電郵係 呀"),
        ("HK20261234去咗邊", "去咗邊"),
        ("hk 2026 1234 shipped?", "shipped?"),
        ("張單HK20261234呢", "張單 呢"),
        ("T-004213點呀", "點呀"),
        ("cut單", "cut 單"),
        ("ＡＢＣ", "abc"),
        ("see https://example.hk/a?b=1 please", "see please"),
        ("91234567", ""),
    ],
)
def test_what_says_nothing_of_the_language_is_left_out(line: str, left: str) -> None:
    assert surface(line) == left


ENGLISH = frozenset({"where", "is", "my"})
SURE = {
    "yue": {"yue": 0.98, "en": 0.01, "zh": 0.01},
    "en": {"yue": 0.01, "en": 0.98, "zh": 0.01},
    "zh": {"yue": 0.01, "en": 0.01, "zh": 0.98},
}


@pytest.mark.parametrize("likely", ["yue", "en", "zh"])
@pytest.mark.parametrize(
    "line", ["ok", "你好", "查訂單", "退款申請", "no", "refund pls", "asdkjh", "iPhone", "Kelly Ng"]
)
def test_what_everybody_writes_changes_no_conversation(line: str, likely: str) -> None:
    assert decided(surface(line), SURE[likely], english=ENGLISH)[1] < 0.8


@pytest.mark.parametrize(
    ("line", "likely", "code"),
    [
        ("我嘅單", "yue", "yue"),
        ("我张单几时到", "zh", "yue"),
        ("check 下 order status 吖", "en", "yue"),
        ("check 下 order 喺邊", "en", "yue"),
        ("想book會所", "yue", "yue"),
        ("請問我的訂單什麼時候到", "zh", "zh"),
        ("查订单", "yue", "zh"),
        ("where is it", "en", "en"),
        ("where is 旺角 office", "en", "en"),
    ],
)
def test_others_do(line: str, likely: str, code: str) -> None:
    found, confidence = decided(surface(line), SURE[likely], english=ENGLISH)
    assert (found, confidence >= 0.8) == (code, True)


def test_a_letter_in_formal_chinese_is_everybodys() -> None:
    assert decided(surface("煩請告知貴公司的地址嗎"), SURE["zh"])[1] < 0.8


def test_cantonese_in_latin_letters_is_cantonese() -> None:
    assert decided(surface("dim gai"), SURE["en"], romanised=True) == ("yue", 0.9)


def test_words_that_cantonese_lines_use_too_are_not_english() -> None:
    lines = (
        [("en", "where is my order")] * 2
        + [("yue", "張 order 呢")] * 2
        + [("en", "hair dryer")] * 2
    )
    assert english_words(lines, ["Hair Dryer"]) == {"where", "is", "my"}


@pytest.mark.parametrize(
    ("line", "code", "sure"),
    [
        ("查订单", "zh", True),
        ("查訂單", "yue", False),
        ("123", "zh", False),
        ("😡", "zh", False),
    ],
)
def test_the_script_decides_what_the_words_cannot(line: str, code: str, sure: bool) -> None:
    found, confidence = decided(surface(line), EVEN)
    assert (found, confidence >= 0.8) == (code, sure)


def test_a_clear_line_keeps_the_classifiers_confidence() -> None:
    found = {"yue": 0.0, "en": 0.97, "zh": 0.03}
    assert decided(surface("where is my order"), found, english=ENGLISH) == ("en", 0.97)


@given(st.text())
def test_any_line_is_decided(line: str) -> None:
    code, confidence = decided(surface(line), EVEN)
    assert code in EVEN
    assert 0 <= confidence <= 1


def test_it_learns_from_the_designers_files_without_their_annotations(data: Path) -> None:
    lines = training_lines()
    assert ("yue", "風筒仲未嚟嘅") in lines
    assert {code for code, _ in lines} == {"yue", "en", "zh"}


def test_it_tells_the_three_apart(data: Path, workbench: Workbench) -> None:
    component = workbench.make(LanguageIdentifier)
    component.train(lesson(("x", "greet")))
    messages = component.process(
        [said("件貨喺邊度"), said("where is the parcel"), said("订单什么时候到")]
    )
    assert [m.get(LANGUAGE)["code"] for m in messages] == ["yue", "en", "zh"]


def test_before_training_it_says_that_it_does_not_know(workbench: Workbench) -> None:
    (message,) = workbench.make(LanguageIdentifier).process([said("hello")])
    assert message.get(LANGUAGE) == {"code": "yue", "confidence": 0.0}


def test_it_runs_from_the_model_alone(
    data: Path, workbench: Workbench, without_data: Callable[[], None]
) -> None:
    trained = workbench.make(LanguageIdentifier)
    trained.train(lesson(("x", "greet")))
    (before,) = trained.process([said("我張單喺邊度")])
    without_data()
    (after,) = workbench.load(LanguageIdentifier).process([said("我張單喺邊度")])
    assert after.get(LANGUAGE) == before.get(LANGUAGE)
