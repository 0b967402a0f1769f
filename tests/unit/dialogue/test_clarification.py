"""Which intents a question back may name, and what its buttons send."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cantodesk.dialogue.clarification import (
    CLARIFICATION,
    Answer,
    answer_in,
    answers,
    candidates,
    meant_line,
    payload,
    read_payload,
)
from cantodesk.dialogue.intent_titles import IntentTitles, Limits, intent_titles

TITLES = IntentTitles({name: {"yue": name, "en": f"do {name}"} for name in ("a", "b", "c")})


def parse(*ranking: tuple[str, float]) -> dict[str, Any]:
    return {"intent_ranking": [{"name": n, "confidence": c} for n, c in ranking]}


@pytest.mark.parametrize(
    ("ranking", "named"),
    [
        ([("nlu_fallback", 0.9), ("a", 0.45), ("b", 0.15)], ("a", "b")),
        ([("nlu_fallback", 0.9), ("b", 0.3), ("a", 0.45)], ("a", "b")),
        # Not likely enough together, and the second too near to ask about the first alone.
        ([("a", 0.4), ("b", 0.19)], ()),
        ([("a", 0.4), ("b", 0.14)], ("a",)),
        ([("a", 0.25), ("b", 0.14)], ("a",)),
        ([("a", 0.24), ("b", 0.14)], ()),
        ([("a", 0.9)], ("a",)),
        ([("out_of_scope", 0.5), ("a", 0.3), ("b", 0.2)], ("a",)),
        ([("a", 0.5), ("out_of_scope", 0.3), ("b", 0.2)], ("a",)),
        ([("out_of_scope", 0.8), ("a", 0.2)], ()),
        ([("out_of_scope", 1.0)], ()),
        ([("affirm", 0.5), ("a", 0.4)], ()),
        ([("a", 0.5), ("affirm", 0.4)], ()),
        ([("nlu_fallback", 1.0)], ()),
        ([], ()),
    ],
)
def test_candidates(ranking: list[tuple[str, float]], named: tuple[str, ...]) -> None:
    assert candidates(parse(*ranking), TITLES) == named


def test_the_limits_are_the_designers() -> None:
    eager = IntentTitles(TITLES.titles, Limits(together=0.3, second=0.1, alone=0.2))
    assert candidates(parse(("a", 0.2), ("b", 0.1)), eager) == ("a", "b")
    assert candidates(parse(("a", 0.2), ("b", 0.09)), eager) == ("a",)


def test_a_parse_without_a_ranking_names_nothing() -> None:
    assert candidates({}, TITLES) == ()
    assert candidates({"intent_ranking": None}, TITLES) == ()


@pytest.mark.parametrize(
    ("entities", "sent"),
    [
        ([], "/a"),
        ([("order_id", "HK20261234")], '/a{"order_id": "HK20261234"}'),
        ([("product", "甲"), ("product", "乙")], '/a{"product": "甲"}'),
        ([("product", 'a "{b}" \\ c')], '/a{"product": "a \\"{b}\\" \\\\ c"}'),
        ([("product", "長" * 61), ("amount", "")], "/a"),
    ],
)
def test_a_button_sends_what_the_line_told(entities: list[tuple[str, str]], sent: str) -> None:
    assert payload("a", [{"entity": kind, "value": value} for kind, value in entities]) == sent


def test_a_button_can_be_read_again() -> None:
    told = [{"entity": "product", "value": 'a "{b}" \\ c'}, {"entity": "phone", "value": "5678"}]
    assert read_payload(payload("a", told)) == ("a", told)
    assert read_payload("/nlu_fallback") == ("nlu_fallback", [])


@pytest.mark.parametrize(
    ("answer", "settled", "line"),
    [
        (Answer.CHOSEN, True, "退款"),
        (Answer.DECLINED, True, None),
        (Answer.UNCLEAR, False, "退款"),
    ],
)
def test_what_a_line_says_of_the_one_before(
    answer: Answer, settled: bool, line: str | None
) -> None:
    told = {CLARIFICATION: {"line": "退款", "answer": answer.value}}
    assert (answer_in(told), answers(told), meant_line(told)) == (answer, settled, line)


def test_a_line_of_its_own_says_nothing_of_another() -> None:
    assert (answer_in({}), answers({}), meant_line({})) == (None, False, None)


def test_titles_have_a_capital_on_a_button_only() -> None:
    assert TITLES.of("a", "en") == "do a"
    assert TITLES.on_button("a", "en") == "Do a"
    assert TITLES.of("a", "zh") == "a"  # the default language stands in
    assert TITLES.every("z") == ()


def test_the_projects_own_file_knows_every_intent() -> None:
    domain = YAML(typ="safe").load(Path("domain.yml"))
    titles = intent_titles()
    offered = [intent for intent in domain["intents"] if intent in titles]
    assert len(offered) == len(titles.titles) > 40
    assert {"affirm", "deny", "inform", "thank", "greet", "out_of_scope"}.isdisjoint(offered)
