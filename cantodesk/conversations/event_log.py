"""Events in the database: appended, read back in order, and set apart when they do not open.

Synchronous, and without Rasa: an event is a dictionary here. SQLAlchemy's
errors come through; the tracker store turns them into its own.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CursorResult, Engine, delete, exists, func, select, text, update
from sqlalchemy.orm import Session

from cantodesk.conversations.failures import ConversationQuarantined
from cantodesk.storage.conversation_tables import Conversation, ConversationState, Event
from cantodesk.storage.engine import session
from cantodesk.storage.upsert import insert_if_absent
from cantodesk.storage.vault import CannotDecrypt, Vault

logger = logging.getLogger(__name__)

EVENT = "event"
SENDER = "sender"
CANNOT_DECRYPT = "cannot_decrypt"
CANNOT_DECODE = "cannot_decode"

# PostgreSQL advisory lock. Writers of events share it, the ledger takes it alone for a moment:
# then no event with a smaller id can still be on its way (ids are given before commits).
APPENDING = 0x43414E544F  # "CANTO"

_INSERT_BATCH = 500
_SESSION_STARTED = "session_started"


@dataclass(frozen=True)
class NewEvent:
    """An event to be written. ``uid`` is the writer's: the same uid is stored once."""

    uid: str
    type_name: str
    timestamp: float
    body: bytes = field(repr=False)


def encoded(event: dict[str, Any]) -> bytes:
    """An event as JSON bytes; half emoji from broken clients survive.

    Raises:
        TypeError, ValueError: when a value is no JSON value.
    """
    return json.dumps(event, ensure_ascii=False, default=_plain).encode("utf-8", "surrogatepass")


def decoded(body: bytes) -> dict[str, Any]:
    """The event again.

    Raises:
        ValueError: when the bytes are not a JSON object.
    """
    event = json.loads(body.decode("utf-8", "surrogatepass"))
    if not isinstance(event, dict):
        raise ValueError("an event is a JSON object")
    return event


def _plain(value: Any) -> Any:
    """A NumPy number as Python's: components put confidences of either kind into events."""
    if callable(getattr(value, "item", None)):
        return value.item()
    raise TypeError(f"{type(value).__name__} is no JSON value")


def lock_conversation(
    opened: Session, engine: Engine, vault: Vault, ref: str, sealed_sender: bytes, at: datetime
) -> None:
    """Make the conversation's row if there is none, and hold it until the transaction ends."""
    row = {
        "ref": ref,
        "tenant": vault.tenant,
        "sender": sealed_sender,
        "state": ConversationState.BOT,
        "version": 1,
        "customer_turns": 0,
        "started_at": at,
        "last_at": at,
    }
    opened.execute(insert_if_absent(engine, Conversation, row, ["ref"]))
    # Two turns at once would otherwise get their ids, and so their order, mixed up.
    opened.execute(
        select(Conversation.ref).where(Conversation.ref == ref).with_for_update(key_share=True)
    )


def moment(timestamp: float) -> datetime | None:
    """A Rasa timestamp (seconds since 1970) as a moment, if it is one."""
    try:
        return datetime.fromtimestamp(timestamp, UTC)
    except (OverflowError, ValueError, OSError):
        return None


class EventLog:
    """The events of one tenant's conversations."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self.engine = engine
        self.vault = vault

    def append(self, sender_id: str, events: Sequence[NewEvent]) -> None:
        """Write all of the events, or none. A uid already there is passed over."""
        if not events:
            return
        ref = self.vault.customer_ref(sender_id)
        sender = self.sealed_sender(ref, sender_id)
        rows = [
            {
                "conversation_ref": ref,
                "uid": event.uid,
                "type_name": event.type_name,
                "timestamp": event.timestamp,
                "body": self.vault.seal(ref, EVENT, event.uid, event.body),
            }
            for event in events
        ]
        began = moment(events[0].timestamp) or datetime.now(UTC)
        with session(self.engine) as opened:
            if self.engine.dialect.name == "postgresql":
                opened.execute(
                    text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": APPENDING}
                )
            lock_conversation(opened, self.engine, self.vault, ref, sender, began)
            for start in range(0, len(rows), _INSERT_BATCH):
                batch = rows[start : start + _INSERT_BATCH]
                opened.execute(insert_if_absent(self.engine, Event, batch, ["uid"]))

    def read(self, sender_id: str, *, whole: bool) -> list[dict[str, Any]]:
        """Events in the order written: all, or those since the last session started.

        Raises:
            ConversationQuarantined: when a row does not open, now or before.
        """
        ref = self.vault.customer_ref(sender_id)
        wanted = select(Event.uid, Event.body).where(Event.conversation_ref == ref)
        if not whole:
            last_start = (
                select(func.max(Event.id))
                .where(Event.conversation_ref == ref, Event.type_name == _SESSION_STARTED)
                .scalar_subquery()
            )
            wanted = wanted.where(Event.id >= func.coalesce(last_start, 0))
        with session(self.engine, reading=True) as opened:
            quarantined = opened.scalar(
                select(Conversation.quarantined_at).where(Conversation.ref == ref)
            )
            rows = [] if quarantined else opened.execute(wanted.order_by(Event.id)).all()
        if quarantined:
            raise ConversationQuarantined("The conversation is quarantined.")
        try:
            return [decoded(self.vault.open(ref, EVENT, row.uid, row.body)) for row in rows]
        except CannotDecrypt:
            reason = CANNOT_DECRYPT
        except ValueError:
            reason = CANNOT_DECODE
        self.quarantine(sender_id, reason)
        raise ConversationQuarantined("A row of the conversation does not open.")

    def quarantine(self, sender_id: str, reason: str) -> None:
        """Set a conversation apart until ``lift_quarantine``; the first reason stays."""
        ref = self.vault.customer_ref(sender_id)
        with session(self.engine) as opened:
            opened.execute(
                update(Conversation)
                .where(Conversation.ref == ref, Conversation.quarantined_at.is_(None))
                .values(quarantined_at=datetime.now(UTC), quarantine_reason=reason)
            )
        logger.error("conversation %s quarantined: %s", ref[:12], reason)

    def lift_quarantine(self, sender_id: str) -> bool:
        """Let a repaired conversation go on. False when it was not quarantined."""
        ref = self.vault.customer_ref(sender_id)
        with session(self.engine) as opened:
            found = opened.execute(
                update(Conversation)
                .where(Conversation.ref == ref, Conversation.quarantined_at.is_not(None))
                .values(quarantined_at=None, quarantine_reason=None)
            )
            return isinstance(found, CursorResult) and found.rowcount > 0

    def holds(self, sender_id: str) -> bool:
        """Whether there is any event of this sender."""
        ref = self.vault.customer_ref(sender_id)
        with session(self.engine, reading=True) as opened:
            return bool(opened.scalar(select(exists().where(Event.conversation_ref == ref))))

    def sender_ids(self) -> list[str]:
        """The senders that have events. Those whose key was erased are left out and counted."""
        with session(self.engine, reading=True) as opened:
            rows = opened.execute(
                select(Conversation.ref, Conversation.sender)
                .where(
                    Conversation.tenant == self.vault.tenant,
                    exists().where(Event.conversation_ref == Conversation.ref),
                )
                .order_by(Conversation.started_at, Conversation.ref)
            ).all()
        found, unreadable = [], 0
        for ref, sealed in rows:
            try:
                found.append(self.vault.open(ref, SENDER, ref, sealed).decode())
            except (CannotDecrypt, UnicodeDecodeError):
                unreadable += 1
        if unreadable:
            logger.warning("%d conversations have a sender that does not open", unreadable)
        return found

    def sender_of(self, ref: str) -> str | None:
        """The sender behind a reference; None when there is none, or it was erased."""
        with session(self.engine, reading=True) as opened:
            sealed = opened.scalar(
                select(Conversation.sender).where(
                    Conversation.ref == ref, Conversation.tenant == self.vault.tenant
                )
            )
        if sealed is None:
            return None
        try:
            return self.vault.open(ref, SENDER, ref, sealed).decode()
        except (CannotDecrypt, UnicodeDecodeError):
            return None

    def senders_match(self) -> bool:
        """Whether a stored sender still has the keyed hash it is stored under."""
        with session(self.engine, reading=True) as opened:
            rows = opened.execute(
                select(Conversation.ref, Conversation.sender)
                .where(Conversation.tenant == self.vault.tenant)
                # A few, because some customers may have been erased.
                .limit(20)
            ).all()
        for ref, sealed in rows:
            try:
                sender = self.vault.open(ref, SENDER, ref, sealed).decode()
            except (CannotDecrypt, UnicodeDecodeError):
                continue
            matches: bool = self.vault.customer_ref(sender) == ref
            return matches
        return True

    def delete(self, sender_id: str) -> bool:
        """Delete the conversation with all that hangs on it. False when there was none.

        The data key stays: tickets of the same customer need it. ``Vault.erase``
        takes that.
        """
        ref = self.vault.customer_ref(sender_id)
        with session(self.engine) as opened:
            found = opened.execute(delete(Conversation).where(Conversation.ref == ref))
            return isinstance(found, CursorResult) and found.rowcount > 0

    def sealed_sender(self, ref: str, sender_id: str) -> bytes:
        """The sender id as it is kept in the conversation's row."""
        return self.vault.seal(ref, SENDER, ref, sender_id.encode())
