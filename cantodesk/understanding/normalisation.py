"""A customer's line as it is read: one spelling, no invisible characters, offsets kept.

Pure functions. The graph component around them is in ``normaliser.py``; the
spellings are the designers' (``data/language/variants.yml``).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
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

_LATIN = re.compile("[A-Za-z]")
_SCRIPTS_MEET = re.compile(f"[{_HAN}] ?[A-Za-z]|[A-Za-z1-6] ?[{_HAN}]")
# Not in an address either: mei.chang@example.com.
_WORD_ENDS = "(?![A-Za-z0-9@_]|[.-][A-Za-z0-9])"
# How far romanised words pass their reading on to doubtful ones beside them.
_ROUNDS = 3
# A tone behind a syllable: m4goi1.
_TONE = "[1-6]?"
# Longer romanised phrases may be written without their spaces; hola is no 好啦.
_SHORT = 5


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
    """Replace each match of ``pattern`` by ``replacement``.

    A dictionary looks the match up, a function reads it.
    """

    pattern: re.Pattern[str]
    replacement: str | Mapping[str, str] | Callable[[re.Match[str]], str]
    # Without this in the line the pattern need not be tried: most lines have no Latin letters.
    needs: re.Pattern[str] | None = None

    def __call__(self, match: re.Match[str]) -> str:
        if isinstance(self.replacement, str):
            return self.replacement
        if callable(self.replacement):
            return self.replacement(match)
        return self.replacement[match.group(0).lower()]


@dataclass(frozen=True)
class Variants:
    """The designers' spellings, compiled. Build with :meth:`from_data`."""

    rewrites: tuple[Rewrite, ...] = field(default_factory=tuple)
    # Of what they were compiled from.
    digest: str = ""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Variants:
        """Compile the content of ``variants.yml``.

        Raises:
            re.error: a context is not a regular expression.
            KeyError: an entry of ``in_context`` lacks ``for`` or ``read``.
        """
        rewrites: list[Rewrite] = []
        rewrites.extend(_romanised(data.get("romanised") or {}, beside_han=False))
        # Several times: in `ngo hai bin` a word has a character beside it once its neighbour is read.
        rewrites.extend(_romanised(data.get("romanised_beside") or {}, beside_han=True) * _ROUNDS)
        always = {str(k).lower(): str(v) for k, v in (data.get("always") or {}).items()}
        if always:
            words = "|".join(_anywhere(w) for w in sorted(always, key=len, reverse=True))
            rewrites.append(Rewrite(re.compile(words, re.IGNORECASE), always))
        rewrites.extend(_in_context(entry) for entry in data.get("in_context") or [])
        # Rules tried in another order read another way, so the order of keys stays.
        content = json.dumps(data, ensure_ascii=False, default=str)
        return cls(tuple(rewrites), hashlib.sha256(content.encode("utf-8", "replace")).hexdigest())


def _romanised(words: Mapping[str, Any], *, beside_han: bool) -> list[Rewrite]:
    """Cantonese in Latin letters: spaces may be missing, and tones may be written."""
    if not words:
        return []
    readings = {_letters(str(word)): str(read) for word, read in words.items()}
    spelt = sorted((str(word).lower().split() for word in words), key=len, reverse=True)
    choice = f"(?:{'|'.join(map(_spelling, spelt))})"
    needs = _LATIN
    if beside_han:
        needs = _SCRIPTS_MEET
        # In small letters only: Yau, Wan and Mo are surnames.
        han = f"[{_HAN}]"
        # The space between the two goes: 我 yiu is 我要.
        choice = f"(?:(?:(?<={han}) |(?<={han})){choice}{_WORD_ENDS}|{choice} ?(?={han}))"
        pattern = rf"(?:(?<={han})|(?<![A-Za-z0-9.@_-])){choice}"
    else:
        pattern = f"(?<![A-Za-z0-9.@_-]){choice}{_WORD_ENDS}"

    def read(match: re.Match[str]) -> str:
        written = match.group()
        return written if _is_name(written) else readings[_letters(written)]

    return [Rewrite(re.compile(pattern, 0 if beside_han else re.IGNORECASE), read, needs)]


def _spelling(syllables: Sequence[str]) -> str:
    solid = len("".join(syllables)) > _SHORT or syllables[0] in ("m", "ng")
    return (" ?" if solid else " ").join(f"{re.escape(s)}{_TONE}" for s in syllables)


def _is_name(written: str) -> bool:
    # Ho Yi and CHAN HO YI are people, NGO is an organisation; a sentence begins with Ngo or M goi.
    syllables = [s for s in re.findall("[A-Za-z]+", written) if len(s) > 1]
    if all(map(str.isupper, syllables)):
        return written.upper()[0] not in "M" or len(syllables) > 1
    return len(syllables) > 1 and all(map(str.istitle, syllables))


def _letters(written: str) -> str:
    return re.sub("[^a-z]", "", written.lower())


def _anywhere(spelling: str) -> str:
    # 0的 is 啲, but the nought of HK$3,200的 belongs to the figure, and the o of hello既 to the word.
    edge = "(?<![A-Za-z0-9])" if spelling[0].isascii() else ""
    return edge + re.escape(spelling)


def _in_context(entry: Mapping[str, str]) -> Rewrite:
    pattern = between_neighbours(re.escape(entry["for"]), entry)
    return Rewrite(re.compile(pattern), entry["read"])


def between_neighbours(pattern: str, entry: Mapping[str, str]) -> str:
    """The pattern only between the neighbours that a designers' entry names."""

    def neighbour(kind: str, key: str) -> str:
        # Python's look-behind wants one width, so `^|[..]` is split into alternatives. Both must be
        # wrong for `not_after`, one must be right for `after`.
        if key not in entry:
            return ""
        parts = [f"(?{kind}{part})" for part in entry[key].split("|")]
        return "".join(parts) if "!" in kind else f"(?:{'|'.join(parts)})"

    return (
        neighbour("<=", "after")
        + neighbour("<!", "not_after")
        + pattern
        + neighbour("!", "not_before")
        + neighbour("=", "before")
    )


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
        if rewrite.needs is None or rewrite.needs.search(line.text):
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
