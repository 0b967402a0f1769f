"""How characters sound, and how likely one sound is taken for another.

Readings are those of pycantonese (rime-cantonese, CC BY 4.0). It gives one
reading in context; here a character has all of them, because a recogniser that
writes 行 may have heard hang4 as well as hong4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import pycantonese

Readings = Mapping[str, tuple[str, ...]]
# A reading that fewer of a character's words have is a slip of a dictionary or a tone changed by one word.
_SMALLEST_SHARE, _FEWEST_WORDS = 0.02, 2


def read_readings() -> dict[str, tuple[str, ...]]:
    """Every Han character of pycantonese with its readings, the usual one first."""
    from pycantonese.data.rime_cantonese import CHARS_TO_JYUTPING

    counts: dict[str, Counter[str]] = defaultdict(Counter)
    single: dict[str, str] = {}
    for word, jyutping in CHARS_TO_JYUTPING.items():
        sounds = jyutping.split()
        if len(word) != len(sounds) or not all("\u3400" <= char <= "\u9fff" for char in word):
            continue
        if len(word) == 1:
            single[word] = jyutping
        for char, sound in zip(word, sounds, strict=True):
            counts[char][sound] += 1
    return {char: _readings_of(char, counts[char], single.get(char)) for char in counts}


def read_words(longest: int) -> list[str]:
    """The words of pycantonese's dictionary that are two to so many Han characters long."""
    from pycantonese.data.rime_cantonese import CHARS_TO_JYUTPING

    return sorted(
        word
        for word in CHARS_TO_JYUTPING
        if 2 <= len(word) <= longest and all("\u3400" <= char <= "\u9fff" for char in word)
    )


def _readings_of(char: str, counts: Counter[str], alone: str | None) -> tuple[str, ...]:
    least = max(_FEWEST_WORDS, _SMALLEST_SHARE * counts.total())
    found = [sound for sound, count in counts.most_common() if count >= least or sound == alone]
    return tuple(found or [counts.most_common(1)[0][0]])


@dataclass(frozen=True)
class Sound:
    """One syllable: (g)(a)(u)(2)."""

    initial: str
    vowel: str
    coda: str
    tone: str


@lru_cache(maxsize=4096)
def sound_of(jyutping: str) -> Sound:
    """The parts of one Jyutping syllable.

    Raises:
        ValueError: not Jyutping.
    """
    (parsed,) = pycantonese.parse_jyutping(jyutping)
    if not parsed.nucleus:
        return Sound("", parsed.coda, "", parsed.tone)  # m4, ng5: the nasal is all there is
    return Sound(parsed.onset, parsed.nucleus, parsed.coda, parsed.tone)


@dataclass(frozen=True)
class Confusions:
    """Which sounds are heard as each other. Build with :meth:`from_data`."""

    same: float
    tone: float
    most: float
    initials: Mapping[frozenset[str], float]
    vowels: Mapping[frozenset[str], float]
    codas: Mapping[frozenset[str], float]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Confusions:
        """From the content of ``sounds.yml``.

        Raises:
            ValueError: a cost is missing or negative, or an entry is not a pair of sounds.
        """
        costs = data.get("costs") or {}
        same, tone, most = (
            _cost(f"costs: {name}", costs.get(name)) for name in ("same", "tone", "most")
        )
        initials, vowels, codas = (
            _pairs(part, data.get(part) or []) for part in ("initials", "vowels", "codas")
        )
        return cls(same, tone, most, initials, vowels, codas)

    def cost(self, heard: Sound, meant: Sound) -> float | None:
        """The cost of writing ``heard`` for ``meant``; None if nobody does."""
        total = self.same + (self.tone if heard.tone != meant.tone else 0.0)
        for a, b, pairs in (
            (heard.initial, meant.initial, self.initials),
            (heard.vowel, meant.vowel, self.vowels),
            (heard.coda, meant.coda, self.codas),
        ):
            if a != b:
                added = pairs.get(frozenset((a, b)))
                if added is None:
                    return None
                total += added
        return total if total <= self.most else None

    def family(self, sound: Sound) -> str:
        """One name for all sounds that may be heard as this one, directly or in several steps."""
        parts = (
            _family(sound.initial, self.initials),
            _family(sound.vowel, self.vowels),
            _family(sound.coda, self.codas),
        )
        return "-".join(parts)


def _cost(where: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"data/language/sounds.yml: `{where}` must be a number from 0 upwards")
    return float(value)


def _pairs(part: str, entries: Iterable[Any]) -> dict[frozenset[str], float]:
    pairs = {}
    for entry in entries:
        sounds = entry.get("sounds") if isinstance(entry, Mapping) else None
        if not isinstance(sounds, list) or len(set(map(str, sounds))) != 2:
            raise ValueError(
                f"data/language/sounds.yml: an entry of `{part}` must be `{{sounds: [a, b], cost: 1}}`"
            )
        pairs[frozenset(map(str, sounds))] = _cost(f"{part}: cost", entry.get("cost"))
    return pairs


def _family(part: str, pairs: Mapping[frozenset[str], float]) -> str:
    members = {part}
    grown = True
    while grown:
        joined = members.union(*(pair for pair in pairs if pair & members))
        grown, members = joined != members, joined
    return min(members)


class Ear:
    """Compares characters by all their readings."""

    def __init__(self, readings: Readings, confusions: Confusions) -> None:
        self._readings = readings
        self._confusions = confusions
        self._families = {
            sound: confusions.family(sound_of(sound))
            for sound in {s for sounds in readings.values() for s in sounds}
        }

    def families(self, text: str) -> list[tuple[str, ...]]:
        """The families of sounds a text may have: one tuple, as long as the text, for each."""
        each = [{self._families[s] for s in self._readings.get(char, ())} for char in text]
        return list(product(*each))

    def cost(self, heard: str, meant: str) -> float | None:
        """The smallest cost of writing one character for another; 0 for itself, None if never."""
        if heard == meant:
            return 0.0
        costs = [
            cost
            for a in self._readings.get(heard, ())
            for b in self._readings.get(meant, ())
            if (cost := self._confusions.cost(sound_of(a), sound_of(b))) is not None
        ]
        return min(costs, default=None)
