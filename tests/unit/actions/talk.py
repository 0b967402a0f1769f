"""A customer's turn as the action server gets it, and what an action made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

SENDER = "a-customer"
# Orders of the demo: (number, last four digits of its telephone).
SHIPPED = {"order_id": "HK20261234", "phone_last4": "5678"}
PAID = {"order_id": "HK20261235", "phone_last4": "5678"}
PLACED = {"order_id": "HK20264001", "phone_last4": "4321"}
LATE = {"order_id": "HK20260027", "phone_last4": "5938"}
CANCELLED = {"order_id": "HK20265001", "phone_last4": "7788"}
CANCELLED_UNPAID = {"order_id": "HK20260050", "phone_last4": "7025"}
DELIVERED = {"order_id": "HK20262001", "phone_last4": "3333"}
DELIVERED_ONE = {"order_id": "HK20260025", "phone_last4": "4760"}
OLD = {"order_id": "HK20262002", "phone_last4": "3333"}
PACKED = {"order_id": "HK20267001", "phone_last4": "6767"}

Event = dict[str, Any]


def user(text: str, intent: str = "greet", at: float = 1.0) -> Event:
    return {
        "event": "user",
        "text": text,
        "timestamp": at,
        "parse_data": {"intent": {"name": intent}},
    }


def ranked(**confidences: float) -> dict[str, Any]:
    """What understanding makes of a line it is not sure of: the fallback, then its candidates."""
    names = {"nlu_fallback": 0.5, **confidences}
    return {"intent_ranking": [{"name": n, "confidence": c} for n, c in names.items()]}


def action(name: str) -> Event:
    return {"event": "action", "name": name}


def slot(name: str, value: Any) -> Event:
    return {"event": "slot", "name": name, "value": value}


def tracker(
    text: str = "…",
    intent: str = "inform",
    *,
    confidence: float = 0.95,
    entities: Sequence[tuple[str, str]] = (),
    slots: Mapping[str, Any] | None = None,
    form: str | None = None,
    asked: str | None = None,
    given: Mapping[str, Any] | None = None,
    before: Sequence[Event] = (),
    after: Sequence[Event] = (),
    at: float = 100.0,
    sender: str = SENDER,
    parse: Mapping[str, Any] | None = None,
) -> Tracker:
    """``given``: slots filled from this very line, as Rasa hands them to a form's validation.

    ``parse``: more of what understanding, or the front door, made of the line.
    """
    known = {"language": "yue", **(slots or {}), **(given or {}), "requested_slot": asked}
    events = [*before, user(text, intent, at), *after]
    events += [slot(name, value) for name, value in (given or {}).items()]
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": e, "value": v} for e, v in entities],
        **(parse or {}),
    }
    loop = {"name": form} if form else {}
    latest = str(after[-1]["name"]) if after else "action_listen"
    return Tracker(sender, known, message, events, False, None, loop, latest)


@dataclass(frozen=True)
class Outcome:
    """What an action said and did."""

    messages: list[dict[str, Any]]
    events: list[Event]

    @property
    def replies(self) -> list[str]:
        """Names of the replies, or the words themselves where they are data."""
        return [m.get("response") or m.get("text") or "" for m in self.messages]

    @property
    def slots(self) -> dict[str, Any]:
        """Slots set, the last value of each."""
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}

    @property
    def failed(self) -> bool:
        """Whether the turn counts as no help."""
        return bool(self.slots.get("turn_failed"))

    @property
    def left_form(self) -> bool:
        return {"event": "active_loop", "timestamp": None, "name": None} in self.events

    @property
    def other(self) -> list[str]:
        """Kinds of events that are not slots."""
        return [e["event"] for e in self.events if e["event"] != "slot"]

    def said(self, reply: str) -> dict[str, Any]:
        """The variables one of the replies was given."""
        (found,) = [m for m in self.messages if m.get("response") == reply]
        return found


async def run(made: Action, given: Tracker) -> Outcome:
    """Run an action as rasa-sdk does."""
    dispatcher = CollectingDispatcher()
    events = await made.run(dispatcher, given, {})
    return Outcome(dispatcher.messages, list(events))
