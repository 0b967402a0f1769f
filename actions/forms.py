"""What all forms do: interruptions, refusals, and the identity check of an order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.turn import LEAVE_FORM, CustomerTurn, failed, guarded
from cantodesk.services.numbers import last_four, order_number
from cantodesk.services.orders import OrderLookup

# Lines that ask for nothing of their own, or that somebody else hears (a person, a grievance). All
# others do, also inside a form: 「取消HK20261234」 while an order number is asked for is a cancellation.
NO_REQUESTS = frozenset([
    "greet", "goodbye", "thank", "affirm", "deny", "inform", "ask_capabilities", "bot_challenge",
    "switch_language", "out_of_scope", "request_human", "complain", "nlu_fallback",
])  # fmt: skip
# Answers to nothing that is asked. "A person, please" is heard however unsure it is.
_SMALL_TALK = frozenset(["greet", "goodbye", "ask_capabilities", "bot_challenge", "out_of_scope"])
_SURE = 0.6


class FormValidation(FormValidationAction, ABC):
    """One form. ``check`` judges a value; a refused one becomes None."""

    form: ClassVar[str]
    slots: ClassVar[tuple[str, ...]]
    # The requests that this form itself serves.
    own: ClassVar[frozenset[str]] = frozenset()
    # Questions answered in the customer's own words, where any line may be the answer.
    free_text: ClassVar[frozenset[str]] = frozenset()

    def name(self) -> str:
        return f"validate_{self.form}"

    def domain_slots(self, domain: dict[str, Any]) -> list[str]:
        # Known here, so that the whole domain need not travel with every call.
        return list(self.slots)

    @abstractmethod
    async def check(self, turn: CustomerTurn, slot: str, value: Any) -> dict[str, Any]:
        """Slots to set for a newly given value. A refused value says why and becomes None."""

    def heard(self, turn: CustomerTurn, given: dict[str, Any]) -> dict[str, Any]:
        """What of the values read from the line was meant, and what the reading missed."""
        asked = turn.slot("requested_slot")
        if asked in self.free_text:
            # A story that looks a little like a question of another kind is still the story.
            if asked not in given and self._listening(turn) and _only_looks_like_a_question(turn):
                return {**given, asked: turn.text}
            return given
        if len(given) > 1 and given.get(asked) == turn.text:
            # 「唔係，係HK20261234」 while digits are asked for: the whole line is no answer.
            return {slot: value for slot, value in given.items() if slot != asked}
        return given

    async def settle(self, turn: CustomerTurn, given: set[str]) -> list[EventType]:
        """What several values together decide, after each was checked; ``given``: the new ones."""
        return []

    async def wanted(self, turn: CustomerTurn) -> list[str]:
        """The slots to ask for, in order."""
        return list(self.slots)

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        return await guarded(self.name(), self._validate, dispatcher, tracker)

    async def _validate(self, turn: CustomerTurn) -> list[EventType]:
        tracker = turn.tracker
        if self._interrupted(turn):
            return [ActionExecutionRejected(self.form)]
        given = {k: v for k, v in tracker.slots_to_validate().items() if k in self.slots}
        told = self.heard(turn, given)
        events: list[EventType] = []
        for slot in given.keys() - told.keys():
            tracker.slots[slot] = None
            events.append(SlotSet(slot, None))
        given = told
        for slot, value in given.items():
            update = {slot: None} if value is None else await self.check(turn, slot, value)
            tracker.slots.update(update)
            events += [SlotSet(k, v) for k, v in update.items()]
        kept = {slot for slot in given if tracker.get_slot(slot) is not None}
        settled = await self.settle(turn, kept)
        tracker.add_slots([e for e in settled if e.get("event") == "slot"])
        events += settled
        if any(e.get("event") == "active_loop" for e in settled):
            return events
        if tracker.get_slot("last_chance") and has_failed(events):
            # The third failed turn in a row: a person comes next, and nothing is asked again.
            return [*events, SlotSet("requested_slot", None)]
        missing = [s for s in await self.wanted(turn) if tracker.get_slot(s) is None]
        return [*events, SlotSet("requested_slot", missing[0] if missing else None)]

    def _interrupted(self, turn: CustomerTurn) -> bool:
        """Whether a running form is asked, right now, for something else."""
        return (
            self._listening(turn)
            and turn.slot("requested_slot") not in self.free_text
            and is_request(turn.intent)
            and turn.intent not in self.own
            and turn.confidence >= _SURE
        )

    def _listening(self, turn: CustomerTurn) -> bool:
        """Whether the line came while this form had a question open."""
        return (
            turn.tracker.active_loop_name == self.form
            and turn.slot("requested_slot") is not None
            # Rasa notes the form itself before it asks us. Anything else means that a question
            # in between was answered and the form is only coming back.
            and set(turn.actions) <= {self.form}
        )


def is_request(intent: str) -> bool:
    """Whether an intent asks for something. A new one of the designers' does without being listed."""
    return bool(intent) and intent not in NO_REQUESTS


def has_failed(events: list[EventType]) -> bool:
    """Whether one of the events marks the turn as no help."""
    return any(e.get("name") == "turn_failed" and e.get("value") for e in events)


def _only_looks_like_a_question(turn: CustomerTurn) -> bool:
    looks = is_request(turn.intent) or turn.intent in _SMALL_TALK
    return looks and turn.confidence < _SURE


def accepted(slot: str, value: Any) -> dict[str, Any]:
    """The slot with its checked value; None also marks the turn as failed."""
    return {slot: value} if value is not None else {slot: None, "turn_failed": slot}


def told_now(turn: CustomerTurn, slot: str, *entities: str) -> bool:
    """Whether a slot's value is of this very line, and not from earlier in the talk.

    Rasa lists what it knew before as newly given when a form begins.
    """
    asked = turn.slot("requested_slot") == slot and turn.tracker.active_loop_name is not None
    return asked or any(turn.entity(kind) for kind in (slot, *entities))


class AboutAnOrder:
    """For forms about one order, which its customer proves with the telephone's last four digits."""

    async def check(self, turn: CustomerTurn, slot: str, value: Any) -> dict[str, Any]:
        if slot == "order_id":
            number = order_number(str(value))
            if number is None:
                turn.say("utter_order_id_refused")
            return accepted(slot, number)
        if slot == "phone_last4":
            digits = last_four(str(value))
            if digits is None:
                turn.say("utter_phone_last4_refused")
            return accepted(slot, digits)
        return {slot: value}

    async def settle(self, turn: CustomerTurn, given: set[str]) -> list[EventType]:
        order_id, last4 = turn.slot("order_id"), turn.slot("phone_last4")
        if order_id is None or last4 is None or not given & {"order_id", "phone_last4"}:
            return []
        answer = await turn.ask(turn.services.shop.orders.look_up, order_id, last4)
        if answer.status is OrderLookup.FOUND:
            return []
        if answer.status is OrderLookup.LOCKED:
            turn.say("utter_order_locked")
            return [
                *LEAVE_FORM,
                SlotSet("order_id", None),
                SlotSet("phone_last4", None),
                failed("locked"),
            ]
        if not told_now(turn, "phone_last4", "phone"):
            # Another order was named and the digits of the earlier one were tried on it: no fault
            # of the customer's, who is simply asked for the digits.
            return [SlotSet("phone_last4", None)]
        turn.say("utter_not_verified")
        return [SlotSet("phone_last4", None), failed("not_verified")]
