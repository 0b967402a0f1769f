"""Reads events once, in order, into the tables that people read.

The cursor moves in the transaction that writes the rows: a kill at any point
loses nothing and doubles nothing, and several processes may project at once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Row, delete, exists, func, select, text, update
from sqlalchemy.orm import Session

from cantodesk.conversations.event_log import APPENDING, EVENT, decoded, moment
from cantodesk.conversations.projections import Change, change_of, state_after
from cantodesk.storage.conversation_tables import (
    Conversation,
    ConversationState,
    Event,
    Handover,
    HandoverStatus,
    Message,
    ProjectionCursor,
    Role,
)
from cantodesk.storage.engine import session
from cantodesk.storage.upsert import insert_if_absent
from cantodesk.storage.vault import CannotDecrypt, Vault

logger = logging.getLogger(__name__)

MESSAGE = "message"
BATCH = 200


@dataclass(frozen=True)
class _Prepared:
    """An event opened, and its line sealed again for the transcript; ``change`` None: poisoned."""

    event_id: int
    ref: str
    at: datetime | None
    change: Change | None
    body: bytes


def cursor_of(vault: Vault) -> str:
    """The name of this tenant's cursor."""
    return f"conversations:{vault.tenant}"


def catch_up(engine: Engine, vault: Vault) -> int:
    """Project every event that is committed; the number of events read.

    An event that does not open or is malformed is passed over, counted in the
    log, and stays in the events. Database errors come through; calling again
    goes on where it stopped.
    """
    upper = _settled(engine, vault)
    total = 0
    while True:
        with session(engine, reading=True) as opened:
            cursor = _position(opened, vault)
            rows = _events_after(opened, vault, cursor, upper)
        if not rows:
            return total
        prepared = [_prepare(vault, row) for row in rows]
        with session(engine) as opened:
            if _locked_position(opened, engine, vault) != cursor:
                continue  # Another process was faster with this batch.
            _apply(opened, prepared)
            _move(opened, vault, rows[-1].id)
        total += len(rows)
        _report_poisoned(prepared)


def rebuild(engine: Engine, vault: Vault) -> int:
    """Make the projections again from the events; the number of events read.

    One transaction: readers see the old rows until the new ones are whole, and
    on SQLite nothing else is written meanwhile. A state that a person set, or
    that an open hand-over holds, is kept: it is not in the events.
    """
    catch_up(engine, vault)
    poisoned: list[_Prepared] = []
    total = position = 0
    with session(engine) as opened:
        upper = _locked_position(opened, engine, vault)
        ours = Conversation.tenant == vault.tenant
        held = exists().where(
            Handover.conversation_ref == Conversation.ref, Handover.status == HandoverStatus.QUEUED
        )
        derived = Conversation.state.in_([ConversationState.BOT, ConversationState.QUEUED]) & ~held
        kept = {
            row.ref: row.state
            for row in opened.execute(
                select(Conversation.ref, Conversation.state).where(ours, ~derived)
            )
        }
        numbered = select(Conversation.ref, Conversation.version).where(ours)
        versions = dict(opened.execute(numbered).tuples().all())
        refs = select(Conversation.ref).where(ours)
        opened.execute(delete(Message).where(Message.conversation_ref.in_(refs)))
        opened.execute(
            update(Conversation)
            .where(ours)
            .values(
                language=None,
                channel=None,
                state=ConversationState.BOT,
                customer_turns=0,
                last_at=Conversation.started_at,
                notice_version=None,
                notice_at=None,
            )
        )
        while rows := _events_after(opened, vault, position, upper):
            prepared = [_prepare(vault, row) for row in rows]
            _apply(opened, prepared)
            poisoned += [event for event in prepared if event.change is None]
            position, total = rows[-1].id, total + len(rows)
        for ref, version in versions.items():
            restored = {"version": version} | ({"state": kept[ref]} if ref in kept else {})
            opened.execute(update(Conversation).where(Conversation.ref == ref).values(restored))
    _report_poisoned(poisoned)
    return total


def _settled(engine: Engine, vault: Vault) -> int:
    """The highest event id below which no write is still on its way."""
    with session(engine, reading=True) as opened:
        newest = opened.scalar(select(func.max(Event.id))) or 0
        if engine.dialect.name != "postgresql" or newest <= _position(opened, vault):
            return newest
    with session(engine) as opened:
        # PostgreSQL gives ids before commits, so a smaller one may appear after a larger one.
        # Alone with the lock, nobody is between the two.
        opened.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPENDING})
        return opened.scalar(select(func.max(Event.id))) or 0


def _position(opened: Session, vault: Vault) -> int:
    where = ProjectionCursor.name == cursor_of(vault)
    return opened.scalar(select(ProjectionCursor.event_id).where(where)) or 0


def _locked_position(opened: Session, engine: Engine, vault: Vault) -> int:
    row = {"name": cursor_of(vault), "event_id": 0}
    opened.execute(insert_if_absent(engine, ProjectionCursor, row, ["name"]))
    where = ProjectionCursor.name == cursor_of(vault)
    return opened.scalars(select(ProjectionCursor.event_id).where(where).with_for_update()).one()


def _move(opened: Session, vault: Vault, event_id: int) -> None:
    where = ProjectionCursor.name == cursor_of(vault)
    opened.execute(update(ProjectionCursor).where(where).values(event_id=event_id))


def _events_after(
    opened: Session, vault: Vault, position: int, upper: int
) -> Sequence[Row[tuple[int, str, str, float, bytes]]]:
    return opened.execute(
        select(Event.id, Event.conversation_ref, Event.uid, Event.timestamp, Event.body)
        .join(Conversation, Conversation.ref == Event.conversation_ref)
        .where(Conversation.tenant == vault.tenant, Event.id > position, Event.id <= upper)
        .order_by(Event.id)
        .limit(BATCH)
    ).all()


def _prepare(vault: Vault, row: Row[tuple[int, str, str, float, bytes]]) -> _Prepared:
    ref = row.conversation_ref
    change, body, at = None, b"", moment(row.timestamp)
    try:
        change = change_of(decoded(vault.open(ref, EVENT, row.uid, row.body)))
        if change.line is not None:
            if at is None:
                raise ValueError("a line without a time")
            content = json.dumps(change.line.content, ensure_ascii=False)
            sealed = content.encode("utf-8", "surrogatepass")
            body = vault.seal(ref, MESSAGE, str(row.id), sealed)
    except (CannotDecrypt, TypeError, ValueError, AttributeError, KeyError):
        change = None
    return _Prepared(row.id, ref, at, change, body)


def _apply(opened: Session, events: Sequence[_Prepared]) -> None:
    """Write the changes of a batch, in the order of the events."""
    wanted = sorted({event.ref for event in events})
    # A fixed order, so that two who lock several conversations never wait for each other.
    found = opened.scalars(
        select(Conversation)
        .where(Conversation.ref.in_(wanted))
        .order_by(Conversation.ref)
        .with_for_update(key_share=True)
    )
    conversations = {conversation.ref: conversation for conversation in found}
    for event in events:
        conversation = conversations.get(event.ref)
        if event.change is None or conversation is None:
            continue  # Poisoned, or deleted since it was read.
        _change(opened, conversation, event, event.change)


def _change(opened: Session, conversation: Conversation, event: _Prepared, change: Change) -> None:
    conversation.language = change.language or conversation.language
    conversation.channel = change.channel or conversation.channel
    if change.paused is not None:
        state = state_after(conversation.state, change.paused)
        if state != conversation.state:
            conversation.state = state
            conversation.version += 1
    line, at = change.line, event.at
    if line is None or at is None:
        return
    if change.notice_version is not None:
        conversation.notice_version, conversation.notice_at = change.notice_version, at
    conversation.last_at = at
    if line.role is Role.CUSTOMER:
        conversation.customer_turns += 1
    opened.add(
        Message(
            event_id=event.event_id,
            conversation_ref=event.ref,
            role=line.role,
            at=at,
            # A reply is in the language the conversation had at that moment.
            language=line.language or conversation.language,
            intent=line.intent,
            confidence=line.confidence,
            emotion_label=line.emotion_label,
            emotion_score=line.emotion_score,
            body=event.body,
        )
    )


def _report_poisoned(events: Sequence[_Prepared]) -> None:
    poisoned = [event.event_id for event in events if event.change is None]
    if poisoned:
        logger.error("%d events could not be projected, first id %d", len(poisoned), poisoned[0])
