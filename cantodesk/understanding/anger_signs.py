"""Signs of anger and of calm in a line: which of the designers' word lists it touches.

The lists are in ``data/language/anger.yml``. A sign decides nothing: it is a number
beside others, and what it is worth, alone and together with a second one, is learnt
from the emotion lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cantodesk.understanding.written import simplified

# What stands for a hidden letter: f**k, sh!t, fxxk; and b1tch.
_MASK = "[*#@!$x%^]"
_LOOKS_LIKE = {"i": "1", "o": "0", "e": "3", "a": "4", "s": "5"}
_HAN = "[\u3400-\u9fff\U00020000-\U0002fa1f]"
# The first lists name anger itself; a line without any of them is told apart from the others.
_OF_ANGER = 9


def folded(text: str) -> str:
    """Width, case and script folded; marks, repeats and spelling are as they were written."""
    return simplified(unicodedata.normalize("NFKC", text).lower())


class _WordLists:
    """Finds the words of several lists in one pass, a look-up for each place and length."""

    def __init__(self, lists: Sequence[Iterable[Any]]) -> None:
        self._whole: dict[str, set[int]] = defaultdict(set)
        self._beginnings: dict[str, set[int]] = defaultdict(set)
        for number, words in enumerate(lists):
            for word in map(folded, map(str, words)):
                if word[:1].isascii() and re.fullmatch(r"[a-z][a-z' -]+\*", word):
                    self._beginnings[word[:-1]].add(number)
                elif word:
                    self._whole[word].add(number)
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in (*self._whole, *self._beginnings):
            lengths[word[0]].add(len(word))
        # By first character: most characters begin no word.
        self._lengths = {first: sorted(found) for first, found in lengths.items()}

    def found(self, line: str) -> Iterator[tuple[int, int, set[int]]]:
        """(start, end, numbers of the lists) of every word in a folded line."""
        for start in range(len(line)):
            if start and _letter(line[start]) and _letter(line[start - 1]):
                continue  # in the middle of a Latin word
            for length in self._lengths.get(line[start], ()):
                end = start + length
                if end > len(line):
                    break
                word = line[start:end]
                if word in self._beginnings:
                    yield start, end, self._beginnings[word]
                ends = end == len(line) or not (_letter(word[-1]) and _letter(line[end]))
                if ends and word in self._whole:
                    yield start, end, self._whole[word]


def _letter(char: str) -> bool:
    return "a" <= char <= "z"


class AngerSigns:
    """Turns lines into rows of signs.

    Raises:
        KeyError: the file lacks ``signs`` or its list ``swearing``.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        lists = data["signs"]
        self.names = (*lists, "infixed")
        self._lists = _WordLists(list(lists.values()))
        self._innocent = _WordLists([data.get("innocent") or []])
        infixes = "".join(map(folded, map(str, data.get("infixes") or [])))
        self._infixed = re.compile(
            rf"(?<={_HAN})[{re.escape(infixes)}](?={_HAN})" if infixes else r"(?!)"
        )
        self._swearing = self.names.index("swearing")
        self._masked = _masked(map(str, lists["swearing"]))
        self._pairs = np.array(list(combinations(range(len(self.names)), 2)))

    def rows(self, raw: Sequence[str], read: Sequence[str]) -> NDArray[np.float32]:
        """Shape (lines, signs): each sign, each two of them together, and marks of the raw line.

        ``read`` are the same lines with one spelling a word, so that a variant counts too.
        """
        signs = np.zeros((len(raw), len(self.names)), dtype=np.float32)
        for row, line, spelt in zip(signs, raw, read, strict=True):
            row[sorted(self._of(line, spelt))] = 1
        pairs = signs[:, self._pairs[:, 0]] * signs[:, self._pairs[:, 1]]
        of_anger = signs[:, :_OF_ANGER].sum(axis=1, keepdims=True)
        totals = [of_anger == 0, np.minimum(of_anger, 3) / 3]
        marks = np.array([_marks(line) for line in raw], dtype=np.float32).reshape(-1, 4)
        return np.hstack([signs, pairs, *totals, marks]).astype(np.float32)

    def _of(self, raw: str, spelt: str) -> set[int]:
        """The numbers of the signs in one line."""
        line = self._without_innocent(folded(raw))
        bare = self._infixed.sub("", line)
        found = {len(self.names) - 1} if bare != line else set()
        for reading in {line, bare, self._without_innocent(folded(spelt))}:
            for _, _, numbers in self._lists.found(reading):
                found |= numbers
        if self._masked.search(line):
            found.add(self._swearing)
        return found

    def _without_innocent(self, line: str) -> str:
        chars = list(line)
        for start, end, _ in self._innocent.found(line):
            chars[start:end] = " " * (end - start)
        return "".join(chars)


def _masked(words: Iterable[str]) -> re.Pattern[str]:
    """Finds Latin swear words of four letters and more with letters hidden or repeated."""
    plain = sorted({w for w in (folded(w).rstrip("*") for w in words) if w.isascii()})
    patterns = [
        word[0] + "+" + "".join(f"(?:{c}+|{_MASK}|{_LOOKS_LIKE.get(c, c)})" for c in word[1:])
        for word in plain
        if word.isalpha() and len(word) >= 4
    ]
    if not patterns:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<![a-z])(?:{'|'.join(patterns)})(?:ing|in|ers?|ed|t?y|s)?(?![a-z])")


def _marks(raw: str) -> list[float]:
    """Exclamation marks, question marks in a row, both mixed, shouting in capitals."""
    letters = [c for c in raw if c.isascii() and c.isalpha()]
    shouting = len(letters) >= 8 and sum(c.isupper() for c in letters) / len(letters) > 0.8
    marks = unicodedata.normalize("NFKC", raw)
    mixed = "?!" in marks or "!?" in marks
    return [min(marks.count("!"), 3) / 3, float("??" in marks), float(mixed), float(shouting)]
