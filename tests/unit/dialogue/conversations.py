"""Conversations written down, for policies: the customer's lines and what followed each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet", "track_order", "ask_delivery_fee", "request_human", "switch_language"],
        "slots": {
            name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
            for name in (
                "language",
                "language_chosen",
                "turn_failed",
                "clarifying",
                "hand_over_reason",
                "requested_slot",
            )
        },
        "actions": ["action_hand_over", "action_answer", "action_second", "action_show_order"],
        "forms": {"order_form": {"required_slots": []}},
    }
)


def said(intent: str = "greet", text: str = "…", **parse: Any) -> UserUttered:
    """A customer's line and what understanding made of it."""
    found = {"name": intent, "confidence": 0.9}
    return UserUttered(text, intent=found, parse_data={"intent": found, "text": text, **parse})


def upset(score: float, intent: str = "greet", label: str = "negative") -> UserUttered:
    return said(intent, emotion={"label": label, "score": score})


def answering(answer: str, intent: str = "nlu_fallback") -> UserUttered:
    """A line that answers a question of ours: chosen, declined or unclear."""
    return said(intent, clarification={"line": "…", "answer": answer})


def did(name: str) -> ActionExecuted:
    return ActionExecuted(name)


LISTEN = did("action_listen")
FAILED = SlotSet("turn_failed", "not_understood")
ASKED_BACK = SlotSet("clarifying", ["track_order", "ask_delivery_fee"])
FORM_OPEN = [
    did("order_form"),
    ActiveLoop("order_form"),
    SlotSet("requested_slot", "order_id"),
    LISTEN,
]
REJECTED = ActionExecutionRejected("order_form")
BEGUN = SessionStarted()


def told(*events: Event | list[Event]) -> DialogueStateTracker:
    """A tracker of these events; lists are laid flat."""
    flat = [e for given in events for e in (given if isinstance(given, list) else [given])]
    return DialogueStateTracker.from_events("someone", flat, DOMAIN.slots, domain=DOMAIN)


def policy(kind: type, folder: Path, **config: Any) -> Any:
    """A policy as the graph makes it."""
    merged = {**kind.get_default_config(), **config}
    context = ExecutionContext(GraphSchema({}), node_name=kind.__name__)
    return kind.create(merged, LocalModelStorage(folder), Resource(kind.__name__), context)


def reload(kind: type, folder: Path, **config: Any) -> Any:
    """The same policy from its model."""
    merged = {**kind.get_default_config(), **config}
    context = ExecutionContext(GraphSchema({}), node_name=kind.__name__)
    return kind.load(merged, LocalModelStorage(folder), Resource(kind.__name__), context)


def chosen(made: Any, tracker: DialogueStateTracker) -> tuple[str | None, float]:
    """The action a policy predicts, and its confidence; None where it has no opinion."""
    prediction = made.predict_action_probabilities(tracker, DOMAIN)
    best = max(prediction.probabilities)
    if best == 0:
        return None, 0.0
    return DOMAIN.action_names_or_texts[prediction.probabilities.index(best)], best
