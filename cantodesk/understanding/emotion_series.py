"""How a customer's mood went over the talk, read from the parses of the lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Emotion = dict[str, Any]


def emotion_series(parses: Iterable[Mapping[str, Any]]) -> list[Emotion | None]:
    """The emotion of each line, in their order; None for a line that has none."""
    return [dict(found) if (found := parse.get("emotion")) else None for parse in parses]


def strength_of(emotion: Emotion | None) -> float:
    """How strongly negative, 0 to 1; nought for anything that is not negative."""
    if emotion is None or emotion.get("label") != "negative":
        return 0.0
    return float(emotion.get("score") or 0.0)


def in_a_row(series: Sequence[Emotion | None], score: float) -> int:
    """How many lines in a row, up to the latest, are at least so strongly negative."""
    count = 0
    for emotion in reversed(series):
        if strength_of(emotion) < score:
            break
        count += 1
    return count


def rises_to(series: Sequence[Emotion | None], score: float) -> bool:
    """Whether the latest two lines are negative and the second, the stronger one, reaches the score."""
    if len(series) < 2:
        return False
    before, latest = map(strength_of, series[-2:])
    return 0 < before < latest and latest >= score
