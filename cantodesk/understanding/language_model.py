"""How likely a character is after the three before it: interpolated Kneser-Ney, kept small.

A line is read as Han characters and, between them, three signs: letters,
figures, and everything else (the ends of the line too). What the letters and
figures say makes no difference, and nothing of it is kept.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

ORDER = 4
EDGE, LATIN, NUMBER, UNKNOWN = "\n", "a", "0", "?"
_SIGNS = (EDGE, LATIN, NUMBER, UNKNOWN)
_RUNS = (
    (re.compile(r"[^\W\d_\u3400-\u9fff]+"), LATIN),
    (re.compile(r"\d+"), NUMBER),
    (re.compile(r"[\W_]+"), EDGE),
)
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+|\d+|[\W_]+")
# Before a line stand as many edges as a context is long, so that its first character has one too.
_BEFORE = "\x01" * (ORDER - 1)
# Ids are packed into one int64, fifteen bits each: up to 32,768 different characters.
_BITS = 15
_CONTEXT = (1 << _BITS * (ORDER - 1)) - 1
_DISCOUNT = 0.75
# Where a context's characters begin and end, what it costs to be none of them, and the arrays they are in.
_Row = tuple[int, int, float, "array[int]", "array[float]"]


@dataclass(frozen=True)
class Token:
    """A Han character, or a sign for a run of anything else; where it stands in the line."""

    char: str
    start: int
    end: int

    @property
    def is_han(self) -> bool:
        return self.char not in _SIGNS


def tokens_of(line: str) -> list[Token]:
    """The tokens of a line, in order and without gaps."""
    return [Token(_signed(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(line)]


def _signed(text: str) -> str:
    for pattern, sign in _RUNS:
        text = pattern.sub(sign, text)
    return text


@dataclass(frozen=True)
class Corpus:
    """Lines, and for how many each of them counts."""

    lines: Sequence[str]
    weight: int = 1


@dataclass(frozen=True)
class _Table:
    """All n-grams of one length: the characters seen after each context.

    ``contexts`` (contexts,), sorted. Those seen after context i are at
    ``starts[i]:starts[i + 1]`` of ``chars`` (sorted) and ``logs``. ``weights``
    (contexts,): added to the log probability after a shorter context when the
    character was not seen after this one.
    """

    contexts: Ints
    starts: NDArray[np.int32]
    weights: Floats
    chars: NDArray[np.uint16]
    logs: Floats


@dataclass(frozen=True, slots=True)
class _Searched:
    """A table as it is searched: bisecting numpy boxes every number it looks at, ``array`` does not."""

    mask: int
    contexts: array[int]
    starts: array[int]
    weights: array[float]
    chars: array[int]
    logs: array[float]

    @classmethod
    def of(cls, table: _Table, length: int) -> _Searched:
        """``length``: characters of its contexts."""
        return cls(
            (1 << _BITS * length) - 1,
            array("q", table.contexts.tobytes()),
            array("i", table.starts.tobytes()),
            array("f", table.weights.tobytes()),
            array("H", table.chars.tobytes()),
            array("f", table.logs.tobytes()),
        )


class LanguageModel:
    """Natural log probabilities of characters in context. Make with :meth:`fit` or :meth:`load`.

    A context is a number: the packed ids of the last three characters.
    """

    # Nothing but the edge of a line.
    start = 0

    def __init__(self, characters: Sequence[str], alone: Floats, tables: Sequence[_Table]) -> None:
        self._characters = tuple(characters)
        self._ids = {char: number for number, char in enumerate(characters)}
        self._unknown = self._ids[UNKNOWN]
        self._alone = alone
        # The longest contexts first.
        self._searched = [_Searched.of(t, n) for n, t in enumerate(tables, start=1)][::-1]
        # A context is asked about many characters in a row.
        self._seen_after = lru_cache(maxsize=4096)(self._find)

    def id_of(self, char: str) -> int:
        """The number of a character; all that were never seen share one."""
        return self._ids.get(char, self._unknown)

    @staticmethod
    def after(context: int, char: int) -> int:
        """The context once a character has followed."""
        return (context << _BITS | char) & _CONTEXT

    def log_probability(self, context: int, char: int) -> float:
        """Of a character's id after a context."""
        total = 0.0
        for start, end, weight, chars, logs in self._seen_after(context):
            at = bisect_left(chars, char, start, end)
            if at < end and chars[at] == char:
                return total + logs[at]
            total += weight
        return total + float(self._alone[char])

    def _find(self, context: int) -> tuple[_Row, ...]:
        """What was seen after a context and after its shorter ends, the longest first."""
        found = []
        for table in self._searched:
            key = context & table.mask
            row = bisect_left(table.contexts, key)
            if row < len(table.contexts) and table.contexts[row] == key:
                start, end = table.starts[row], table.starts[row + 1]
                found.append((start, end, table.weights[row], table.chars, table.logs))
        return tuple(found)

    @classmethod
    def fit(cls, corpora: Sequence[Corpus], fewest: int = 2) -> LanguageModel:
        """Learn from lines. Three and four characters that count for less than ``fewest`` are forgotten.

        Raises:
            ValueError: too many different characters to be packed.
        """
        codes = [_codes(corpus.lines) for corpus in corpora]
        # Padding (1) and edges are one character, whose id is 0.
        han = sorted({int(c) for found in codes for c in np.unique(found)} - {1, *map(ord, _SIGNS)})
        characters = [*_SIGNS, *map(chr, han)]
        if len(characters) > 1 << _BITS:
            raise ValueError(f"more than {1 << _BITS} different characters")
        ids = np.zeros(0x110000, dtype=np.int64)
        ids[[ord(char) for char in characters]] = np.arange(len(characters))
        grams = _counted([_packed(ids[c], c == 1) for c in codes], [c.weight for c in corpora])
        lengths = [grams]
        for length in range(ORDER - 1, 0, -1):
            grams = _shortened(grams, length)
            lengths.insert(0, grams)
        return cls(characters, *_probabilities(lengths, len(characters), fewest))

    def save(self, path: Path) -> None:
        """Write as .npz."""
        arrays = {
            f"{part.name}_{length}": np.array(getattr(table, part.name))
            for length, table in enumerate(reversed(self._searched), start=1)
            for part in fields(_Table)
        }
        characters = np.array(self._characters)
        np.savez_compressed(path, characters=characters, alone=self._alone, **arrays)

    @classmethod
    def load(cls, path: Path) -> LanguageModel:
        """Back from :meth:`save`; refuses anything but plain arrays."""
        with np.load(path, allow_pickle=False) as arrays:
            tables = [
                _Table(*(arrays[f"{part.name}_{length}"] for part in fields(_Table)))
                for length in range(1, ORDER)
            ]
            return cls([str(char) for char in arrays["characters"]], arrays["alone"], tables)


@dataclass(frozen=True)
class _Grams:
    """Different n-grams of one length, packed and sorted.

    ``seen``: how often. ``company``: what probabilities are made of; for the longest
    how often, for shorter ones after how many different characters. ``weights``: for
    how many lines the heaviest line with it counts.
    """

    keys: Ints
    seen: Ints
    company: Ints
    weights: Ints

    def __getitem__(self, kept: NDArray[np.bool_]) -> _Grams:
        return _Grams(*(getattr(self, part.name)[kept] for part in fields(self)))


def _codes(lines: Sequence[str]) -> NDArray[np.uint32]:
    """The lines' tokens as code points, each line between its edges."""
    text = "".join(f"{_BEFORE}{_signed(line)}{EDGE}" for line in lines)
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


def _packed(ids: Ints, is_padding: NDArray[np.bool_]) -> Ints:
    """The n-gram that ends in each character, packed; none ends in the padding."""
    padded = np.concatenate([np.zeros(ORDER - 1, dtype=np.int64), ids])
    packed = np.zeros(len(ids), dtype=np.int64)
    for back in range(ORDER):
        packed |= padded[ORDER - 1 - back : len(padded) - back] << (_BITS * back)
    return packed[~is_padding]


def _counted(keys: Sequence[Ints], weights: Sequence[int]) -> _Grams:
    together, where = np.unique(np.concatenate(keys), return_inverse=True)
    each = np.repeat(np.array(weights, dtype=np.int64), [len(k) for k in keys])
    seen = np.bincount(where, weights=each, minlength=len(together)).astype(np.int64)
    return _Grams(together, seen, seen, _heaviest(where, each, len(together)))


def _shortened(grams: _Grams, length: int) -> _Grams:
    """The n-grams without their first character."""
    keys, where = np.unique(grams.keys & ((1 << _BITS * length) - 1), return_inverse=True)
    seen = np.bincount(where, weights=grams.seen, minlength=len(keys)).astype(np.int64)
    company = np.bincount(where, weights=grams.weights, minlength=len(keys)).astype(np.int64)
    # At the beginning of a line an n-gram has no company but the edge: there its number speaks.
    begins = (keys >> (_BITS * (length - 1)) == 0) & (length > 1)
    heaviest = _heaviest(where, grams.weights, len(keys))
    return _Grams(keys, seen, np.where(begins, seen, company), heaviest)


def _heaviest(where: NDArray[np.intp], each: Ints, length: int) -> Ints:
    heaviest = np.zeros(length, dtype=np.int64)
    np.maximum.at(heaviest, where, each)
    return heaviest


def _probabilities(
    lengths: Sequence[_Grams], characters: int, fewest: int
) -> tuple[Floats, list[_Table]]:
    """Log probabilities of single characters, shape (characters,), and the tables, shortest first."""
    single, total = lengths[0], max(1, int(lengths[0].company.sum()))
    # Every character, seen or not, has its share of what the discount takes.
    shorter = np.full(characters, _DISCOUNT * max(1, single.weights.sum()) / total / characters)
    shorter[single.keys] += (single.company - _DISCOUNT * single.weights) / total
    alone, shorter_keys = np.log(shorter).astype(np.float32), np.arange(characters, dtype=np.int64)
    tables = []
    for length, grams in enumerate(lengths[1:], start=2):
        kept = grams[grams.seen >= fewest] if length > 2 else grams
        contexts, starts = np.unique(kept.keys >> _BITS, return_index=True)
        ends = np.append(starts, len(kept.keys))
        sizes = np.diff(ends)
        of_context = np.repeat(np.arange(len(contexts)), sizes)
        totals = np.bincount(of_context, weights=kept.company, minlength=len(contexts))
        taken = _DISCOUNT * np.bincount(of_context, weights=kept.weights, minlength=len(contexts))
        left = taken / totals
        without_first = kept.keys & ((1 << _BITS * (length - 1)) - 1)
        found = (kept.company - _DISCOUNT * kept.weights) / totals[of_context]
        found += left[of_context] * shorter[np.searchsorted(shorter_keys, without_first)]
        tables.append(
            _Table(
                contexts,
                ends.astype(np.int32),
                np.log(left).astype(np.float32),
                (kept.keys & ((1 << _BITS) - 1)).astype(np.uint16),
                np.log(found).astype(np.float32),
            )
        )
        shorter_keys, shorter = kept.keys, found
    return alone, tables
