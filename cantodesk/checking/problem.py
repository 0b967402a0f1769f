"""What a check finds, and how it is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. ``file`` is relative to the project, ``line`` counts from 1."""

    file: str
    line: int
    wrong: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.wrong} Remedy: {self.remedy}"


def unknown_remedy(name: str, known: Iterable[str], otherwise: str) -> str:
    """The remedy for a name nobody knows: the nearest known one, or ``otherwise``."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.8)
    return f"Did you mean `{near[0]}`? If not: {otherwise}" if near else otherwise
