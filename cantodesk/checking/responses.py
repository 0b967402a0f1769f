"""The replies of the domain, taken apart into their variations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cantodesk.checking.entry import Entry
from cantodesk.checking.project import Project

LANGUAGE_SLOT = "language"
COLLECTION_STATEMENT = "utter_collection_statement"
VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
# What a customer gets to see; the rest of a variation says when.
_SHOWN = ("text", "image", "buttons", "quick_replies", "attachment", "custom", "elements")

# Channel, and the conditions besides the language.
Occasion = tuple[str | None, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Variation:
    """One variation of a response. ``language`` is None if it has no condition on it."""

    response: str
    line: int
    language: str | None
    occasion: Occasion
    # Slots of all its conditions, with the lines of their names.
    slots: tuple[tuple[str, int], ...]
    entry: Entry

    @property
    def channel(self) -> str | None:
        """The channel it is for; None for all."""
        return self.occasion[0]

    @property
    def text(self) -> Entry:
        """Its text."""
        return self.entry.get("text")

    @property
    def buttons(self) -> tuple[Entry, ...]:
        """Its buttons and quick replies."""
        return (*self.entry.get("buttons").elements, *self.entry.get("quick_replies").elements)

    def payloads(self) -> list[Entry]:
        """What its buttons send."""
        return [button.get("payload") for button in self.buttons]

    def wording(self) -> Iterator[Entry]:
        """Everything in it that is written in its language."""
        yield self.text
        for button in self.buttons:
            yield button.get("title")
            if not is_intent_payload(button.get("payload").text):
                yield button.get("payload")

    def shown(self) -> Iterator[Entry]:
        """Every text in it in which a variable may stand."""
        for part in _SHOWN:
            yield from _texts_in(self.entry.get(part))

    def variables(self) -> set[str]:
        """Names in braces."""
        return {name for entry in self.shown() for name in VARIABLE.findall(entry.text)}


def is_intent_payload(payload: str) -> bool:
    """Whether a button names an intent, and does not type words for the customer."""
    return payload.startswith("/")


def variations(project: Project) -> dict[str, list[Variation]]:
    """Every response with its variations, in the domain's order."""
    return {
        name: [_variation(name, element) for element in listed.elements]
        for name, _, listed in project.domain.content.get("responses").items()
    }


def _variation(response: str, entry: Entry) -> Variation:
    conditions = [(c.get("name"), c.get("value").text) for c in entry.get("condition").elements]
    language = next((v for name, v in conditions if name.text == LANGUAGE_SLOT), None)
    others = tuple(sorted((n.text, v) for n, v in conditions if n.text != LANGUAGE_SLOT))
    occasion = (entry.get("channel").text or None, others)
    slots = tuple((name.text, name.line) for name, _ in conditions)
    return Variation(response, entry.line, language, occasion, slots, entry)


def _texts_in(entry: Entry) -> Iterator[Entry]:
    if entry.text:
        yield entry
    for element in entry.elements:
        yield from _texts_in(element)
    for _, _, value in entry.items():
        yield from _texts_in(value)
