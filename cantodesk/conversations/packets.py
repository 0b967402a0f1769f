"""What a colleague is told when a conversation is handed over: one packet, from the tracker's state.

Pure. The state is Rasa's own JSON form of a tracker (`slots`, `events`, …), the same
in the assistant and in the action server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cantodesk.dialogue.clarification import CLARIFYING, FALLBACK, Answer, answer_in, answers
from cantodesk.understanding.emotion_series import emotion_series

State = Mapping[str, Any]

_NOT_KNOWN: tuple[Any, ...] = (None, "", [], False)
# Bookkeeping of the dialogue, of no use to a person.
_OWN_SLOTS = {
    "requested_slot",
    "session_started_metadata",
    "turn_failed",
    "notice_version",
    "last_chance",
    CLARIFYING,
}


def lines_of(state: State) -> list[dict[str, Any]]:
    """The customer's lines, oldest first."""
    return [event for event in state.get("events") or [] if event.get("event") == "user"]


def failed_turns(state: State) -> int:
    """How many turns in a row, up to the latest, did not help; a question back that was answered aside."""
    count = 0
    failed = asked = False
    after: State | None = None
    for event in reversed(state.get("events") or []):
        if event.get("event") == "slot":
            failed = failed or (event.get("name") == "turn_failed" and bool(event.get("value")))
            asked = asked or (event.get("name") == CLARIFYING and bool(event.get("value")))
        elif event.get("event") == "user":
            parse = event.get("parse_data") or {}
            unclear = (parse.get("intent") or {}).get("name") == FALLBACK
            if not (failed or asked or unclear):
                break
            if failed or not asked or (after is not None and not answers(after)):
                count += 1
            failed, asked, after = False, False, parse
    return count


def packet_of(state: State, reason: str, ref: str) -> dict[str, Any]:
    """Everything known: slots, emotion, failed turns, language, orders, answers and questions tried.

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
        "clarifications": clarifications(state),
        "transcript_reference": ref,
    }


def clarifications(state: State) -> list[dict[str, Any]]:
    """The questions back: what each offered, and what was chosen (None: nothing, or nothing yet)."""
    asked: list[dict[str, Any]] = []
    for event in state.get("events") or []:
        if event.get("event") == "slot" and event.get("name") == CLARIFYING and event.get("value"):
            asked.append({"offered": list(event["value"]), "chosen": None})
        elif event.get("event") == "user" and asked:
            parse = event.get("parse_data") or {}
            if answer_in(parse) is Answer.CHOSEN:
                asked[-1]["chosen"] = (parse.get("intent") or {}).get("name")
    return asked


def _emotions(state: State) -> Iterator[dict[str, Any]]:
    lines = lines_of(state)
    series = emotion_series(line.get("parse_data") or {} for line in lines)
    for line, emotion in zip(lines, series, strict=True):
        if emotion:
            yield {"at": line.get("timestamp"), **emotion}


def _orders(state: State) -> Iterator[str]:
    for line in lines_of(state):
        for entity in (line.get("parse_data") or {}).get("entities") or []:
            if entity.get("entity") == "order_id":
                yield str(entity.get("value"))
