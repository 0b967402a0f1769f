"""Spans of a line that must not overlap: whoever is found first keeps its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar


@dataclass(frozen=True)
class Found:
    """A span of the line and its value: `2026-11-25` or `15:30`."""

    start: int
    end: int
    value: str


class Span(Protocol):
    """Anything with a place in the line."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=Span)


def not_overlapping(length: int, found: Iterable[S]) -> list[S]:
    """The spans in the order of the line; of two that overlap the earlier given one.

    ``length``: of the line, in characters. Time grows with it and with the number of
    spans, not with their product.
    """
    taken = bytearray(length)
    kept: list[S] = []
    for span in found:
        if any(taken[span.start : span.end]):
            continue
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
        kept.append(span)
    return sorted(kept, key=lambda s: s.start)
