"""Questions answered from the knowledge base, and what happens when there is no answer."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.asking_back import ask_back, worth_asking
from actions.turn import CustomerTurn, SkillAction, failed, last_action
from cantodesk.dialogue.clarification import CLARIFYING, FALLBACK, OUT_OF_SCOPE
from cantodesk.dialogue.intent_titles import intent_titles
from cantodesk.services.knowledge import KnowledgeAnswer, KnowledgeLookup, Matching

# Replies that a plain no can reject, unless they were themselves no help.
_ANSWERS = frozenset({"action_answer_question", "action_default_fallback", "action_check_stock"})
# Nearly an entry's own words: what the classifier wavers about does not matter then.
_VERBATIM = Matching().verbatim


class ActionAnswerQuestion(SkillAction):
    action = "action_answer_question"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        found = await answered(turn, turn.intent)
        if found:
            return found
        if turn.intent == OUT_OF_SCOPE:
            turn.say("utter_out_of_scope")
            return []
        turn.say("utter_no_answer")
        return [failed("nothing_found")]


class ActionDefaultFallback(SkillAction):
    """A line that was not understood.

    Knowledge may still have its words; or it is one of two things, or perhaps this one,
    and that is asked; else the customer is asked to say it in other words.
    """

    action = "action_default_fallback"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        if turn.declined:
            turn.say("utter_something_else")
            return [failed("something_else")]
        in_form = turn.tracker.active_loop_name is not None
        wanted = worth_asking(turn)
        # Of two likely things knowledge would only guess one.
        near = _VERBATIM if len(wanted) == 2 else 0.0
        found = None if in_form else await answered(turn, None, near=near)
        if found:
            return found
        if wanted:
            return ask_back(turn, wanted)
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


async def answered(
    turn: CustomerTurn, intent: str | None, *, near: float = 0.0
) -> list[EventType] | None:
    """Say the knowledge base's answer if it has one that scores ``near``; the events, or None."""
    wanted = None if intent in (FALLBACK, OUT_OF_SCOPE) else intent
    answer = await _looked_up(turn, turn.text, wanted)
    if answer.text is None and wanted and wanted in intent_titles() and turn.chosen:
        # 「退款」, and 「問退換貨嘅規定」 was picked: the title says more than the line did.
        answer = await _looked_up(turn, intent_titles().of(wanted, turn.language), wanted)
    if answer.text is None or answer.score < near:
        return None
    turn.say_text(answer.text)
    tried = [*(turn.slot("answers_tried") or []), answer.entry_id]
    return [SlotSet("answers_tried", tried)]


async def _looked_up(turn: CustomerTurn, text: str, intent: str | None) -> KnowledgeAnswer:
    answer = await turn.ask(turn.services.shop.knowledge.answer, text, intent, turn.language)
    found: KnowledgeAnswer = answer
    return found if found.status is KnowledgeLookup.FOUND else KnowledgeAnswer(found.status)


def failed_before(turn: CustomerTurn) -> bool:
    """Whether the turn before this one did not help either, or only asked back."""
    lines = [i for i, e in enumerate(turn.tracker.events) if e.get("event") == "user"]
    before = turn.tracker.events[lines[-2] : lines[-1]] if len(lines) > 1 else []
    return any(
        e.get("event") == "slot" and e.get("name") in ("turn_failed", CLARIFYING) and e.get("value")
        for e in before
    )
