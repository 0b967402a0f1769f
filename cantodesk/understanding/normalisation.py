"""A customer's line as it is read: one spelling, no invisible characters, offsets kept.

Pure functions. The graph component around them is in ``normaliser.py``; the
spellings are the designers' (``data/language/variants.yml``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Zero-width marks, the soft hyphen, bidirectional overrides and isolates, variation selectors:
# nothing a reader sees, everything a filter stumbles over.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
# 唔該晒晒晒, laaaaa, !!!!!: one or two are as good as ten. Digits are never touched.
_REPEATED = re.compile(rf"([{_HAN}])\1{{2,}}|([A-Za-z])\2{{2,}}|([^\w\s])\3{{1,}}")


@dataclass(frozen=True)
class NormalisedText:
    """A line as read, and for each of its characters the span of the raw line it came from.

    ``starts[i]`` and ``ends[i]`` are offsets into the raw line; both lists are as
    long as ``text``.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw line's span behind ``text[start:end]`` (``start < end``)."""
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True)
class Rewrite:
    """Replace each match of ``pattern`` by ``replacement``; a dictionary looks the match up."""

    pattern: re.Pattern[str]
    replacement: str | Mapping[str, str]

    def __call__(self, match: re.Match[str]) -> str:
        if isinstance(self.replacement, str):
            return self.replacement
        return self.replacement[match.group(0).lower()]


@dataclass(frozen=True)
class Variants:
    """The designers' spellings, compiled. Build with :meth:`from_data`."""

    rewrites: tuple[Rewrite, ...] = field(default_factory=tuple)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Variants:
        """Compile the content of ``variants.yml``.

        Raises:
            re.error: a context is not a regular expression.
            KeyError: an entry of ``in_context`` lacks ``for`` or ``read``.
        """
        rewrites: list[Rewrite] = []
        romanised = {str(k).lower(): str(v) for k, v in (data.get("romanised") or {}).items()}
        if romanised:
            words = "|".join(re.escape(w) for w in sorted(romanised, key=len, reverse=True))
            pattern = re.compile(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z0-9])", re.IGNORECASE)
            rewrites.append(Rewrite(pattern, romanised))
        always = {str(k).lower(): str(v) for k, v in (data.get("always") or {}).items()}
        if always:
            words = "|".join(_anywhere(w) for w in sorted(always, key=len, reverse=True))
            rewrites.append(Rewrite(re.compile(words, re.IGNORECASE), always))
        rewrites.extend(_in_context(entry) for entry in data.get("in_context") or [])
        return cls(tuple(rewrites))


def _anywhere(spelling: str) -> str:
    # 0的 is 啲, but the nought of HK$3,200的 belongs to the figure, and the o of hello既 to the word.
    edge = "(?<![A-Za-z0-9])" if spelling[0].isascii() else ""
    return edge + re.escape(spelling)


def _in_context(entry: Mapping[str, str]) -> Rewrite:
    def neighbour(kind: str, key: str) -> str:
        # Python's look-behind wants one width, so `^|[..]` is split into alternatives.
        if key not in entry:
            return ""
        parts = [f"(?{kind}{part})" for part in entry[key].split("|")]
        return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"

    pattern = (
        neighbour("<=", "after")
        + neighbour("<!", "not_after")
        + re.escape(entry["for"])
        + neighbour("!", "not_before")
        + neighbour("=", "before")
    )
    return Rewrite(re.compile(pattern), entry["read"])


def normalise(raw: str, variants: Variants | None = None) -> NormalisedText:
    """Read a raw line: NFKC, nothing invisible, repeats shortened, one spelling a word."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for position, char in enumerate(raw):
        if _INVISIBLE.match(char):
            continue
        folded = " " if _CONTROL.match(char) else unicodedata.normalize("NFKC", char)
        for piece in folded:
            chars.append(piece)
            starts.append(position)
            ends.append(position + 1)
    line = NormalisedText("".join(chars), tuple(starts), tuple(ends))
    line = _apply(line, Rewrite(_REPEATED, ""), _shortened)
    for rewrite in variants.rewrites if variants else ():
        line = _apply(line, rewrite, rewrite)
    return line


def _shortened(match: re.Match[str]) -> str:
    han, letter, mark = match.groups()
    return han or mark or letter * 2


def _apply(line: NormalisedText, rewrite: Rewrite, replace: Any) -> NormalisedText:
    """One rewriting over a line; every character of a replacement stands for the whole match."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in rewrite.pattern.finditer(line.text):
        if match.start() == match.end():
            continue
        new = replace(match)
        _copy(line, done, match.start(), pieces, starts, ends)
        start, end = line.raw_span(match.start(), match.end())
        pieces.append(new)
        starts.extend([start] * len(new))
        ends.extend([end] * len(new))
        done = match.end()
    if not done:
        return line
    _copy(line, done, len(line.text), pieces, starts, ends)
    return NormalisedText("".join(pieces), tuple(starts), tuple(ends))


def _copy(
    line: NormalisedText,
    start: int,
    end: int,
    pieces: list[str],
    starts: list[int],
    ends: list[int],
) -> None:
    pieces.append(line.text[start:end])
    starts.extend(line.starts[start:end])
    ends.extend(line.ends[start:end])


def plain(lines: Sequence[str], variants: Variants | None = None) -> list[str]:
    """Only the texts of :func:`normalise`, for places that need no offsets."""
    return [normalise(line, variants).text for line in lines]
