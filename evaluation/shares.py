"""A share and the counts behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Share:
    """So many of so many. ``value`` is None where there was nothing to count."""

    part: int
    whole: int

    @classmethod
    def of(cls, verdicts: Iterable[bool]) -> Share:
        """The share of what is true."""
        seen = list(verdicts)
        return cls(sum(seen), len(seen))

    @property
    def value(self) -> float | None:
        """Between 0 and 1."""
        return self.part / self.whole if self.whole else None

    def as_json(self) -> dict[str, Any]:
        """For the report's file."""
        return {"part": self.part, "whole": self.whole, "share": rounded(self.value)}


@dataclass(frozen=True)
class Found:
    """What was wanted, what was found, and what of it was right: precision, recall, F1."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float | None:
        """Of what was found, the share that is right."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Of what was wanted, the share that was found."""
        return self.right / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where nothing was wanted and nothing found."""
        both = self.found + self.wanted
        return 2 * self.right / both if both else None

    def __add__(self, other: Found) -> Found:
        return Found(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    def as_json(self) -> dict[str, Any]:
        """For the report's file."""
        return {
            "right": self.right,
            "found": self.found,
            "wanted": self.wanted,
            "precision": rounded(self.precision),
            "recall": rounded(self.recall),
            "f1": rounded(self.f1),
        }


NOTHING = Found(0, 0, 0)


def rounded(value: float | None) -> float | None:
    """Four digits behind the point are more than any test set can tell."""
    return None if value is None else round(value, 4)
