"""Calls for a person: opened once for a conversation, with everything known so far."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cantodesk.conversations.event_log import EventLog, lock_conversation
from cantodesk.conversations.failures import StorageFailed
from cantodesk.conversations.sender_ids import checked_sender_id
from cantodesk.storage.conversation_tables import (
    Conversation,
    ConversationState,
    Handover,
    HandoverReason,
    HandoverStatus,
)
from cantodesk.storage.crypto import BadKeys
from cantodesk.storage.engine import session
from cantodesk.storage.vault import CannotDecrypt, Vault

logger = logging.getLogger(__name__)

HANDOVER = "handover"

# What an agent finds in every packet, known or not.
_PACKET: dict[str, Any] = {
    "slots": {},
    "emotion_series": [],
    "failed_turns": 0,
    "reason": None,
    "language": None,
    "order_references": [],
    "transcript_reference": None,
    "answers_tried": [],
    "clarifications": [],
}


class OpenStatus(StrEnum):
    """How opening went."""

    OPENED = "opened"
    ALREADY_OPEN = "already_open"
    UNAVAILABLE = "unavailable"


class ResolveStatus(StrEnum):
    """How resolving went."""

    RESOLVED = "resolved"
    ALREADY_RESOLVED = "already_resolved"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class HandOver:
    """One call for a person, without its packet."""

    id: int
    uid: str
    conversation_ref: str
    reason: HandoverReason
    status: HandoverStatus
    language: str | None
    ticket_number: str | None
    opened_at: datetime
    resolved_at: datetime | None
    version: int


@dataclass(frozen=True)
class HandOverResult:
    """``handover`` is the one that is open now; None only when UNAVAILABLE."""

    status: OpenStatus
    handover: HandOver | None


@dataclass(frozen=True)
class HandOverFile:
    """One call with its packet; the packet is None when it no longer opens."""

    handover: HandOver
    packet: dict[str, Any] | None = field(repr=False)


class HandOvers:
    """The calls of one tenant. Synchronous; async callers use ``asyncio.to_thread``."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._clock = clock
        self._log = EventLog(engine, vault)

    def open(
        self,
        sender_id: str,
        reason: HandoverReason | str,
        packet: dict[str, Any],
        language: str | None = None,
        ticket_number: str | None = None,
    ) -> HandOverResult:
        """Call a person for a conversation, which is ``queued`` from then on if the bot held it.

        While one call is open for the conversation, that one is given back
        unchanged. The conversation need not be stored yet: its first turn may
        be the one that calls.

        Raises:
            BadSenderId: for a sender id that no channel gives.
            ValueError: for a reason that is none of ours.
        """
        sender = checked_sender_id(sender_id)
        known = HandoverReason(reason)
        ref = self._vault.customer_ref(sender)
        uid, now = uuid.uuid4().hex, self._clock()
        facts = {"reason": known.value, "language": language, "transcript_reference": ref}
        whole = json.dumps(_PACKET | facts | packet, ensure_ascii=False, default=str)
        try:
            plaintext = whole.encode("utf-8", "surrogatepass")
            sealed = self._vault.seal(ref, HANDOVER, uid, plaintext)
            sealed_sender = self._log.sealed_sender(ref, sender)
            with session(self._engine) as opened:
                lock_conversation(opened, self._engine, self._vault, ref, sealed_sender, now)
                already = _open_one(opened, ref)
                if already is not None:
                    return HandOverResult(OpenStatus.ALREADY_OPEN, _view(already))
                row = Handover(
                    uid=uid,
                    conversation_ref=ref,
                    reason=known,
                    status=HandoverStatus.QUEUED,
                    language=language,
                    ticket_number=ticket_number,
                    opened_at=now,
                    version=1,
                    packet=sealed,
                )
                opened.add(row)
                _queue(opened, ref)
                opened.flush()
                return HandOverResult(OpenStatus.OPENED, _view(row))
        except (SQLAlchemyError, BadKeys, CannotDecrypt) as error:
            logger.error("a hand-over was not opened: %s", type(error).__name__)
        return HandOverResult(OpenStatus.UNAVAILABLE, None)

    def list(self, status: HandoverStatus | str | None = None) -> list[HandOver]:
        """Calls of one status, or all, the longest waiting first.

        Raises:
            StorageFailed: when the database cannot be read.
        """
        wanted = (
            select(Handover)
            .join(Conversation, Conversation.ref == Handover.conversation_ref)
            .where(Conversation.tenant == self._vault.tenant)
            .order_by(Handover.opened_at, Handover.id)
        )
        if status is not None:
            wanted = wanted.where(Handover.status == HandoverStatus(status))
        try:
            with session(self._engine, reading=True) as opened:
                return [_view(row) for row in opened.scalars(wanted)]
        except SQLAlchemyError as error:
            failure = type(error).__name__
        raise StorageFailed(f"The hand-overs were not read: {failure}.")

    def waiting(self, ref: str) -> bool:
        """Whether a call is open for this conversation; False too when nobody can tell."""
        try:
            with session(self._engine, reading=True) as opened:
                return _open_one(opened, ref) is not None
        except SQLAlchemyError as error:
            logger.error("the hand-overs were not read: %s", type(error).__name__)
        return False

    def get(self, handover_id: int) -> HandOverFile | None:
        """One call with its packet, or None when there is none.

        Raises:
            StorageFailed: when the database cannot be read.
        """
        try:
            with session(self._engine, reading=True) as opened:
                row = self._own(opened, handover_id)
            if row is None:
                return None
            return HandOverFile(_view(row), self._packet(row))
        except (SQLAlchemyError, BadKeys) as error:
            failure = type(error).__name__
        raise StorageFailed(f"The hand-over was not read: {failure}.")

    def resolve(self, handover_id: int) -> ResolveStatus:
        """Close a call. The conversation's state is the desk's to change."""
        try:
            with session(self._engine) as opened:
                row = self._own(opened, handover_id, lock=True)
                if row is None:
                    return ResolveStatus.NOT_FOUND
                if row.status is HandoverStatus.RESOLVED:
                    return ResolveStatus.ALREADY_RESOLVED
                row.status = HandoverStatus.RESOLVED
                row.resolved_at = self._clock()
                row.version += 1
                return ResolveStatus.RESOLVED
        except SQLAlchemyError as error:
            logger.error("a hand-over was not resolved: %s", type(error).__name__)
        return ResolveStatus.UNAVAILABLE

    def _own(self, opened: Session, handover_id: int, *, lock: bool = False) -> Handover | None:
        """A row of this tenant."""
        wanted = (
            select(Handover)
            .join(Conversation, Conversation.ref == Handover.conversation_ref)
            .where(Handover.id == handover_id, Conversation.tenant == self._vault.tenant)
        )
        return opened.scalar(wanted.with_for_update(of=Handover) if lock else wanted)

    def _packet(self, row: Handover) -> dict[str, Any] | None:
        try:
            opened = self._vault.open(row.conversation_ref, HANDOVER, row.uid, row.packet)
            packet: dict[str, Any] = json.loads(opened.decode("utf-8", "surrogatepass"))
        except (CannotDecrypt, ValueError):
            return None
        return packet


def _open_one(opened: Session, ref: str) -> Handover | None:
    return opened.scalar(
        select(Handover).where(
            Handover.conversation_ref == ref, Handover.status == HandoverStatus.QUEUED
        )
    )


def _queue(opened: Session, ref: str) -> None:
    conversation = opened.get_one(Conversation, ref)
    if conversation.state is ConversationState.BOT:
        conversation.state = ConversationState.QUEUED
        conversation.version += 1


def _view(row: Handover) -> HandOver:
    return HandOver(
        id=row.id,
        uid=row.uid,
        conversation_ref=row.conversation_ref,
        reason=row.reason,
        status=row.status,
        language=row.language,
        ticket_number=row.ticket_number,
        opened_at=row.opened_at,
        resolved_at=row.resolved_at,
        version=row.version,
    )
