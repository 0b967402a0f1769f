"""Floors: kept, broken, and a file that cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.floors import broken, read_floors
from evaluation.lines import EvaluationFailed
from evaluation.measures import MEASURES, Reached

REACHED = {
    "intent_accuracy": {"yue": Reached(0.9, 400), "en": Reached(None, 0)},
    "wrongly_refused": {"yue": Reached(0.04, 400)},
    "calibration_error": {"yue": Reached(0.05, 400)},
}


def test_a_floor_is_kept_when_it_is_just_reached() -> None:
    floors = {"intent_accuracy": {"yue": 0.9}, "wrongly_refused": {"yue": 0.04}}
    assert broken(floors, REACHED) == []


def test_a_figure_below_its_floor_is_one_sentence() -> None:
    assert broken({"intent_accuracy": {"yue": 0.91}}, REACHED) == [
        "Intents: best guess right, Cantonese: 90.0 %; at least 91.0 % is wanted."
    ]


def test_what_should_be_small_has_a_ceiling() -> None:
    floors = {"wrongly_refused": {"yue": 0.03}, "calibration_error": {"yue": 0.04}}
    assert broken(floors, REACHED) == [
        "Real requests wrongly refused, Cantonese: 4.0 %; at most 3.0 % is wanted.",
        "Expected calibration error, Cantonese: 0.050; at most 0.040 is wanted.",
    ]


def test_what_was_not_measured_keeps_no_floor() -> None:
    (sentence,) = broken({"intent_accuracy": {"en": 0.5}}, REACHED)
    assert "there are no lines to measure it" in sentence


def test_the_projects_own_floors_cover_every_measure_in_every_language() -> None:
    floors = read_floors()
    assert floors.keys() == MEASURES.keys()
    assert all({"yue", "en", "zh"} <= by_language.keys() for by_language in floors.values())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("speed: {yue: 1}\n", "no measure `speed`"),
        ("language: {fr: 0.9}\n", "no language `fr`"),
        ("language: {yue: high}\n", "must be a number"),
        ("language: 0.9\n", "needs a figure a language"),
        ("- 1\n", "must hold a measure"),
        ("language: {yue: 0.9\n", "no valid YAML"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(
    tmp_path: Path, content: str, sentence: str
) -> None:
    path = tmp_path / "floors.yml"
    path.write_text(content)
    with pytest.raises(EvaluationFailed, match=sentence):
        read_floors(path)
