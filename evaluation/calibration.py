"""Is a guess that is said to be 80 % sure right in 80 of 100 cases?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.lines import Line
from evaluation.parses import Parse

BINS = 15


@dataclass(frozen=True)
class Bin:
    """Guesses of about the same confidence: how many, how sure on average, how often right."""

    lowest: float
    highest: float
    count: int
    confidence: float
    accuracy: float


def guesses(lines: Iterable[Line], parses: Mapping[str, Parse]) -> list[tuple[float, bool]]:
    """(confidence, right) of each line's best guess."""
    return [(parses[line.text].confidence, parses[line.text].best == line.intent) for line in lines]


def bins_of(guessed: Sequence[tuple[float, bool]], bins: int = BINS) -> list[Bin]:
    """Bins of equal width from 0 to 1; a confidence on an edge belongs to the lower one."""
    sorted_in: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in guessed:
        number = min(max(math.ceil(confidence * bins) - 1, 0), bins - 1)
        sorted_in[number].append((confidence, right))
    return [
        Bin(
            lowest=number / bins,
            highest=(number + 1) / bins,
            count=len(inside),
            confidence=sum(c for c, _ in inside) / len(inside) if inside else 0.0,
            accuracy=sum(r for _, r in inside) / len(inside) if inside else 0.0,
        )
        for number, inside in enumerate(sorted_in)
    ]


def expected_error(guessed: Sequence[tuple[float, bool]], bins: int = BINS) -> float | None:
    """Expected calibration error: the mean gap of confidence and accuracy, weighted by count."""
    if not guessed:
        return None
    return sum(b.count * abs(b.confidence - b.accuracy) for b in bins_of(guessed, bins)) / len(
        guessed
    )
