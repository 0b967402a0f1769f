"""People: bringing one in."""

from __future__ import annotations

import asyncio

from rasa_sdk.events import ConversationPaused, EventType

from actions import wording
from actions.turn import LEAVE_FORM, WAIT, CustomerTurn, SkillAction

REASONS = ("request_human", "negative_emotion", "failed_turns")


class ActionHandOver(SkillAction):
    action = "action_hand_over"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        reason = turn.slot("hand_over_reason")
        reason = reason if reason in REASONS else REASONS[0]
        called = await asyncio.to_thread(
            turn.services.people.call,
            turn.tracker.sender_id,
            turn.tracker.current_state(),
            reason,
        )
        if called is None:
            turn.say("utter_hand_over_unavailable")
            return [*LEAVE_FORM, WAIT]
        turn.say(f"utter_hand_over_{reason}")
        turn.say(
            "utter_hand_over_open" if called.office_open else "utter_hand_over_closed",
            ticket=called.ticket,
            callback=wording.moment(called.callback, turn.language),
        )
        return [*LEAVE_FORM, ConversationPaused()]
