"""The mood over a talk."""

from __future__ import annotations

from typing import Any

import pytest

from cantodesk.understanding.emotion_series import emotion_series, in_a_row, rises_to


def moods(*scores: float | None) -> list[dict[str, Any] | None]:
    """Negative lines by score; None is a line without emotion."""
    return [s if s is None else {"label": "negative", "score": s} for s in scores]


def test_it_keeps_the_order_and_the_gaps() -> None:
    calm = {"label": "neutral", "score": 0.9}
    assert emotion_series([{"emotion": calm}, {}, {"emotion": None}]) == [calm, None, None]


@pytest.mark.parametrize(
    ("scores", "count"),
    [((), 0), ((0.5, 0.5), 2), ((0.5, 0.2, 0.5), 1), ((0.5, None), 0), ((0.9, 0.1), 0)],
)
def test_lines_in_a_row_are_counted_from_the_latest(scores: Any, count: int) -> None:
    assert in_a_row(moods(*scores), 0.4) == count


@pytest.mark.parametrize(
    ("scores", "rises"),
    [
        ((0.7,), False),
        ((0.4, 0.7), True),
        ((0.7, 0.7), False),
        ((None, 0.7), False),
        ((0.2, 0.5), False),
    ],
)
def test_a_rise_needs_two_negative_lines(scores: Any, rises: bool) -> None:
    assert rises_to(moods(*scores), 0.6) is rises
