"""What a colleague is told of questions back and of turns that failed."""

from __future__ import annotations

from typing import Any

import pytest

from cantodesk.conversations.packets import failed_turns, packet_of

Event = dict[str, Any]


def line(intent: str = "nlu_fallback", answer: str | None = None) -> Event:
    parse: Event = {"intent": {"name": intent}}
    if answer:
        parse["clarification"] = {"line": "退款", "answer": answer}
    return {"event": "user", "text": "…", "parse_data": parse}


def slot(name: str, value: Any) -> Event:
    return {"event": "slot", "name": name, "value": value}


REFUNDS = ["track_refund", "request_refund"]
FAILED = [line("ask_price"), slot("turn_failed", "nothing_found")]
QUESTION = [line(), slot("clarifying", REFUNDS)]
DECLINED = [line(answer="declined"), slot("turn_failed", "something_else")]
PICKED = [line("track_refund", answer="chosen")]


def state(*turns: list[Event]) -> Event:
    slots = {"clarifying": REFUNDS, "order_id": "HK20261234"}
    return {"slots": slots, "events": [event for turn in turns for event in turn]}


def test_the_packet_shows_what_was_offered_and_chosen() -> None:
    packet = packet_of(state(QUESTION, PICKED, QUESTION, DECLINED, QUESTION), "request_human", "r")
    assert packet["clarifications"] == [
        {"offered": REFUNDS, "chosen": "track_refund"},
        {"offered": REFUNDS, "chosen": None},
        {"offered": REFUNDS, "chosen": None},
    ]
    assert packet["slots"] == {"order_id": "HK20261234"}


def test_without_questions_there_is_nothing_to_show() -> None:
    assert packet_of(state(FAILED), "request_human", "r")["clarifications"] == []


@pytest.mark.parametrize(
    ("turns", "failed"),
    [
        ([FAILED, [line()]], 2),
        ([QUESTION, QUESTION, [line()]], 3),
        ([FAILED, QUESTION, [line()]], 3),
        ([QUESTION, DECLINED, QUESTION, DECLINED, [line()]], 3),
        ([QUESTION, PICKED, FAILED], 1),
        ([FAILED, [line("greet")]], 0),
        ([], 0),
    ],
)
def test_failed_turns_are_counted_as_the_policy_counts_them(
    turns: list[list[Event]], failed: int
) -> None:
    assert failed_turns(state(*turns)) == failed
