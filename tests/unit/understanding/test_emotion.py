"""Whether the customer is upset, and how much."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from graph_components import Workbench, lesson, said

from cantodesk.understanding.emotion import EMOTION, EmotionDetector, training_lines, verdict


def degrees(
    strong: float = 0, mild: float = 0, neutral: float = 0, positive: float = 0
) -> dict[str, float]:
    return {"strong": strong, "mild": mild, "neutral": neutral, "positive": positive}


@pytest.mark.parametrize(
    ("found", "label", "score"),
    [
        (degrees(strong=1), "negative", 1.0),
        (degrees(mild=1), "negative", 0.5),
        (degrees(strong=0.5, mild=0.5), "negative", 0.75),
        (degrees(strong=0.3, mild=0.3, neutral=0.4), "negative", 0.45),
        (degrees(neutral=0.9, strong=0.1), "neutral", 0.9),
        (degrees(positive=0.8, neutral=0.2), "positive", 0.8),
    ],
)
def test_anger_counts_fully_and_impatience_by_half(
    found: dict[str, float], label: str, score: float
) -> None:
    assert verdict(found) == {"label": label, "score": score}


@pytest.fixture
def trained(data: Path, workbench: Workbench) -> EmotionDetector:
    component: EmotionDetector = workbench.make(EmotionDetector)
    component.train(lesson(("x", "greet")))
    return component


def test_anger_is_told_from_impatience_and_from_calm(trained: EmotionDetector) -> None:
    angry, waiting, calm, glad = trained.process(
        [said("呃人黑店"), said("等咗好耐呀"), said("我想查訂單"), said("多謝晒你")]
    )
    assert [m.get(EMOTION)["label"] for m in (angry, waiting, calm, glad)] == [
        "negative",
        "negative",
        "neutral",
        "positive",
    ]
    assert angry.get(EMOTION)["score"] > waiting.get(EMOTION)["score"]


def test_a_degree_that_does_not_exist_is_named(data: Path) -> None:
    path = data / "language/emotion.en.yml"
    path.write_text("emotion:\n  furious: |\n    - argh\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"emotion\.en\.yml: there is no degree `furious`"):
        training_lines()


def test_before_training_nothing_is_said(data: Path, workbench: Workbench) -> None:
    (message,) = workbench.make(EmotionDetector).process([said("呃人")])
    assert message.get(EMOTION) is None


def test_it_runs_from_the_model_alone(
    trained: EmotionDetector, workbench: Workbench, without_data: Callable[[], None]
) -> None:
    (before,) = trained.process([said("呃人黑店!!")])
    without_data()
    (after,) = workbench.load(EmotionDetector).process([said("呃人黑店!!")])
    assert after.get(EMOTION) == before.get(EMOTION)
