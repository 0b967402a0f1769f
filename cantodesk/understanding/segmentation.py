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

# Words that count goods, or point at them.
COUNTING = "條对對件個个隻只張张部枝支雙双份包盒樽罐套啲嗰呢款"


@dataclass(frozen=True)
class Word:
    """A word and its span in the segmented text."""

    text: str
    start: int
    end: int


class Segmenter:
    """Cuts a line into words; words of the designers' lists are never cut through.

    pycantonese joins 張單出|咗; a list word is cut out first and the rest is left to
    the segmenter.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        kept = sorted({w for w in words if re.search(f"[{_HAN}]", w)}, key=len, reverse=True)
        listed = "|".join(map(_listed, kept))
        self._listed = re.compile(listed, re.IGNORECASE) if listed else None

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
        for match in self._listed.finditer(text, start, end) if self._listed else ():
            yield from _plain_runs(text, start, match.start())
            yield Word(match.group(), match.start(), match.end())
            start = match.end()
        yield from _plain_runs(text, start, end)


def _listed(word: str) -> str:
    if len(word) == 1:
        # 對鞋細咗: cut out behind a counting word; anywhere else it may be half of another word.
        return f"(?<=[{COUNTING}]){word}"
    # T恤 and BB車 cross the scripts; their letters are no tail of a longer word.
    before = "(?<![A-Za-z0-9])" if word[0].isascii() else ""
    after = "(?![A-Za-z0-9])" if word[-1].isascii() else ""
    return before + re.escape(word) + after


def _plain_runs(text: str, start: int, end: int) -> Iterator[Word]:
    for run in _RUN.finditer(text, start, end):
        if run.lastgroup == "han":
            yield from _segment(run.group(), run.start())
        else:
            yield Word(run.group(), run.start(), run.end())


def _segment(run: str, offset: int) -> list[Word]:
    return [Word(text, offset + start, offset + end) for text, (start, end) in _cached(run)]


@lru_cache(maxsize=8192)
def _cached(run: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    return tuple(pycantonese.segment(run, offsets=True)) if run else ()
