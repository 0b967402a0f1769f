"""Policy: the language of the conversation, which sticks."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from cantodesk.dialogue.policy import DecidedPolicy
from cantodesk.settings import DEFAULT_LANGUAGE, LANGUAGES

LANGUAGE = "language"
# True once the customer asked for a language: from then on only asking changes it.
LANGUAGE_CHOSEN = "language_chosen"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class LanguageChoice(DecidedPolicy):
    """Keeps the slot ``language``; never chooses an action.

    A line changes the language when it is surely (``confidence``) in another one.
    ``switch_language`` overrides that for the rest of the conversation; ``names``
    says how each language is asked for, the first name found in the line wins.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": 1, "confidence": 0.8, "intent": "switch_language", "names": {}}

    def decide(self, tracker: DialogueStateTracker) -> tuple[str | None, list[Event]]:
        line = tracker.latest_message
        if line is None or line.text is None:
            return None, []
        current = tracker.get_slot(LANGUAGE) or DEFAULT_LANGUAGE
        chosen = bool(tracker.get_slot(LANGUAGE_CHOSEN))
        parse = line.parse_data or {}
        if (parse.get("intent") or {}).get("name") == self.config["intent"]:
            asked = asked_language(line.text, self.config["names"])
            if asked is None:
                return None, []
            return None, _changes(tracker, asked, True)
        if not chosen:
            detected = parse.get(LANGUAGE) or {}
            current = next_language(current, line.text, detected, self.config["confidence"])
        return None, _changes(tracker, current, chosen)


def next_language(current: str, text: str, detected: dict[str, Any], confidence: float) -> str:
    """The language after a line: another one only if the line is surely in it.

    A Chinese line that both Chinese languages would write so (查訂單) tells nothing to
    them, but to an English conversation it does.
    """
    code = detected.get("code")
    if code not in LANGUAGES:
        return current
    if detected.get("confidence", 0.0) >= confidence:
        return str(code)
    han, latin = len(re.findall("[\u3400-\u9fff]", text)), len(re.findall("[A-Za-z]", text))
    return str(code) if current == "en" and code != "en" and 3 * han > latin else current


def _changes(tracker: DialogueStateTracker, language: str, chosen: bool) -> list[Event]:
    wanted = {LANGUAGE: language, LANGUAGE_CHOSEN: chosen}
    return [SlotSet(k, v) for k, v in wanted.items() if tracker.get_slot(k) != v]


def asked_language(text: str, names: dict[str, list[str]]) -> str | None:
    """The language a line asks for: the one named last, by its longest name.

    「唔好講英文，講返廣東話」 asks for Cantonese, 「用简体中文」 for 简体中文 and not for 中文.
    """
    lowered = text.lower()
    found = [
        (lowered.rfind(name.lower()) + len(name), len(name), code)
        for code, spellings in names.items()
        for name in spellings
        if name.lower() in lowered
    ]
    return max(found)[2] if found else None
