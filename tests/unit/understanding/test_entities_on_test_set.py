"""How well entities are found in lines nobody has tuned a list for: the NLU test set.

Exact spans; micro F1 over groups of entities. The floors stand a little under what is
reached; ways to pay and last digits are not annotated in the test set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from spacy.language import Language

from cantodesk.understanding.normalisation import NormalisedText

TESTS = Path(__file__).parents[2] / "nlu"
_ANNOTATION = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<entity>[^)]*)\)")
Span = tuple[int, int, str]

# Reached on 2026-11-25: 1.000; 0.988; 0.952.
GROUPS = {
    "ids, phones, e-mails": (("order_id", "ticket_id", "phone", "email"), 0.99),
    "amounts, days, times": (("amount", "date", "time"), 0.97),
    "goods and districts": (("product", "district"), 0.92),
}


def annotated(line: str) -> tuple[str, set[Span]]:
    """The plain line, and the spans annotated in it."""
    text, spans, done = "", set(), 0
    for match in _ANNOTATION.finditer(line):
        text += line[done : match.start()]
        spans.add((len(text), len(text) + len(match["text"]), match["entity"]))
        text += match["text"]
        done = match.end()
    return text + line[done:], spans


def lines() -> Iterator[str]:
    for path in sorted(TESTS.glob("test.*.yml")):
        for block in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
            yield from (ln[2:] for ln in block["examples"].splitlines() if ln.startswith("- "))


@pytest.fixture(scope="module")
def results(
    pipeline: Language, read: Callable[[str], NormalisedText]
) -> list[tuple[set[Span], set[Span]]]:
    """(annotated, found) of each line."""
    pairs = []
    for line in lines():
        raw, wanted = annotated(line)
        as_read = read(raw)
        found = {
            (*as_read.raw_span(e.start_char, e.end_char), e.label_)
            for e in pipeline(as_read.text).ents
        }
        pairs.append((wanted, found))
    return pairs


def f1(results: list[tuple[set[Any], set[Any]]], names: tuple[str, ...]) -> float:
    right = wanted = found = 0
    for gold, got in results:
        ours = {s for s in got if s[2] in names}
        theirs = {s for s in gold if s[2] in names}
        right, wanted, found = right + len(ours & theirs), wanted + len(theirs), found + len(ours)
    return 2 * right / (wanted + found)


def test_the_test_set_is_there(results: list[tuple[set[Span], set[Span]]]) -> None:
    assert sum(len(gold) for gold, _ in results) > 280


@pytest.mark.parametrize("group", GROUPS)
def test_enough_entities_are_found(results: list[tuple[set[Span], set[Span]]], group: str) -> None:
    names, floor = GROUPS[group]
    assert f1(results, names) >= floor
