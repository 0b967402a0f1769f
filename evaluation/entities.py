"""Entities: the same span and the same name, in groups whose targets differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from evaluation.lines import Entity, Line
from evaluation.parses import Parse
from evaluation.shares import NOTHING, Found, Share

# Ways to pay and last digits are not marked in the test lines, so they are not counted.
GROUPS: dict[str, tuple[str, ...]] = {
    "entities_ids": ("order_id", "ticket_id", "phone", "email"),
    "entities_values": ("amount", "date", "time"),
    "entities_names": ("product", "district"),
}
COUNTED = tuple(name for names in GROUPS.values() for name in names)
_PLAIN = re.compile(r"[\x21-\x7e ]+")
_PHONE_DIGITS = 8

Span = tuple[int, int, str]


def spans(entities: Iterable[Entity], names: Sequence[str]) -> set[Span]:
    """The spans of some entities."""
    return {(e.start, e.end, e.name) for e in entities if e.name in names}


def found_of(lines: Iterable[Line], parses: Mapping[str, Parse], names: Sequence[str]) -> Found:
    """What was found of some entities, exact to the character."""
    total = NOTHING
    for line in lines:
        wanted = spans(line.entities, names)
        got = spans(parses[line.text].entities, names)
        total += Found(len(wanted & got), len(got), len(wanted))
    return total


def by_group(lines: Sequence[Line], parses: Mapping[str, Parse]) -> dict[str, Found]:
    """Micro precision, recall and F1 of each group."""
    return {group: found_of(lines, parses, names) for group, names in GROUPS.items()}


def by_entity(lines: Sequence[Line], parses: Mapping[str, Parse]) -> dict[str, Found]:
    """The same of each entity."""
    return {name: found_of(lines, parses, (name,)) for name in COUNTED}


def id_values(lines: Iterable[Line], parses: Mapping[str, Parse]) -> Share:
    """Of the ids found, those whose value is the one a service can look up.

    Only ids written in plain letters and digits: of 九一二三 the value is a matter of reading.
    """
    verdicts = []
    for line in lines:
        wanted = {(e.start, e.end, e.name): e for e in line.entities}
        for got in parses[line.text].entities:
            meant = wanted.get((got.start, got.end, got.name))
            if got.name not in GROUPS["entities_ids"] or meant is None:
                continue
            text = meant.value or line.text[meant.start : meant.end]
            if _PLAIN.fullmatch(text):
                verdicts.append(bare(got.value, got.name) == bare(text, got.name))
    return Share.of(verdicts)


def bare(value: str, name: str) -> str:
    """The digits of an id, which customers write with and without HK or T; no country of a telephone."""
    if name == "email":
        return value.strip().lower()
    digits = re.sub(r"\D", "", value)
    return digits[-_PHONE_DIGITS:] if name == "phone" else digits


def wrong_lines(lines: Iterable[Line], parses: Mapping[str, Parse]) -> list[Line]:
    """Lines with an entity too many, too few, or of other bounds."""
    return [
        line
        for line in lines
        if spans(line.entities, COUNTED) != spans(parses[line.text].entities, COUNTED)
    ]
