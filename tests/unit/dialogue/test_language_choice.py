"""The language of the conversation sticks, until a line is surely in another or one is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conversations import chosen, policy, said, told
from rasa.shared.core.events import SlotSet
from ruamel.yaml import YAML

from cantodesk.dialogue.language_choice import LanguageChoice, asked_language

ROOT = Path(__file__).parents[3]
CONFIG = next(
    p
    for p in YAML(typ="safe").load((ROOT / "config.yml").read_text(encoding="utf-8"))["policies"]
    if p["name"].endswith("LanguageChoice")
)
NAMES = CONFIG["names"]


@pytest.fixture
def choice(tmp_path: Path) -> LanguageChoice:
    made: LanguageChoice = policy(LanguageChoice, tmp_path, names=NAMES)
    return made


def changes(made: LanguageChoice, *events: Any) -> dict[str, Any]:
    action, found = made.decide(told(*events))
    assert action is None
    return {e.key: e.value for e in found}  # type: ignore[attr-defined]


def line(code: str, confidence: float, intent: str = "greet", text: str = "…") -> Any:
    return said(intent, text, language={"code": code, "confidence": confidence})


def test_a_sure_line_changes_it(choice: LanguageChoice) -> None:
    assert changes(choice, line("en", 0.95))["language"] == "en"


def test_an_unsure_line_keeps_it(choice: LanguageChoice) -> None:
    english = SlotSet("language", "en")
    chosen_flag = SlotSet("language_chosen", False)
    assert changes(choice, english, chosen_flag, line("yue", 0.5)) == {}
    assert changes(choice, english, chosen_flag, line("yue", 0.8)) == {"language": "yue"}


def test_a_language_we_do_not_speak_changes_nothing(choice: LanguageChoice) -> None:
    assert changes(choice, line("fr", 1.0))["language"] == "yue"


def test_a_line_without_a_language_keeps_the_default(choice: LanguageChoice) -> None:
    assert changes(choice, said("greet")) == {"language": "yue", "language_chosen": False}


def test_asking_for_a_language_overrides_how_the_asking_is_written(choice: LanguageChoice) -> None:
    asked = line("yue", 0.99, "switch_language", "可唔可以講英文")
    assert changes(choice, asked) == {"language": "en", "language_chosen": True}


def test_what_was_asked_for_stays_whatever_is_written(choice: LanguageChoice) -> None:
    before = [SlotSet("language", "en"), SlotSet("language_chosen", True)]
    assert changes(choice, *before, line("yue", 0.99)) == {}


def test_it_can_be_asked_for_again(choice: LanguageChoice) -> None:
    before = [SlotSet("language", "en"), SlotSet("language_chosen", True)]
    asked = line("en", 0.99, "switch_language", "Cantonese please")
    assert changes(choice, *before, asked) == {"language": "yue"}


def test_a_wish_for_no_language_we_know_changes_nothing(choice: LanguageChoice) -> None:
    assert changes(choice, line("en", 0.99, "switch_language", "parlez français")) == {}


def test_nothing_said_changes_nothing(choice: LanguageChoice) -> None:
    assert changes(choice) == {}


def test_it_never_chooses_an_action(choice: LanguageChoice) -> None:
    assert chosen(choice, told(line("en", 0.99))) == (None, 0.0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("講英文得唔得", "en"),
        ("Can we speak ENGLISH", "en"),
        ("說普通話", "zh"),
        ("可以讲国语吗", "zh"),
        ("用廣東話", "yue"),
        ("唔好講英文，講返廣東話", "yue"),
        ("not Mandarin, English please", "en"),
        # The name inside the name does not count: 中文 alone is Hong Kong's.
        ("用简体中文回我吧", "zh"),
        ("simplified chinese pls", "zh"),
        ("中文得唔得", "yue"),
        ("hello", None),
    ],
)
def test_the_language_named_last_is_the_one_asked_for(text: str, code: str | None) -> None:
    assert asked_language(text, NAMES) == code
