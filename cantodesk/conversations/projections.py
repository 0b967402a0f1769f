"""What one event means for the tables that people read. Pure: no database, no clock, no Rasa."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from cantodesk.settings import LANGUAGES
from cantodesk.storage.conversation_tables import ConversationState, Role

NOTICE_RESPONSE = "utter_collection_statement"

# A person holds these, or has just let go; an automatic pause must not put them back in the queue.
_PAUSE_QUEUES = frozenset({ConversationState.BOT, ConversationState.CLOSED})

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./:-]*")
_ROLES = {"user": Role.CUSTOMER, "bot": Role.BOT, "agent": Role.AGENT}
_SHOWN = ("buttons", "quick_replies", "image", "attachment", "elements", "custom")


@dataclass(frozen=True)
class Line:
    """One line of a transcript. ``content`` is ``text`` and what was shown with it."""

    role: Role
    content: dict[str, Any] = field(repr=False)
    language: str | None = None
    intent: str | None = None
    confidence: float | None = None
    emotion_label: str | None = None
    emotion_score: float | None = None


@dataclass(frozen=True)
class Change:
    """What one event changes. None means: as it was."""

    line: Line | None = None
    language: str | None = None
    channel: str | None = None
    paused: bool | None = None
    notice_version: str | None = None


def change_of(event: dict[str, Any]) -> Change:
    """The change one event makes.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: when the event is malformed.
    """
    match event["event"]:
        case "user":
            return _customer(event)
        case "bot" | "agent":
            return _reply(event)
        case "slot" if event.get("name") == "language":
            return Change(language=_language(event.get("value")))
        case "pause":
            return Change(paused=True)
        case "resume":
            return Change(paused=False)
    return Change()


def state_after(state: ConversationState, paused: bool) -> ConversationState:
    """The state after Rasa paused (True) or resumed (False) the conversation."""
    if not paused:
        return ConversationState.BOT
    return ConversationState.QUEUED if state in _PAUSE_QUEUES else state


def _customer(event: dict[str, Any]) -> Change:
    if (event.get("metadata") or {}).get("is_external"):
        # A reminder or a trigger of ours, which Rasa dresses up as a customer's line.
        return Change()
    parsed = event.get("parse_data") or {}
    intent, emotion = parsed.get("intent") or {}, parsed.get("emotion") or {}
    language = parsed.get("language") or {}
    line = Line(
        role=Role.CUSTOMER,
        content={"text": event.get("text")},
        language=_language(language.get("code")),
        intent=_name(intent.get("name"), 128),
        confidence=_number(intent.get("confidence")),
        emotion_label=_name(emotion.get("label"), 32),
        emotion_score=_number(emotion.get("score")),
    )
    return Change(line=line, channel=_name(event.get("input_channel"), 64))


def _reply(event: dict[str, Any]) -> Change:
    metadata, data = event.get("metadata") or {}, event.get("data") or {}
    content = {"text": event.get("text")} | {key: data[key] for key in _SHOWN if data.get(key)}
    notice = None
    if metadata.get("utter_action") == NOTICE_RESPONSE:
        notice = _notice_version(event.get("text") or "", metadata)
    return Change(line=Line(role=_ROLES[event["event"]], content=content), notice_version=notice)


def _notice_version(text: str, metadata: dict[str, Any]) -> str:
    """The version written beside the response, else a mark of its exact wording."""
    inner = metadata.get("metadata")
    for place in (metadata, inner if isinstance(inner, dict) else {}):
        version = place.get("notice_version")
        if version is not None and (name := _name(str(version), 64)):
            return name
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _name(value: Any, longest: int) -> str | None:
    """A name of ours for a clear column, or None: a customer's words must never get there."""
    if isinstance(value, str) and len(value) <= longest and _NAME.fullmatch(value):
        return value
    return None


def _language(value: Any) -> str | None:
    return value if isinstance(value, str) and value in LANGUAGES else None


def _number(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
        # A NaN is no measure, and PostgreSQL and SQLite disagree about it.
        return number if abs(number) != float("inf") and number == number else None
    return None
