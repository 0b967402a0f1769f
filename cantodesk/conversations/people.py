"""Bringing in a person: a ticket, a hand-over record, and what the customer is to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cantodesk.conversations.handovers import HandOvers, OpenStatus
from cantodesk.conversations.packets import State, lines_of, packet_of
from cantodesk.services.business import MAIN_OFFICE
from cantodesk.services.clock import Clock
from cantodesk.services.departments import topic_of
from cantodesk.services.hours import OpeningTimes
from cantodesk.services.tickets import TicketOpening, Tickets
from cantodesk.settings import DEFAULT_LANGUAGE
from cantodesk.storage.business_tables import Priority
from cantodesk.storage.vault import Vault


@dataclass(frozen=True)
class Called:
    """A person was called. ``callback`` is the latest moment of an answer."""

    ticket: str
    callback: datetime
    office_open: bool


class People:
    """Calls people. Synchronous; never raises for a database that is away."""

    def __init__(
        self,
        vault: Vault,
        tickets: Tickets,
        handovers: HandOvers,
        hours: OpeningTimes,
        clock: Clock,
    ) -> None:
        self._vault = vault
        self._tickets = tickets
        self._handovers = handovers
        self._hours = hours
        self._clock = clock

    def call(self, sender_id: str, state: State, reason: str) -> Called | None:
        """Open a ticket and a hand-over for this conversation.

        The same line of the customer never opens two. None when nothing could be
        written: the customer must then be given a telephone number.
        """
        ref = self._vault.customer_ref(sender_id)
        packet = packet_of(state, reason, ref)
        language = packet["language"] or DEFAULT_LANGUAGE
        upset = reason == "negative_emotion"
        number = self._ticket(ref, "request_human", packet, language, state, urgent=upset)
        if number is None:
            return None
        result = self._handovers.open(sender_id, reason, packet, language, number)
        if result.status is OpenStatus.UNAVAILABLE or result.handover is None:
            return None
        now = self._clock()
        return Called(
            ticket=result.handover.ticket_number or number,
            callback=self._hours.promised_callback(now, MAIN_OFFICE),
            office_open=self._hours.is_open(MAIN_OFFICE, now),
        )

    def report_failure(self, sender_id: str, state: State, action: str) -> str | None:
        """A ticket for a turn that failed on our side; its number, or None when even that fails."""
        ref = self._vault.customer_ref(sender_id)
        packet = packet_of(state, "action_failed", ref) | {"failed_action": action}
        language = packet["language"] or DEFAULT_LANGUAGE
        latest = (state.get("latest_message") or {}).get("intent") or {}
        topic = (state.get("slots") or {}).get("case_topic") or latest.get("name") or "complain"
        return self._ticket(ref, topic, packet, language, state, urgent=False)

    def waiting(self, sender_id: str) -> bool:
        """Whether this customer already waits for a person, or is talking to one."""
        return self._handovers.waiting(self._vault.customer_ref(sender_id))

    def _ticket(
        self,
        ref: str,
        topic: str,
        packet: dict[str, object],
        language: str,
        state: State,
        *,
        urgent: bool,
    ) -> str | None:
        row = topic_of(topic)
        lines = lines_of(state)
        said_at = lines[-1].get("timestamp") if lines else 0
        answer = self._tickets.open(
            row.intent,
            row.department,
            ref,
            details=packet,
            language=language,
            priority=Priority.URGENT if urgent else row.priority,
            idempotency_key=f"{topic}:{said_at}",
        )
        return answer.number if answer.status is TicketOpening.OPENED else None
