"""Language: where it can be told, is it the file's?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from evaluation.lines import Line
from evaluation.parses import Parse
from evaluation.shares import Share


def decidable(lines: Iterable[Line], neutral: AbstractSet[str]) -> list[Line]:
    """Lines that are not in the list of those that could be Cantonese or Mandarin."""
    return [line for line in lines if line.text not in neutral]


def told(lines: Iterable[Line], parses: Mapping[str, Parse]) -> Share:
    """Lines whose language is right."""
    return Share.of(parses[line.text].language == line.language for line in lines)


def mistaken(lines: Iterable[Line], parses: Mapping[str, Parse]) -> list[tuple[Line, str]]:
    """Lines taken for another language, and for which."""
    return [
        (line, parses[line.text].language)
        for line in lines
        if parses[line.text].language != line.language
    ]
