"""The answer to "this or that?", pressed or typed, as Rasa gets it."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    ConversationPaused,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from cantodesk.channels.question_back import Parse, Question, answer_to, open_question

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "slots": {"clarifying": {"type": "list", "mappings": [{"type": "custom"}]}},
    }
)
RANKING = [
    {"name": "nlu_fallback", "confidence": 0.5},
    {"name": "track_refund", "confidence": 0.45},
    {"name": "request_refund", "confidence": 0.35},
]
TOLD = [{"entity": "order_id", "value": "HK20261234"}]
UNCLEAR: Parse = {
    "text": "HK20261234退款",
    "intent": RANKING[0],
    "intent_ranking": RANKING,
    "entities": TOLD,
}
REFUND = '/request_refund{"order_id": "HK20261234"}'
TRACK = '/track_refund{"order_id": "HK20261234"}'
ELSE = {"title": "其他嘢", "payload": "/nlu_fallback"}
PAIR = [
    {"title": "查退款去到邊", "payload": TRACK},
    {"title": "申請退款", "payload": REFUND},
    ELSE,
]
ALONE = [{"title": "係呀", "payload": TRACK}, ELSE]


def talk(
    buttons: list[dict[str, str]], *after: Event, parse: Parse = UNCLEAR
) -> DialogueStateTracker:
    events = [
        UserUttered(parse["text"], parse["intent"], parse["entities"], parse),
        ActionExecuted("action_default_fallback"),
        BotUttered("?", {"buttons": buttons}),
        SlotSet("clarifying", ["track_refund", "request_refund"]),
        *after,
    ]
    return DialogueStateTracker.from_events("someone", events, slots=DOMAIN.slots)


def question(buttons: list[dict[str, str]]) -> Question:
    found = open_question(talk(buttons, ActionExecuted("action_listen")))
    assert found is not None
    return found


async def answer(buttons: list[dict[str, str]], line: str, **own: Any) -> Parse | None:
    async def understood() -> Parse:
        named = {"name": own.pop("intent", "nlu_fallback"), "confidence": 0.9}
        return {"text": line, "intent": named, "entities": [], **own}

    return await answer_to(question(buttons), line, understood)


@pytest.mark.parametrize("line", [REFUND, "2", "第二個", "申請退款", "申請嗰個", "the second one"])
async def test_what_is_picked_is_as_if_it_had_been_said_clearly(line: str) -> None:
    parse = await answer(PAIR, line)
    assert parse is not None
    assert parse["text"] == line
    assert parse["intent"] == {"name": "request_refund", "confidence": 1.0}
    assert parse["intent_ranking"] == [parse["intent"]]
    assert parse["entities"] == TOLD
    assert parse["clarification"] == {"line": "HK20261234退款", "answer": "chosen"}


@pytest.mark.parametrize(
    ("line", "intent"),
    [("/nlu_fallback", ""), ("都唔係", "nlu_fallback"), ("3", "inform"), ("唔係囉喎大佬", "deny")],
)
async def test_something_else(line: str, intent: str) -> None:
    parse = await answer(PAIR, line, intent=intent)
    assert parse is not None
    assert parse["intent"]["name"] == "nlu_fallback"
    assert parse["clarification"]["answer"] == "declined"
    assert parse["entities"] == []


@pytest.mark.parametrize(
    ("line", "intent"), [("係呀", "nlu_fallback"), ("正正係咁", "affirm"), ("yes", "affirm")]
)
async def test_a_yes_where_one_thing_was_asked_about(line: str, intent: str) -> None:
    parse = await answer(ALONE, line, intent=intent)
    assert parse is not None
    assert parse["intent"]["name"] == "track_refund"


async def test_a_yes_to_this_or_that_leaves_the_question_open() -> None:
    parse = await answer(PAIR, "係呀", intent="affirm")
    assert parse is not None
    assert parse["intent_ranking"] == RANKING
    assert parse["intent"]["name"] == "nlu_fallback"
    assert parse["clarification"] == {"line": "HK20261234退款", "answer": "unclear"}
    again = talk(PAIR, ActionExecuted("action_listen"), parse={**parse, "text": "係呀"})
    found = open_question(again)
    assert found is not None
    assert found.line == "HK20261234退款"


async def test_any_other_line_is_understood_as_ever() -> None:
    assert await answer(PAIR, "送貨幾錢", intent="ask_delivery_fee") is None
    assert await answer(PAIR, "x" * 41) is None
    assert await answer(PAIR, "/affirm") is None


async def test_how_an_answer_was_said_still_counts() -> None:
    angry = {"label": "negative", "score": 0.9}
    parse = await answer(PAIR, "申請退款呀仆街", emotion=angry)
    assert parse is not None
    assert (parse["intent"]["name"], parse["emotion"]) == ("request_refund", angry)


async def test_a_letter_or_a_digit_is_in_no_language() -> None:
    english = {"code": "en", "confidence": 0.99}
    short, sentence = (
        await answer(PAIR, "A", language=english),
        await answer(PAIR, "none of these", language=english),
    )
    assert short is not None
    assert "language" not in short
    assert sentence is not None
    assert sentence["language"] == english


LISTEN = ActionExecuted("action_listen")


@pytest.mark.parametrize(
    "tracker",
    [
        None,
        DialogueStateTracker.from_events("someone", [], slots=DOMAIN.slots),
        talk(PAIR, LISTEN, UserUttered("hi"), ActionExecuted("utter_greet"), LISTEN),
        talk(PAIR, ConversationPaused()),
        talk([], LISTEN),
        talk([{"title": "x", "payload": "x"}], LISTEN),
    ],
)
def test_no_question_is_open(tracker: DialogueStateTracker | None) -> None:
    assert open_question(tracker) is None
