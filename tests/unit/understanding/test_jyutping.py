"""How characters sound, and which sounds are taken for each other."""

from __future__ import annotations

from typing import Any

import pytest

from cantodesk.understanding.jyutping import Confusions, Ear, Sound, read_readings, sound_of
from cantodesk.understanding.language_files import read_language_file

READINGS = read_readings()


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear(READINGS, Confusions.from_data(read_language_file("sounds")))


@pytest.mark.parametrize(
    ("jyutping", "sound"),
    [
        ("gwong2", Sound("gw", "o", "ng", "2")),
        ("jau4", Sound("j", "a", "u", "4")),
        ("aa3", Sound("", "aa", "", "3")),
        ("m4", Sound("", "m", "", "4")),
        ("ng5", Sound("", "ng", "", "5")),
    ],
)
def test_a_syllable_has_four_parts(jyutping: str, sound: Sound) -> None:
    assert sound_of(jyutping) == sound


@pytest.mark.parametrize(
    ("char", "sounds"),
    [
        ("行", {"hong4", "haang4", "hang4"}),
        ("重", {"zung6", "cung5"}),
        ("長", {"coeng4", "zoeng2"}),
        ("聽", {"teng1", "ting3"}),
    ],
)
def test_a_character_has_all_its_readings(char: str, sounds: set[str]) -> None:
    assert sounds <= set(READINGS[char])


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("丹", "單"),  # the same sound
        ("腿", "退"),  # tone
        ("李", "你"),  # n and l
        ("岸", "安"),  # ng and nothing, tone
        ("港", "廣"),  # g and gw
        ("抗", "礦"),  # k and kw
        ("克", "客"),  # long and short a, tone
        ("斤", "金"),  # n and m
        ("山", "生"),  # n and ng
        ("筆", "北"),  # t and k
        ("失", "濕"),  # t and p
        ("形", "型"),
    ],
)
def test_each_kind_of_confusion_has_a_cost(ear: Ear, heard: str, meant: str) -> None:
    assert ear.cost(heard, meant) is not None
    assert set(ear.families(heard)) & set(ear.families(meant))


@pytest.mark.parametrize(
    ("heard", "meant"), [("付", "覆"), ("貓", "單"), ("貨", "龘"), ("a", "我")]
)
def test_what_sounds_different_has_none(ear: Ear, heard: str, meant: str) -> None:
    assert ear.cost(heard, meant) is None


def test_a_nearer_sound_costs_less(ear: Ear) -> None:
    same, tone, lazy = (ear.cost(a, b) for a, b in (("丹", "單"), ("腿", "退"), ("斤", "心")))
    assert same == 0.0
    assert tone is not None
    assert tone > same
    assert lazy is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({}, "costs: same"),
        ({"costs": {"same": 0, "tone": -1, "most": 2}}, "costs: tone"),
        ({"costs": {"same": 0, "tone": True, "most": 2}}, "costs: tone"),
        ({"costs": {"same": 0, "tone": 1, "most": 2}, "initials": [["n", "l"]]}, "initials"),
        ({"costs": {"same": 0, "tone": 1, "most": 2}, "codas": [{"sounds": ["n", "n"]}]}, "codas"),
        ({"costs": {"same": 0, "tone": 1, "most": 2}, "vowels": [{"sounds": ["a", "e"]}]}, "cost"),
    ],
)
def test_a_mistake_in_the_file_is_named(data: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=rf"sounds\.yml.*{why}"):
        Confusions.from_data(data)
