"""Tables of conversations: keys, events, and what the ledger makes of them.

Columns called ``sealed``, ``body``, ``packet`` and ``sender`` hold ciphertext
made by the vault. What stays clear is what queries need: times, types, states
and keyed hashes. ``ref`` is the keyed hash of tenant and sender id.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Enum, Float, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cantodesk.storage.base import Base, BigId, UtcDateTime

REF_LENGTH = 64
UID_LENGTH = 32


class ConversationState(StrEnum):
    """Who holds the conversation."""

    BOT = "bot"
    QUEUED = "queued"
    HUMAN = "human"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"
    AFTER_HOURS = "after_hours"


class Role(StrEnum):
    """Who said a line."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"


class HandoverReason(StrEnum):
    """Why a person was called."""

    NEGATIVE_EMOTION = "negative_emotion"
    FAILED_TURNS = "failed_turns"
    REQUEST_HUMAN = "request_human"
    ACTION_FAILED = "action_failed"
    STORAGE_FAILED = "storage_failed"


class HandoverStatus(StrEnum):
    """Whether a person still has to come."""

    QUEUED = "queued"
    RESOLVED = "resolved"


def _words(kind: type[StrEnum]) -> Enum:
    """A column of one of our words, kept as plain text so that adding one needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def _conversation() -> ForeignKey:
    return ForeignKey("conversations.ref", ondelete="CASCADE")


class CustomerKey(Base):
    """One customer's data key, wrapped by a master key. Deleting the row is erasure."""

    __tablename__ = "customer_keys"

    ref: Mapped[str] = mapped_column(String(REF_LENGTH), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    master_version: Mapped[int] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Conversation(Base):
    """One customer's conversation on one channel."""

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_tenant_state_last_at", "tenant", "state", "last_at"),)

    ref: Mapped[str] = mapped_column(String(REF_LENGTH), primary_key=True)
    tenant: Mapped[str] = mapped_column(String(64))
    sender: Mapped[bytes] = mapped_column(LargeBinary)
    channel: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[ConversationState] = mapped_column(
        _words(ConversationState), default=ConversationState.BOT
    )
    # Raised by one with every change of state, for compare-and-set.
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    customer_turns: Mapped[int] = mapped_column(default=0)
    notice_version: Mapped[str | None] = mapped_column(String(64))
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quarantined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quarantine_reason: Mapped[str | None] = mapped_column(String(64))


class Event(Base):
    """One Rasa event. Ids grow with time and are never used twice."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_conversation_ref_id", "conversation_ref", "id"),
        Index("ix_events_conversation_ref_type_name_id", "conversation_ref", "type_name", "id"),
        # Without it SQLite gives the id of a deleted last row again, and the ledger passes it by.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    conversation_ref: Mapped[str] = mapped_column(String(REF_LENGTH), _conversation())
    # Given by the writer, so that a repeated write is recognised.
    uid: Mapped[str] = mapped_column(String(UID_LENGTH), unique=True)
    type_name: Mapped[str] = mapped_column(String(64))
    timestamp: Mapped[float] = mapped_column(Float(53))
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Message(Base):
    """One line of a conversation, projected from an event."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_conversation_ref_event_id", "conversation_ref", "event_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    event_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("events.id", ondelete="CASCADE"), unique=True
    )
    conversation_ref: Mapped[str] = mapped_column(String(REF_LENGTH), _conversation())
    role: Mapped[Role] = mapped_column(_words(Role))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    language: Mapped[str | None] = mapped_column(String(16))
    intent: Mapped[str | None] = mapped_column(String(128))
    confidence: Mapped[float | None] = mapped_column(Float(53))
    emotion_label: Mapped[str | None] = mapped_column(String(32))
    emotion_score: Mapped[float | None] = mapped_column(Float(53))
    # JSON: text, buttons.
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Handover(Base):
    """A call for a person, with everything known so far."""

    __tablename__ = "handovers"
    __table_args__ = (
        Index("ix_handovers_status_opened_at", "status", "opened_at"),
        # At most one open call in a conversation, also when two open it at once.
        Index(
            "uq_handovers_open",
            "conversation_ref",
            unique=True,
            sqlite_where=text("status = 'queued'"),
            postgresql_where=text("status = 'queued'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    uid: Mapped[str] = mapped_column(String(UID_LENGTH), unique=True)
    conversation_ref: Mapped[str] = mapped_column(String(REF_LENGTH), _conversation())
    reason: Mapped[HandoverReason] = mapped_column(_words(HandoverReason))
    status: Mapped[HandoverStatus] = mapped_column(
        _words(HandoverStatus), default=HandoverStatus.QUEUED
    )
    language: Mapped[str | None] = mapped_column(String(16))
    ticket_number: Mapped[str | None] = mapped_column(String(32))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    packet: Mapped[bytes] = mapped_column(LargeBinary)


class ProjectionCursor(Base):
    """How far a reader of the events has come."""

    __tablename__ = "projection_cursors"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger, default=0)
