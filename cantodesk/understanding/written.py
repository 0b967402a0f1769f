"""Cantonese read word by word as written Chinese, for encoders that have seen little Cantonese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from opencc import OpenCC

from cantodesk.understanding.normalisation import between_neighbours
from cantodesk.understanding.signs import is_cantonese

_HAN = re.compile("[\u3400-\u9fff]")
# check 下 is written as often as check下.
_BESIDE_LATIN = re.compile("(?<=[a-z]) (?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff]) (?=[a-z])")


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in Simplified script, character by character where OpenCC has no phrase."""
    return str(_to_simplified().convert(text))


@lru_cache(maxsize=1)
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


# Old characters that Big5 has too, and that nobody in Hong Kong types: 手机, 价钱, 几天.
_SIMPLIFIED_TOO = frozenset("价网优据种荐赶听异与机几")
# Hong Kong's own shapes, which OpenCC takes for Simplified ones of 嚇, 恆 and 搵.
_HONG_KONG = frozenset("吓恒揾")


@lru_cache(maxsize=4096)
def _only_simplified(char: str) -> bool:
    if char in _SIMPLIFIED_TOO:
        return True
    if char in _HONG_KONG:
        return False
    try:
        char.encode("big5")
    except UnicodeEncodeError:
        return str(_to_traditional().convert(char)) != char
    # 床, 卷 and 里 have another Traditional form too, but Hong Kong writes them every day.
    return False


def has_simplified(text: str) -> bool:
    """Whether a character stands in it that only Simplified script has: 们, 这, 单."""
    text = text.replace("茶几", "")  # a tea table in both scripts
    return any(_only_simplified(char) for char in text if "\u3400" <= char <= "\u9fff")


@dataclass(frozen=True)
class _Reading:
    """One way to read a word: ``pattern`` with its neighbours, ``read`` in written Chinese."""

    pattern: str
    read: str


class WrittenChinese:
    """Rewrites a normalised line with the designers' pairs.

    The longest word wins; of the readings of one word the first whose neighbours are
    there. A word none of whose readings fits is read as the shorter words in it.

    Raises:
        re.error: a neighbour is not a regular expression.
        KeyError: a reading lacks ``read``.
    """

    def __init__(self, pairs: Mapping[str, Any]) -> None:
        readings: dict[str, list[_Reading]] = {}
        for word in sorted(map(str, pairs), key=len, reverse=True):
            spelt = simplified(word.lower())
            readings.setdefault(spelt[0], []).extend(_readings(spelt, pairs[word]))
        # By first character: one look-up a character and a short pattern, instead of one long pattern.
        self._by_first = {first: _Choice.of(found) for first, found in readings.items()}

    def __call__(self, text: str) -> str:
        """One line, lower case, Simplified script."""
        lowered = text.lower()
        if not _HAN.search(lowered):
            return lowered  # an English line has nothing to rewrite
        line = _BESIDE_LATIN.sub("", simplified(lowered))
        if has_simplified(lowered) and not is_cantonese(lowered):
            return line  # Mandarin is written Chinese already
        pieces, at = [], 0
        while at < len(line):
            choice = self._by_first.get(line[at])
            match = choice.pattern.match(line, at) if choice else None
            if choice and match and match.lastgroup:
                pieces.append(choice.reads[match.lastgroup])
                at = match.end()
            else:
                pieces.append(line[at])
                at += 1
        return "".join(pieces)


@dataclass(frozen=True)
class _Choice:
    """All readings of the words that begin with one character."""

    pattern: re.Pattern[str]
    reads: Mapping[str, str]

    @classmethod
    def of(cls, readings: Sequence[_Reading]) -> _Choice:
        named = {f"r{i}": reading for i, reading in enumerate(readings)}
        pattern = "|".join(f"(?P<{name}>{r.pattern})" for name, r in named.items())
        return cls(re.compile(pattern), {name: r.read for name, r in named.items()})


def _readings(word: str, content: Any) -> Iterator[_Reading]:
    listed = content if isinstance(content, list) else [content]
    for entry in listed:
        # Latin words only whole: `order` inside `border` is no order.
        pattern = re.escape(word)
        pattern = f"(?<![a-z]){pattern}" if word[0].isascii() else pattern
        pattern = f"{pattern}(?![a-z])" if word[-1].isascii() else pattern
        if isinstance(entry, Mapping):
            here = {key: simplified(str(value)) for key, value in entry.items()}
            pattern = between_neighbours(pattern, here)
            yield _Reading(pattern, here["read"])
        else:
            yield _Reading(pattern, simplified(str(entry)))
