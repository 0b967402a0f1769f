"""What a colleague is told when a conversation is handed over: one packet, from the tracker's state.

Pure. The state is Rasa's own JSON form of a tracker (`slots`, `events`, …), the same
in the assistant and in the action server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

State = Mapping[str, Any]

_NOT_KNOWN: tuple[Any, ...] = (None, "", [], False)
# Bookkeeping of the dialogue, of no use to a person.
_OWN_SLOTS = {
    "requested_slot",
    "session_started_metadata",
    "turn_failed",
    "notice_version",
    "last_chance",
}


def lines_of(state: State) -> list[dict[str, Any]]:
    """The customer's lines, oldest first."""
    return [event for event in state.get("events") or [] if event.get("event") == "user"]


def failed_turns(state: State) -> int:
    """How many turns in a row, up to the latest, did not help."""
    count = 0
    failed = False
    for event in reversed(state.get("events") or []):
        if event.get("event") == "slot" and event.get("name") == "turn_failed":
            failed = failed or bool(event.get("value"))
        elif event.get("event") == "user":
            intent = (event.get("parse_data") or {}).get("intent") or {}
            if not failed and intent.get("name") != "nlu_fallback":
                break
            count += 1
            failed = False
    return count


def packet_of(state: State, reason: str, ref: str) -> dict[str, Any]:
    """Everything known: slots, emotion over the talk, failed turns, language, orders, answers tried.

    ``ref`` points to the transcript, which is kept once, in the ledger.
    """
    slots = {
        name: value
        for name, value in (state.get("slots") or {}).items()
        if value not in _NOT_KNOWN and name not in _OWN_SLOTS
    }
    return {
        "reason": reason,
        "language": slots.get("language"),
        "slots": slots,
        "emotion_series": list(_emotions(state)),
        "failed_turns": failed_turns(state),
        "order_references": list(dict.fromkeys(_orders(state))),
        "answers_tried": slots.get("answers_tried") or [],
        "transcript_reference": ref,
    }


def _emotions(state: State) -> Iterator[dict[str, Any]]:
    for line in lines_of(state):
        emotion = (line.get("parse_data") or {}).get("emotion")
        if emotion:
            yield {"at": line.get("timestamp"), **emotion}


def _orders(state: State) -> Iterator[str]:
    for line in lines_of(state):
        for entity in (line.get("parse_data") or {}).get("entities") or []:
            if entity.get("entity") == "order_id":
                yield str(entity.get("value"))
