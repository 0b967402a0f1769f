"""Words a customer may have meant, found by how they sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cantodesk.understanding.jyutping import Ear
from cantodesk.understanding.written import simplified

# Characters of the longest word that is looked up whole.
LONGEST_WORD = 4


@dataclass(frozen=True)
class Meant:
    """A word that may have been meant: how many characters differ, and what their sounds cost."""

    word: str
    changed: int
    cost: float


class KnownWords:
    """Looks words up by sound; each has as many characters as what was heard."""

    def __init__(self, words: Iterable[str], ear: Ear, alike: Iterable[str] = ()) -> None:
        """``alike``: groups of characters that are never taken for a mistake of each other."""
        self._ear = ear
        self._alike = {(a, b) for group in alike for a in group for b in group}
        self._by_sound: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for word in sorted(set(words)):
            for sound in ear.families(word):
                self._by_sound[sound].append(word)
        self.heard_as = lru_cache(maxsize=1 << 13)(self._heard_as)
        self._cost = lru_cache(maxsize=1 << 16)(self._cost_of)

    def _heard_as(self, text: str) -> tuple[Meant, ...]:
        """Every other word that may have been heard as this text, of up to LONGEST_WORD characters."""
        sounds = self._ear.families(text)
        words = {word: None for sound in sounds for word in self._by_sound.get(sound, ())}
        return tuple(m for word in words if word != text and (m := self._compared(text, word)))

    def _compared(self, text: str, word: str) -> Meant | None:
        changed, total = 0, 0.0
        for heard, meant in zip(text, word, strict=True):
            if heard != meant:
                cost = self._cost(heard, meant)
                if cost is None:
                    return None
                changed += 1
                total += cost
        return Meant(word, changed, total)

    def _cost_of(self, heard: str, meant: str) -> float | None:
        if (heard, meant) in self._alike or simplified(heard) == simplified(meant):
            return None
        return self._ear.cost(heard, meant)
