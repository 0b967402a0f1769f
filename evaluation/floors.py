"""Floors under the measures, kept in `floors.yml`: below one, an edit has done harm."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evaluation.lines import EvaluationFailed, read_yaml
from evaluation.measures import MEASURES, NAMES, Reached

FILE = Path(__file__).with_name("floors.yml")
Floors = dict[str, dict[str, float]]


def read_floors(path: Path = FILE) -> Floors:
    """The floors by measure and language.

    Raises:
        EvaluationFailed: the file cannot be read, or names what nobody measures.
    """
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise EvaluationFailed(
            f"{path}: it must hold a measure and, below it, a figure a language."
        )
    floors: Floors = {}
    for key, by_language in content.items():
        if key not in MEASURES:
            raise EvaluationFailed(
                f"{path}: there is no measure `{key}`. Use {', '.join(MEASURES)}."
            )
        if not isinstance(by_language, dict):
            raise EvaluationFailed(f"{path}: `{key}` needs a figure a language.")
        for language, floor in by_language.items():
            if language not in NAMES:
                raise EvaluationFailed(
                    f"{path}: `{key}` has no language `{language}`. Use {', '.join(NAMES)}."
                )
            if isinstance(floor, bool) or not isinstance(floor, int | float):
                raise EvaluationFailed(f"{path}: `{key}`, `{language}` must be a number, 0 to 1.")
            floors.setdefault(key, {})[language] = float(floor)
    return floors


def broken(floors: Floors, reached: Mapping[str, Mapping[str, Reached]]) -> list[str]:
    """One sentence for each floor that is not kept."""
    sentences = []
    for key, by_language in floors.items():
        measure = MEASURES[key]
        for language, floor in by_language.items():
            value = reached.get(key, {}).get(language, Reached(None, 0)).value
            what = f"{measure.label}, {NAMES[language]}"
            limit = f"{'at least' if measure.at_least else 'at most'} {measure.shown(floor)}"
            if value is None:
                sentences.append(f"{what}: there are no lines to measure it; {limit} is wanted.")
            elif not measure.kept(value, floor):
                sentences.append(f"{what}: {measure.shown(value)}; {limit} is wanted.")
    return sentences
