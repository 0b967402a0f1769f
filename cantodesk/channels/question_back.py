"""The answer to a question of ours: "this or that?", pressed or typed.

Rasa sees a line before it sees the conversation, so 「第一個」 would mean nothing to it.
Here, where the conversation is known, such a line gets the parse of what was picked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from cantodesk.dialogue.clarification import (
    CLARIFICATION,
    FALLBACK,
    SOMETHING_ELSE,
    Answer,
    meant_line,
    read_payload,
)
from cantodesk.dialogue.intent_titles import intent_titles
from cantodesk.dialogue.picking import LONGEST_ANSWER, Offer, picked, plain_yes
from cantodesk.dialogue.turns import turns_of

# Too short to tell a language: 「1」, "A".
_NO_LANGUAGE = 2

Parse = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """An open question: the unclear line, its parse, and what was offered, "something else" last."""

    line: str
    parse: Parse
    offers: tuple[Offer, ...]


def open_question(tracker: DialogueStateTracker | None) -> Question | None:
    """The question the latest turn ended with, if it ended with one."""
    turns = [] if tracker is None or tracker.is_paused() else turns_of(tracker.events)
    if not turns or not turns[-1].asked_back or turns[-1].line is None:
        return None
    asked = turns[-1]
    offers = [o for o in map(_offers, asked.events) if o and o[-1].payload == SOMETHING_ELSE]
    if not offers:
        return None
    return Question(meant_line(asked.parse) or str(turns[-1].line.text), asked.parse, offers[-1])


async def answer_to(
    question: Question, line: str, understood: Callable[[], Awaitable[Parse]]
) -> Parse | None:
    """The parse of a line that answers the question; None for any other line.

    ``understood`` gives the line's own parse. How it was said is kept: anger still counts.
    """
    pressed = [offer for offer in question.offers if offer.payload == line]
    if pressed:
        return _settled({"text": line}, question, pressed[0])
    if line.startswith("/") or len(line) > LONGEST_ANSWER:
        return None
    own = await understood()
    said = (own.get("intent") or {}).get("name")
    yes = said == "affirm" or plain_yes(line)
    offer = picked(line, question.offers)
    if offer is None and said == "deny":
        offer = question.offers[-1]
    if offer is None and yes and len(question.offers) == 2:
        offer = question.offers[0]
    if offer is not None:
        if len(line) <= _NO_LANGUAGE:
            own = {key: value for key, value in own.items() if key != "language"}
        return _settled(own, question, offer)
    return _still_open(own, question) if yes else None


def _settled(own: Parse, question: Question, offer: Offer) -> Parse:
    intent, entities = read_payload(offer.payload)
    sure = {"name": intent, "confidence": 1.0}
    answer = Answer.DECLINED if intent == FALLBACK else Answer.CHOSEN
    return {
        **own,
        "intent": sure,
        "intent_ranking": [sure],
        "entities": entities,
        CLARIFICATION: {"line": question.line, "answer": answer.value},
    }


def _still_open(own: Parse, question: Question) -> Parse:
    """A yes to "this or that?" answers nothing, least of all what a form had asked before."""
    before = {key: question.parse.get(key) for key in ("intent", "intent_ranking", "entities")}
    return {
        **own,
        **before,
        CLARIFICATION: {"line": question.line, "answer": Answer.UNCLEAR.value},
    }


def _offers(event: Any) -> tuple[Offer, ...]:
    buttons = (event.data or {}).get("buttons") or [] if isinstance(event, BotUttered) else []
    titles = intent_titles()
    return tuple(
        Offer(sent, (str(button.get("title")), *titles.every(read_payload(sent)[0])))
        for button in buttons
        if (sent := str(button.get("payload"))).startswith("/")
    )
