"""What a tagger of names sees of a line: its pieces, and what stands in and around each.

Pure. A piece is a Han character, a Latin word, a number or a mark: names are cut
into words wrongly exactly where they are new (麻雀|枱), so they are read by the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cantodesk.understanding.segmentation import Segmenter
from cantodesk.understanding.written import simplified

# Words without the lists: a listed name must not be cut better than one that is in none.
_WORDS = Segmenter()
_PIECE = re.compile(r"[\u3400-\u9fff]|[A-Za-z\u00c0-\u024f]+|\d+|\S")
# A line has no more for a tagger than this many pieces.
LONGEST = 1000


class Piece(NamedTuple):
    """One piece and its span in the line."""

    start: int
    end: int
    text: str


class Mark(NamedTuple):
    """A span of the line that is a name of that kind."""

    start: int
    end: int
    entity: str


@dataclass(frozen=True)
class NamedLine:
    """A normalised line cut into pieces; ``folded`` has them in one script and case.

    ``words`` are the words of it that may have a meaning of their own, as (first piece,
    piece after the last, word).
    """

    pieces: tuple[Piece, ...]
    folded: tuple[str, ...]
    words: tuple[tuple[int, int, str], ...]


def cut(text: str) -> NamedLine:
    """Cut a normalised line."""
    found = []
    for match in _PIECE.finditer(text):
        found.append(Piece(match.start(), match.end(), match.group()))
        if len(found) == LONGEST:
            break
    pieces = tuple(found)
    return NamedLine(pieces, tuple(_folded(p.text) for p in pieces), tuple(_words(text, pieces)))


@lru_cache(maxsize=16384)
def _folded(piece: str) -> str:
    if piece.isdecimal():
        return "9" * min(len(piece), 4)
    return piece.lower() if piece[0] < "\u3400" else _one_script(piece)


@lru_cache(maxsize=16384)
def _one_script(word: str) -> str:
    # Character by character: a phrase could come out longer than it went in.
    return "".join(simplified(char)[:1] for char in word)


def _words(text: str, pieces: Sequence[Piece]) -> Iterable[tuple[int, int, str]]:
    at = {piece.start: number for number, piece in enumerate(pieces)}
    until = pieces[-1].end if pieces else 0
    for number, piece in enumerate(pieces):
        if piece.text[0].isalpha() and piece.text[0] < "\u3400":
            yield number, number + 1, piece.text.lower()
    for word in _WORDS(text[:until]):
        if word.start in at and "\u3400" <= word.text[0] <= "\u9fff":
            first = at[word.start]
            yield first, first + len(word.text), _one_script(word.text)


def features(
    line: NamedLine,
    listed: Iterable[Mark],
    meanings: Mapping[str, str],
    intent: str | None = None,
) -> list[list[str]]:
    """For each piece what a tagger may learn from.

    ``listed``: names of the designers' lists in the line. ``meanings``: of a word, how
    much it looks like a name (``word_meaning.py``). ``intent``: what the line is about, if known.
    """
    rows = [_around(line.folded, place) for place in range(len(line.pieces))]
    for place, piece in enumerate(line.pieces):
        if piece.text[0].isalpha() and piece.text[0] < "\u3400":
            rows[place] += _letters(piece.text, line.folded[place], place)
    _add_words(rows, line, meanings)
    _add_lists(rows, line.pieces, listed, intent)
    return rows


# Features that tell which piece it is; the others tell where it stands.
_OF_THE_PIECE = ("c=", "pc=", "cn=", "pcn=", "w=", "s2=", "s3=", "p3=")


def _around(folded: Sequence[str], place: int) -> list[str]:
    p2, p1, c, n1, n2 = (
        folded[i] if 0 <= i < len(folded) else "^" if i < 0 else "$"
        for i in range(place - 2, place + 3)
    )
    return [
        f"c={c}", f"p1={p1}", f"n1={n1}", f"p2={p2}", f"n2={n2}",
        f"pc={p1} {c}", f"cn={c} {n1}", f"pp={p2} {p1}", f"nn={n1} {n2}", f"pn={p1} {n1}",
        f"pcn={p1} {c} {n1}",
    ]  # fmt: skip


def without_the_piece(row: list[str]) -> list[str]:
    """The features of a piece that do not tell which piece it is."""
    return [feature for feature in row if not feature.startswith(_OF_THE_PIECE)]


def _letters(text: str, folded: str, place: int) -> list[str]:
    found = ["latin", f"s2={folded[-2:]}", f"s3={folded[-3:]}", f"p3={folded[:3]}"]
    if text[0].isupper():
        found.append("capital" if place else "first capital")
    return found


def _add_words(rows: list[list[str]], line: NamedLine, meanings: Mapping[str, str]) -> None:
    means = ["-"] * (len(rows) + 2)
    for first, after, word in line.words:
        for place in range(first, after):
            part = "S" if after - first == 1 else "B" if place == first else "E" if place == after - 1 else "M"  # fmt: skip
            rows[place] += [f"part={part}", f"w={word}{part}"]
            means[place + 1] = meanings.get(word, "-")
    for place, row in enumerate(rows):
        before, here, after_it = means[place : place + 3]
        row += [f"m={here}", f"mp={before}", f"mn={after_it}", f"mpc={before} {here}", f"mcn={here} {after_it}"]  # fmt: skip


def _add_lists(
    rows: list[list[str]], pieces: Sequence[Piece], listed: Iterable[Mark], intent: str | None
) -> None:
    tags = ["O", *tags_of(pieces, listed), "O"]
    for place, row in enumerate(rows):
        around = tags[place : place + 3]
        if intent:
            # The neighbour's washing machine is a nuisance and no goods.
            row += [f"i={intent}", f"il={intent} {around[1]}"]
        if around != ["O", "O", "O"]:
            row += [f"l={around[1]}", f"lp={around[0]}", f"ln={around[2]}", f"lll={' '.join(around)}"]  # fmt: skip


def tags_of(pieces: Sequence[Piece], marks: Iterable[Mark]) -> list[str]:
    """Of each piece whether a name begins in it (B-), goes on (I-) or is not there (O)."""
    tags = ["O"] * len(pieces)
    for mark in marks:
        inside = [i for i, p in enumerate(pieces) if p.start < mark.end and mark.start < p.end]
        for place in inside:
            tags[place] = ("B-" if place == inside[0] else "I-") + mark.entity
    return tags


def marks_of(pieces: Sequence[Piece], tags: Sequence[str]) -> list[tuple[Mark, int, int]]:
    """Back from tags: each name with its first piece and the piece after its last."""
    found: list[tuple[Mark, int, int]] = []
    for place, tag in enumerate(tags):
        if tag == "O":
            continue
        entity = tag[2:]
        if tag[0] == "I" and found and found[-1][2] == place and found[-1][0].entity == entity:
            mark, first, _ = found.pop()
            found.append((Mark(mark.start, pieces[place].end, entity), first, place + 1))
        else:
            found.append((Mark(pieces[place].start, pieces[place].end, entity), place, place + 1))
    return found
