"""The conversation itself: its beginning, details without a request, and giving up."""

from __future__ import annotations

import asyncio

from rasa_sdk.events import (
    ActionExecuted,
    ConversationPaused,
    EventType,
    SessionStarted,
    SlotSet,
)

from actions.turn import LEAVE_FORM, CustomerTurn, SkillAction
from cantodesk.conversations.notice import NOTICE_RESPONSE, opening

# What a form that is given up had gathered; the order stays known.
_GATHERED = ("cancel_confirmed", "refund_item", "refund_reason", "case_topic", "case_details",
             "case_contact", "ticket_id", "product")  # fmt: skip


class ActionSessionStart(SkillAction):
    """Begins a session: the collection statement, once for each customer, before anything else."""

    action = "action_session_start"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        begin = opening(turn.tracker.slots)
        if begin.statement:
            turn.say(NOTICE_RESPONSE, language=begin.slots.get("language"))
        events: list[EventType] = [SessionStarted()]
        events += [SlotSet(name, value) for name, value in begin.slots.items()]
        events.append(ActionExecuted("action_listen"))
        waiting = await asyncio.to_thread(turn.services.people.waiting, turn.tracker.sender_id)
        if waiting:
            # A new session would wake the bot while a person has the conversation.
            events.append(ConversationPaused())
        return events


class ActionTakeDetails(SkillAction):
    """Details without a request: say what was read, and ask what to do with it."""

    action = "action_take_details"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        order_id = turn.slot("order_id")
        if order_id:
            turn.say("utter_order_what_next", order_id=order_id)
        else:
            turn.say("utter_details_what_next")
        return []


class ActionStop(SkillAction):
    """Leaves whatever form is open, cleanly, and says so."""

    action = "action_stop"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        if turn.tracker.active_loop_name is None:
            turn.say("utter_nothing_to_stop")
            return []
        turn.say("utter_stopped")
        return [*LEAVE_FORM, *(SlotSet(name, None) for name in _GATHERED)]
