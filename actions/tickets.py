"""Tickets: how far a case is, for whoever opened it or knows its telephone."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import wording
from actions.forms import FormValidation, accepted, told_now
from actions.turn import LEAVE_FORM, CustomerTurn, SkillAction, failed
from cantodesk.services.numbers import last_four, ticket_number
from cantodesk.services.tickets import TicketLookup


class ValidateTicketForm(FormValidation):
    form = "ticket_form"
    slots = ("ticket_id", "phone_last4")
    own = frozenset({"track_ticket"})

    async def check(self, turn: CustomerTurn, slot: str, value: Any) -> dict[str, Any]:
        if slot == "ticket_id":
            number = ticket_number(str(value))
            if number is None:
                turn.say("utter_ticket_id_refused")
            return accepted(slot, number)
        digits = last_four(str(value))
        if digits is None:
            turn.say("utter_phone_last4_refused")
        return accepted(slot, digits)

    async def wanted(self, turn: CustomerTurn) -> list[str]:
        number = turn.slot("ticket_id")
        if number:
            found = await turn.ask(turn.services.shop.tickets.find, number, turn.ref)
            if found.status is TicketLookup.FOUND:
                # Opened in this very conversation: nothing more to prove.
                return ["ticket_id"]
        return list(self.slots)

    async def settle(self, turn: CustomerTurn, given: set[str]) -> list[EventType]:
        number, digits = turn.slot("ticket_id"), turn.slot("phone_last4")
        if number is None and turn.slot("requested_slot") is None:
            return await self._only_one(turn)
        if number is None or digits is None or not given:
            return []
        found = await turn.ask(turn.services.shop.tickets.find, number, turn.ref, digits)
        if found.status is TicketLookup.FOUND:
            return []
        if found.status is TicketLookup.LOCKED:
            turn.say("utter_ticket_locked")
            forget = [SlotSet("ticket_id", None), SlotSet("phone_last4", None)]
            return [*LEAVE_FORM, *forget, failed("locked")]
        if not told_now(turn, "phone_last4", "phone"):
            return [SlotSet("phone_last4", None)]
        turn.say("utter_ticket_not_verified")
        return [SlotSet("phone_last4", None), failed("not_verified")]

    async def _only_one(self, turn: CustomerTurn) -> list[EventType]:
        """The one case still open of this conversation needs no number."""
        still_open = await turn.ask(turn.services.shop.tickets.list_open, turn.ref)
        if len(still_open.tickets) != 1:
            return []
        return [SlotSet("ticket_id", still_open.tickets[0].number)]


class ActionShowTicket(SkillAction):
    action = "action_show_ticket"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        forget: EventType = SlotSet("ticket_id", None)
        number, digits = turn.slot("ticket_id"), turn.slot("phone_last4")
        if number is None:
            return []  # locked, and said so
        found = await turn.ask(turn.services.shop.tickets.find, number, turn.ref, digits)
        if found.ticket is None:
            turn.say("utter_ticket_not_verified")
            return [forget, failed("not_verified")]
        ticket = found.ticket
        due = wording.moment(ticket.due_at, turn.language)
        turn.say(f"utter_ticket_{ticket.status}", ticket=ticket.number, due=due)
        return [forget]
