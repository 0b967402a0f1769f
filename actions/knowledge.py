"""Questions answered from the knowledge base, and what happens when there is no answer."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.turn import CustomerTurn, SkillAction, failed, last_action
from cantodesk.services.knowledge import KnowledgeLookup

# Replies that a plain no can reject, unless they were themselves no help.
_ANSWERS = frozenset({"action_answer_question", "action_default_fallback", "action_check_stock"})
_FALLBACK, _OUT_OF_SCOPE = "nlu_fallback", "out_of_scope"


class ActionAnswerQuestion(SkillAction):
    action = "action_answer_question"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        found = await answered(turn, turn.intent)
        if found:
            return found
        if turn.intent == _OUT_OF_SCOPE:
            turn.say("utter_out_of_scope")
            return []
        turn.say("utter_no_answer")
        return [failed("nothing_found")]


class ActionDefaultFallback(SkillAction):
    """A line that was not understood: knowledge may still have its words, else ask again."""

    action = "action_default_fallback"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        in_form = turn.tracker.active_loop_name is not None
        found = None if in_form else await answered(turn, None)
        if found:
            return found
        again = not in_form and failed_before(turn)
        turn.say("utter_rephrase_again" if again else "utter_rephrase")
        return [failed("not_understood")]


class ActionRejectAnswer(SkillAction):
    """A plain no: after an answer it means "that is not it", otherwise it is only polite."""

    action = "action_reject_answer"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        answered_before = last_action(turn) in _ANSWERS and not failed_before(turn)
        if answered_before or last_action(turn) == ActionAnswerQuestion.action:
            turn.say("utter_answer_rejected")
            return [failed("answer_rejected")]
        turn.say("utter_deny")
        return []


async def answered(turn: CustomerTurn, intent: str | None) -> list[EventType] | None:
    """Say the knowledge base's answer if it has one; the events, or None."""
    wanted = None if intent in (_FALLBACK, _OUT_OF_SCOPE) else intent
    answer = await turn.ask(turn.services.shop.knowledge.answer, turn.text, wanted, turn.language)
    if answer.status is not KnowledgeLookup.FOUND or answer.text is None:
        return None
    turn.say_text(answer.text)
    tried = [*(turn.slot("answers_tried") or []), answer.entry_id]
    return [SlotSet("answers_tried", tried)]


def failed_before(turn: CustomerTurn) -> bool:
    """Whether the turn before this one did not help either."""
    lines = [i for i, e in enumerate(turn.tracker.events) if e.get("event") == "user"]
    before = turn.tracker.events[lines[-2] : lines[-1]] if len(lines) > 1 else []
    return any(
        e.get("event") == "slot" and e.get("name") == "turn_failed" and e.get("value")
        for e in before
    )
