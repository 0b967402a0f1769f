"""Words of a mixed line, with offsets: Han runs by pycantonese, Latin runs by their letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pycantonese

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A Han run; a Latin or digit run with the marks that live inside one (a@b.hk, 1,299, don't, T-004213);
# any other single mark, emoji included.
_RUN = re.compile(
    rf"(?P<han>[{_HAN}]+)"
    r"|(?P<latin>[^\W_\u3400-\u9fff]+(?:[.,'’@_&+-](?=[^\W_\u3400-\u9fff])[^\W_\u3400-\u9fff]+)*)"
    r"|(?P<mark>\S)"
)


@dataclass(frozen=True)
class Word:
    """A word and its span in the segmented text."""

    text: str
    start: int
    end: int


class Segmenter:
    """Cuts a line into words; words of the designers' lists are never cut through.

    pycantonese joins 張單出|咗; a list word found in a Han run is cut out first and
    the rest is left to the segmenter.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        kept = sorted({w for w in words if re.fullmatch(f"[{_HAN}]{{2,}}", w)}, key=len, reverse=True)
        self._listed = re.compile("|".join(map(re.escape, kept))) if kept else None

    def __call__(self, text: str, whole: Iterable[tuple[int, int]] = ()) -> list[Word]:
        """Words in order. White space belongs to no word.

        ``whole``: spans that are one word each, in order and not overlapping, such
        as the values of ``values.py``: 下晝三點半送 is cut behind 半.
        """
        words: list[Word] = []
        done = 0
        for start, end in whole:
            words.extend(self._runs(text, done, start))
            words.append(Word(text[start:end], start, end))
            done = end
        words.extend(self._runs(text, done, len(text)))
        return words

    def _runs(self, text: str, start: int, end: int) -> Iterator[Word]:
        for run in _RUN.finditer(text, start, end):
            if run.lastgroup == "han":
                yield from self._han(run.group(), run.start())
            else:
                yield Word(run.group(), run.start(), run.end())

    def _han(self, run: str, offset: int) -> list[Word]:
        words: list[Word] = []
        done = 0
        for match in self._listed.finditer(run) if self._listed else ():
            words.extend(_segment(run[done : match.start()], offset + done))
            words.append(Word(match.group(), offset + match.start(), offset + match.end()))
            done = match.end()
        words.extend(_segment(run[done:], offset + done))
        return words


def _segment(run: str, offset: int) -> list[Word]:
    return [Word(text, offset + start, offset + end) for text, (start, end) in _cached(run)]


@lru_cache(maxsize=8192)
def _cached(run: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    return tuple(pycantonese.segment(run, offsets=True)) if run else ()
