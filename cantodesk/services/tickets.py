"""Tickets: open one, find it again, and what the desk reads of it."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import CursorResult, Engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cantodesk.services.attempts import IdentityCheck, try_once
from cantodesk.services.business import Business
from cantodesk.services.clock import Clock, utc_now
from cantodesk.services.departments import Department, office_of
from cantodesk.services.failures import STORAGE_FAILURES, log_failure
from cantodesk.services.hours import OpeningTimes
from cantodesk.services.numbers import last_four, order_number, ticket_number
from cantodesk.storage.business_tables import Priority, Ticket, TicketStatus
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

# Numbers are drawn, not counted: a customer's number says nothing about the next one.
_NUMBERS = 1_000_000
_MOST_DRAWS = 100
_NO_HASH = "0" * 64
_OPEN = (TicketStatus.OPEN, TicketStatus.IN_PROGRESS, TicketStatus.WAITING_FOR_CUSTOMER)


class TicketOpening(StrEnum):
    """The outcome of opening a ticket."""

    OPENED = "opened"
    UNAVAILABLE = "unavailable"


class TicketLookup(StrEnum):
    """The outcome of a look-up. NOT_VERIFIED never says whether the ticket exists."""

    FOUND = "found"
    NOT_VERIFIED = "not_verified"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class TicketAnswer:
    """``number`` and ``due_at`` are there when the ticket is OPENED."""

    status: TicketOpening
    number: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket without what the customer wrote."""

    number: str
    topic: str
    department: Department
    status: TicketStatus
    priority: Priority
    opened_at: datetime
    due_at: datetime
    updated_at: datetime
    order_id: str | None
    language: str


@dataclass(frozen=True, slots=True)
class TicketFound:
    """``ticket`` is there when the status is FOUND, and only then."""

    status: TicketLookup
    ticket: TicketView | None = None


@dataclass(frozen=True, slots=True)
class OpenTickets:
    """The open tickets of one conversation, the newest first."""

    status: TicketLookup
    tickets: tuple[TicketView, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketContents:
    """What the customer wrote and where to reach them, for the desk."""

    status: TicketLookup
    details: Mapping[str, Any] | None = None
    contact: str | None = None


class Tickets:
    """All tickets of the business."""

    def __init__(
        self, engine: Engine, vault: Vault, business: Business, clock: Clock = utc_now
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._business = business
        self._times = OpeningTimes(business)
        self._clock = clock

    def open(
        self,
        topic: str,
        department: Department,
        conversation_ref: str,
        *,
        details: Mapping[str, Any],
        contact: str | None = None,
        order_id: str | None = None,
        language: str = "yue",
        priority: Priority = Priority.NORMAL,
        idempotency_key: str | None = None,
    ) -> TicketAnswer:
        """Open a ticket. The same conversation and key give the same ticket again.

        ``details`` is anything JSON can hold; it and ``contact`` are sealed with
        the key of the conversation's customer.
        """
        now = self._clock()
        office = self._business.office(office_of(department))
        length = timedelta(hours=float(self._business.ticket_hours[priority]))
        uid = uuid4().hex
        try:
            request = None
            if idempotency_key is not None:
                request = self._vault.lookup_hash(
                    "ticket request", f"{conversation_ref}|{idempotency_key}"
                )
                held = self._opened_before(request)
                if held is not None:
                    return held
            words = json.dumps(dict(details), ensure_ascii=False, default=str)
            row = {
                "uid": uid,
                "topic": topic,
                "department": department,
                "conversation_ref": conversation_ref,
                "order_id": order_number(order_id) if order_id else None,
                "language": language,
                "priority": priority,
                "status": TicketStatus.OPEN,
                "opened_at": now,
                "updated_at": now,
                "due_at": self._times.after_open_time(office, now, length),
                "details": self._seal(conversation_ref, f"{uid}|details", words),
                "contact": self._seal(conversation_ref, f"{uid}|contact", contact or None),
                "request_hash": request,
            }
            return self._number_and_write(row, last_four(contact) if contact else None)
        except STORAGE_FAILURES as error:
            log_failure("opening a ticket", error)
            return TicketAnswer(TicketOpening.UNAVAILABLE)

    def find(
        self,
        number: str,
        conversation_ref: str | None = None,
        contact_last4: str | None = None,
    ) -> TicketFound:
        """A ticket, for the conversation that opened it or by its contact's last four digits.

        Wrong digits count as tries, in every conversation, as for orders.
        """
        wanted = ticket_number(number)
        if wanted is None:
            return TicketFound(TicketLookup.NOT_VERIFIED)
        try:
            with session(self._engine, reading=True) as opened:
                row = opened.get(Ticket, wanted)
            if row is not None and conversation_ref and row.conversation_ref == conversation_ref:
                return TicketFound(TicketLookup.FOUND, _view(row))
            if contact_last4 is None:
                return TicketFound(TicketLookup.NOT_VERIFIED)
            check = self._verify(wanted, contact_last4)
        except STORAGE_FAILURES as error:
            log_failure("looking up a ticket", error)
            return TicketFound(TicketLookup.UNAVAILABLE)
        if check is IdentityCheck.LOCKED:
            return TicketFound(TicketLookup.LOCKED)
        if check is IdentityCheck.VERIFIED and row is not None:
            return TicketFound(TicketLookup.FOUND, _view(row))
        return TicketFound(TicketLookup.NOT_VERIFIED)

    def list_open(self, conversation_ref: str) -> OpenTickets:
        """What is still open of one conversation; FOUND also when that is nothing."""
        try:
            with session(self._engine, reading=True) as opened:
                rows = opened.scalars(
                    select(Ticket)
                    .where(Ticket.conversation_ref == conversation_ref, Ticket.status.in_(_OPEN))
                    .order_by(Ticket.opened_at.desc(), Ticket.number)
                ).all()
        except STORAGE_FAILURES as error:
            log_failure("listing tickets", error)
            return OpenTickets(TicketLookup.UNAVAILABLE)
        return OpenTickets(TicketLookup.FOUND, tuple(_view(row) for row in rows))

    def contents(self, number: str) -> TicketContents:
        """The sealed part, for signed-in staff only: nobody is verified here.

        UNAVAILABLE also when the customer was erased.
        """
        try:
            with session(self._engine, reading=True) as opened:
                row = opened.get(Ticket, ticket_number(number) or "")
            if row is None:
                return TicketContents(TicketLookup.NOT_VERIFIED)
            words = self._unseal(row, "details", row.details)
            contact = None if row.contact is None else self._unseal(row, "contact", row.contact)
            return TicketContents(TicketLookup.FOUND, json.loads(words), contact)
        except STORAGE_FAILURES as error:
            log_failure("reading a ticket", error)
            return TicketContents(TicketLookup.UNAVAILABLE)

    def set_status(self, number: str, status: TicketStatus) -> bool:
        """Move a ticket on, for staff. False when there is none or the database is away."""
        try:
            with session(self._engine) as opened:
                changed = opened.execute(
                    update(Ticket)
                    .where(Ticket.number == (ticket_number(number) or ""))
                    .values(status=status, updated_at=self._clock())
                )
                return isinstance(changed, CursorResult) and changed.rowcount == 1
        except STORAGE_FAILURES as error:
            log_failure("moving a ticket", error)
            return False

    def _number_and_write(self, row: dict[str, Any], last4: str | None) -> TicketAnswer:
        """Draw numbers until one is free. Of two with the same request one writes."""
        for _ in range(_MOST_DRAWS):
            number = f"T-{secrets.randbelow(_NUMBERS):06d}"
            row["number"] = number
            row["contact_last4_hash"] = last4 and _last4_hash(self._vault, number, last4)
            try:
                with session(self._engine) as opened:
                    opened.add(Ticket(**row))
                return TicketAnswer(TicketOpening.OPENED, number, row["due_at"])
            except IntegrityError:
                # The number is taken, or the same request was written a moment ago.
                pass
            held = self._opened_before(row["request_hash"]) if row["request_hash"] else None
            if held is not None:
                return held
        log_failure("numbering a ticket", LookupError())
        return TicketAnswer(TicketOpening.UNAVAILABLE)

    def _opened_before(self, request_hash: str) -> TicketAnswer | None:
        with session(self._engine, reading=True) as opened:
            row = opened.scalar(select(Ticket).where(Ticket.request_hash == request_hash))
        if row is None:
            return None
        return TicketAnswer(TicketOpening.OPENED, row.number, row.due_at)

    def _verify(self, number: str, contact_last4: str) -> IdentityCheck:
        digits = last_four(contact_last4)
        tried = _last4_hash(self._vault, number, digits or "")

        def is_right(opened: Session) -> bool:
            held = opened.scalar(select(Ticket.contact_last4_hash).where(Ticket.number == number))
            same = hmac.compare_digest(tried, held or _NO_HASH)
            return same and digits is not None and held is not None

        subject = self._vault.lookup_hash("ticket", number)
        return try_once(self._engine, subject, self._clock(), is_right)

    def _seal(self, ref: str, row_uid: str, words: str | None) -> bytes | None:
        if words is None:
            return None
        return self._vault.seal(ref, "ticket", row_uid, words.encode("utf-8", "replace"))

    def _unseal(self, row: Ticket, part: str, sealed: bytes) -> str:
        uid = f"{row.uid}|{part}"
        return self._vault.open(row.conversation_ref, "ticket", uid, sealed).decode()


def _last4_hash(vault: Vault, number: str, last4: str) -> str:
    return vault.lookup_hash("ticket last four", f"{number}|{last4}")


def _view(row: Ticket) -> TicketView:
    return TicketView(
        number=row.number,
        topic=row.topic,
        department=Department(row.department),
        status=TicketStatus(row.status),
        priority=Priority(row.priority),
        opened_at=row.opened_at,
        due_at=row.due_at,
        updated_at=row.updated_at,
        order_id=row.order_id,
        language=row.language,
    )
