"""The benchmark of dictated lines: its lines, and how it counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rasa.shared.core.domain import Domain

from bench.homophones import Dictated, Intents, Repaired, differences, halves_of, intents_of
from cantodesk.understanding.jyutping import Confusions, Ear, read_readings
from cantodesk.understanding.language import training_lines
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.normalisation import NormalisedText

LINES = [line for half in halves_of() for line in half]
MISHEARD = [line for line in LINES if line.heard is not None]


def test_there_are_enough_lines_in_each_half() -> None:
    for half in halves_of():
        assert sum(line.heard is not None for line in half) >= 200
        assert sum(line.heard is None for line in half) >= 30


def test_no_line_is_one_the_model_learns_from() -> None:
    learnt = {line for _, line in training_lines()}
    assert [line.meant for line in LINES if line.meant in learnt] == []


def test_no_line_stands_twice() -> None:
    assert len({line.meant for line in LINES}) == len(LINES)


def test_every_intent_is_one_of_the_domain() -> None:
    intents = set(Domain.load("domain.yml").intents)
    assert {line.intent for line in MISHEARD} <= intents


def test_every_mistake_is_one_of_sound(read: Callable[[str], NormalisedText]) -> None:
    sounds = read_language_file("sounds")
    ear = Ear(read_readings(), Confusions.from_data(sounds))
    phrases = {(h, m) for h, meant in sounds["heard"].items() for m in meant}
    unlike = []
    for line in MISHEARD:
        heard, meant = read(line.heard or "").text, read(line.meant).text
        if len(heard) != len(meant):
            unlike.append(line)
            continue
        pairs = [(h, m) for h, m in zip(heard, meant, strict=True) if h != m]
        is_phrase = ("".join(h for h, _ in pairs), "".join(m for _, m in pairs)) in phrases
        if not is_phrase and any(ear.cost(h, m) is None for h, m in pairs):
            unlike.append(line)
    assert unlike == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("張丹", "張單", {(1, "單")}),
        ("腿課", "退貨", {(0, "退"), (1, "貨")}),
        ("裴锦呀", "賠幾多呀", {(0, "賠幾多")}),
        ("單", "單", set()),
    ],
)
def test_differences_are_counted_by_character(
    before: str, after: str, found: set[tuple[int, str]]
) -> None:
    assert differences(before, after) == found


def test_shares_and_floors() -> None:
    found = Repaired(10, 8, 8, 200, 2, (), ())
    assert (found.precision, found.recall, found.clean_share) == (1.0, 0.8, 0.01)
    assert found.is_good
    assert not Repaired(10, 8, 7, 200, 0, (), ()).is_good
    assert not Repaired(10, 7, 7, 200, 0, (), ()).is_good
    assert not Repaired(10, 8, 8, 200, 3, (), ()).is_good


def test_intents_are_asked_as_meant_as_heard_and_repaired() -> None:
    lines = [Dictated("track_order", "查單", "茶丹"), Dictated("clean", "茶葉", None)]
    asked: list[tuple[str, bool]] = []

    def intent_of(text: str, dictated: bool) -> str | None:
        asked.append((text, dictated))
        return None if (text, dictated) == ("茶丹", False) else "track_order"

    assert intents_of(lines, intent_of) == Intents(1, 1, 0, 1)
    assert sorted(asked) == [("查單", False), ("茶丹", False), ("茶丹", True)]
    assert not Intents(100, 90, 50, 86).is_good
    assert Intents(100, 90, 50, 87).is_good
