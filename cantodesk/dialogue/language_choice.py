"""Policy: the language of the conversation, which sticks."""

from __future__ import annotations

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
        detected = parse.get(LANGUAGE) or {}
        if (
            not chosen
            and detected.get("code") in LANGUAGES
            and detected.get("confidence", 0.0) >= self.config["confidence"]
        ):
            current = detected["code"]
        return None, _changes(tracker, current, chosen)


def _changes(tracker: DialogueStateTracker, language: str, chosen: bool) -> list[Event]:
    wanted = {LANGUAGE: language, LANGUAGE_CHOSEN: chosen}
    return [SlotSet(k, v) for k, v in wanted.items() if tracker.get_slot(k) != v]


def asked_language(text: str, names: dict[str, list[str]]) -> str | None:
    """The language a line asks for: 「唔好講英文，講返廣東話」 asks for the one named last."""
    lowered = text.lower()
    found = [
        (lowered.rfind(name.lower()), code)
        for code, spellings in names.items()
        for name in spellings
        if name.lower() in lowered
    ]
    return max(found)[1] if found else None
