"""Reading a conversation as people read it: lines, and how the customer's mood went."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from cantodesk.conversations.projector import MESSAGE
from cantodesk.storage.conversation_tables import Message, Role
from cantodesk.storage.engine import session
from cantodesk.storage.vault import CannotDecrypt, Vault


@dataclass(frozen=True)
class TranscriptLine:
    """One line. ``text`` is None for a line without words or one that no longer opens."""

    event_id: int
    role: Role
    at: datetime
    text: str | None = field(repr=False)
    buttons: tuple[dict[str, Any], ...] = field(repr=False)
    language: str | None
    emotion: str | None
    emotion_score: float | None
    readable: bool = True


@dataclass(frozen=True)
class EmotionPoint:
    """What one line of the customer sounded like; ``score`` from 0 to 1."""

    at: datetime
    label: str
    score: float | None


def transcript(engine: Engine, vault: Vault, ref: str, limit: int = 200) -> list[TranscriptLine]:
    """The last ``limit`` lines of a conversation, oldest first.

    A line that does not open is there with ``readable`` False. Database errors
    come through as SQLAlchemy raises them.
    """
    with session(engine, reading=True) as opened:
        rows = opened.scalars(
            select(Message)
            .where(Message.conversation_ref == ref)
            .order_by(Message.event_id.desc())
            .limit(limit)
        ).all()
    return [_line(vault, row) for row in reversed(rows)]


def emotion_series(engine: Engine, ref: str, limit: int = 50) -> list[EmotionPoint]:
    """The emotions of the customer's last ``limit`` lines that have one, oldest first."""
    with session(engine, reading=True) as opened:
        rows = opened.execute(
            select(Message.at, Message.emotion_label, Message.emotion_score)
            .where(Message.conversation_ref == ref, Message.emotion_label.is_not(None))
            .order_by(Message.event_id.desc())
            .limit(limit)
        ).all()
    return [EmotionPoint(at, label, score) for at, label, score in reversed(rows) if label]


def _line(vault: Vault, row: Message) -> TranscriptLine:
    content: dict[str, Any] = {}
    readable = True
    try:
        opened = vault.open(row.conversation_ref, MESSAGE, str(row.event_id), row.body)
        content = json.loads(opened.decode("utf-8", "surrogatepass"))
    except (CannotDecrypt, ValueError):
        readable = False
    buttons = content.get("buttons") or content.get("quick_replies") or []
    return TranscriptLine(
        event_id=row.event_id,
        role=row.role,
        at=row.at,
        text=content.get("text"),
        buttons=tuple(button for button in buttons if isinstance(button, dict)),
        language=row.language,
        emotion=row.emotion_label,
        emotion_score=row.emotion_score,
        readable=readable,
    )
