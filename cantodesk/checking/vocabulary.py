"""The names of the domain, each with the line it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cantodesk.checking.entry import Entry

# Names that Rasa brings along (rasa.shared.core.constants of 3.6).
RASA_INTENTS = frozenset({"restart", "back", "session_start", "nlu_fallback", "out_of_scope"})
RASA_SLOTS = frozenset({"requested_slot", "session_started_metadata"})
RASA_ACTIONS = frozenset(
    {
        "action_back",
        "action_deactivate_loop",
        "action_default_ask_affirmation",
        "action_default_ask_rephrase",
        "action_default_fallback",
        "action_extract_slots",
        "action_listen",
        "action_restart",
        "action_revert_fallback_events",
        "action_session_start",
        "action_two_stage_fallback",
        "action_unlikely_intent",
    }
)

Lines = Mapping[str, int]


@dataclass(frozen=True)
class Vocabulary:
    """Names of the domain and their lines; ``actions`` are the custom ones it lists."""

    intents: Lines
    entities: Lines
    slots: Lines
    forms: Lines
    actions: Lines
    responses: Lines

    @classmethod
    def of(cls, domain: Entry) -> Vocabulary:
        """The names in a domain's tree."""
        return cls(
            intents=_listed(domain.get("intents")),
            entities=_listed(domain.get("entities")),
            slots=_keys(domain.get("slots")),
            forms=_keys(domain.get("forms")),
            actions=_listed(domain.get("actions")),
            responses=_keys(domain.get("responses")),
        )

    def knows_intent(self, name: str) -> bool:
        """Whether the domain or Rasa has the intent; `faq/prices` belongs to `faq`."""
        return name.split("/")[0] in self.intents or name in RASA_INTENTS

    def knows_slot(self, name: str) -> bool:
        """Whether the domain or Rasa has the slot."""
        return name in self.slots or name in RASA_SLOTS

    def runnable(self) -> set[str]:
        """Everything a step `action:` may name."""
        return {*self.actions, *self.responses, *self.forms, *RASA_ACTIONS}


def _listed(entry: Entry) -> dict[str, int]:
    """`- name` or `- name: {...}`."""
    lines: dict[str, int] = {}
    for element in entry.elements:
        if element.text:
            lines[element.text] = element.line
        for key, line, _ in element.items():
            lines[key] = line
    return lines


def _keys(entry: Entry) -> dict[str, int]:
    return {key: line for key, line, _ in entry.items()}
