"""How well entities are found in the development lines, without a trained model.

Exact spans; micro F1 over groups of entities, counted as the evaluation counts them. The
floors stand a little under what is reached; `evaluation/floors.yml` has those of whole models.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from spacy.language import Language

from cantodesk.settings import LANGUAGES
from cantodesk.understanding.normalisation import NormalisedText
from evaluation.entities import GROUPS, found_of
from evaluation.lines import Entity, Line, nlu_lines
from evaluation.parses import Parse

DEVELOPMENT = Path(__file__).parents[2] / "nlu" / "dev"

# Reached on 2026-11-25: 1.000; 0.988; 0.952.
FLOORS = {"entities_ids": 0.99, "entities_values": 0.97, "entities_names": 0.92}


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return [ln for code in LANGUAGES for ln in nlu_lines(DEVELOPMENT / f"nlu.{code}.yml", code)]


@pytest.fixture(scope="module")
def parses(
    lines: list[Line], pipeline: Language, read: Callable[[str], NormalisedText]
) -> dict[str, Parse]:
    """What the entity pipeline alone finds in each line."""
    found = {}
    for line in lines:
        as_read = read(line.text)
        entities = tuple(
            Entity(*as_read.raw_span(e.start_char, e.end_char), e.label_)
            for e in pipeline(as_read.text).ents
        )
        found[line.text] = Parse(intent="", ranking=(), entities=entities)
    return found


def test_the_development_set_is_there(lines: list[Line]) -> None:
    assert sum(len(line.entities) for line in lines) > 280


@pytest.mark.parametrize("group", GROUPS)
def test_enough_entities_are_found(lines: list[Line], parses: dict[str, Parse], group: str) -> None:
    reached = found_of(lines, parses, GROUPS[group]).f1
    assert reached is not None
    assert reached >= FLOORS[group]
