"""Asking back: which intents a question may name, and what is known of the question afterwards.

Pure and without Rasa. A parse is what understanding made of a line; the front door
adds the key ``clarification`` to the parse of a line that answers such a question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cantodesk.dialogue.intent_titles import IntentTitles

FALLBACK, OUT_OF_SCOPE = "nlu_fallback", "out_of_scope"
# Set by the action that asks: the intents its question names.
CLARIFYING = "clarifying"
# In a parse: {"line": the unclear line, "answer": an Answer}.
CLARIFICATION = "clarification"
# "Something else": what was meant is not understood, as before.
SOMETHING_ELSE = f"/{FALLBACK}"

# A value longer than that is a story, not a number or a name; buttons are short.
_LONGEST_VALUE = 60

Parse = Mapping[str, Any]


class Answer(StrEnum):
    """How a question of ours was answered."""

    CHOSEN = "chosen"
    DECLINED = "declined"
    # A yes to "this or that?": the question stands.
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Candidate:
    """One intent of the ranking. ``confidence`` is 0 to 1."""

    intent: str
    confidence: float


def candidates(parse: Parse, titles: IntentTitles) -> tuple[str, ...]:
    """The two intents, the likelier first, or the one that a question should name; else none."""
    limits = titles.limits
    first, second = _likeliest(parse)
    if first.intent == OUT_OF_SCOPE:
        first, second = second, Candidate("", 0.0)
    elif second.intent == OUT_OF_SCOPE:
        second = Candidate("", 0.0)
    if first.intent not in titles:
        return ()
    if second.confidence < limits.second:
        return (first.intent,) if first.confidence >= limits.alone else ()
    likely = first.confidence + second.confidence >= limits.together
    return (first.intent, second.intent) if likely and second.intent in titles else ()


def _likeliest(parse: Parse) -> tuple[Candidate, Candidate]:
    ranked = [
        Candidate(str(entry.get("name")), float(entry.get("confidence") or 0.0))
        for entry in parse.get("intent_ranking") or []
        if entry.get("name") not in (None, FALLBACK)
    ]
    ranked.sort(key=lambda candidate: -candidate.confidence)
    nobody = Candidate("", 0.0)
    first, second = [*ranked, nobody, nobody][:2]
    return first, second


def answer_in(parse: Parse) -> Answer | None:
    """How a line answered our question; None for a line that answers none."""
    given = (parse.get(CLARIFICATION) or {}).get("answer")
    return Answer(given) if given else None


def answers(parse: Parse) -> bool:
    """Whether a line settled our question, one way or the other."""
    return answer_in(parse) in (Answer.CHOSEN, Answer.DECLINED)


def meant_line(parse: Parse) -> str | None:
    """The unclear line, where this one says what was meant by it."""
    asked = parse.get(CLARIFICATION) or {}
    declined = answer_in(parse) is Answer.DECLINED
    return str(asked["line"]) if asked.get("line") and not declined else None


def payload(intent: str, entities: Sequence[Mapping[str, Any]]) -> str:
    """What a button sends: the intent with what the unclear line told, `/intent{"kind": "value"}`."""
    told: dict[str, str] = {}
    for entity in entities:
        value = str(entity.get("value") or "")
        if value and len(value) <= _LONGEST_VALUE:
            told.setdefault(str(entity.get("entity")), value)
    return f"/{intent}" + (json.dumps(told, ensure_ascii=False) if told else "")


def read_payload(sent: str) -> tuple[str, list[dict[str, Any]]]:
    """The intent and the entities of such a button."""
    intent, brace, told = sent.removeprefix("/").partition("{")
    values = json.loads(brace + told) if brace else {}
    return intent, [{"entity": kind, "value": value} for kind, value in values.items()]
