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
    is_neutral,
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


@pytest.mark.parametrize("line", ["ok", "你好", "查訂單", "退款申請", "no"])
def test_some_lines_are_written_the_same_way_by_everybody(line: str) -> None:
    assert is_neutral(surface(line))


@pytest.mark.parametrize("line", ["我嘅單", "我的單", "查订单", "where is it"])
def test_others_are_not(line: str) -> None:
    assert not is_neutral(surface(line))


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
    assert decided(surface("where is my order"), {"yue": 0.0, "en": 0.97, "zh": 0.03}) == (
        "en",
        0.97,
    )


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
