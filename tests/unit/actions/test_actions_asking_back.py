"""A line that is not clear is answered with a question, not with a guess."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Outcome, action, ranked, run, slot, tracker, user

from actions.knowledge import ActionAnswerQuestion, ActionDefaultFallback
from cantodesk.assembly import Services
from cantodesk.dialogue.clarification import CLARIFICATION

LISTEN = action("action_listen")
REFUNDS = ranked(track_refund=0.5, request_refund=0.35)
ELSE = {"yue": "其他嘢", "en": "Something else", "zh": "都不是"}


async def unclear(text: str = "zzzz qqqq", **more: Any) -> Outcome:
    return await run(ActionDefaultFallback(), tracker(text, "nlu_fallback", **more))


@pytest.mark.parametrize(
    ("language", "first", "second", "titles"),
    [
        ("yue", "查退款去到邊", "申請退款", ["查退款去到邊", "申請退款"]),
        ("en", "check on a refund", "ask for a refund", ["Check on a refund", "Ask for a refund"]),
        ("zh", "查退款进度", "申请退款", ["查退款进度", "申请退款"]),
    ],
)
async def test_two_likely_things_are_both_named(
    services: Services, language: str, first: str, second: str, titles: list[str]
) -> None:
    done = await unclear(slots={"language": language}, parse=REFUNDS)
    said = done.said("utter_clarify")
    assert (said["first"], said["second"]) == (first, second)
    assert [button["title"] for button in said["buttons"]] == [*titles, ELSE[language]]
    assert not done.failed
    assert done.slots["clarifying"] == ["track_refund", "request_refund"]


async def test_the_likelier_comes_first(services: Services) -> None:
    done = await unclear(parse=ranked(request_refund=0.35, track_refund=0.5))
    assert done.said("utter_clarify")["first"] == "查退款去到邊"


async def test_the_buttons_keep_what_the_line_told(services: Services) -> None:
    told = [("order_id", "HK20261234"), ("product", "氣炸鍋"), ("product", "風筒")]
    done = await unclear(entities=told, parse=REFUNDS)
    assert [button["payload"] for button in done.said("utter_clarify")["buttons"]] == [
        '/track_refund{"order_id": "HK20261234", "product": "氣炸鍋"}',
        '/request_refund{"order_id": "HK20261234", "product": "氣炸鍋"}',
        "/nlu_fallback",
    ]


@pytest.mark.parametrize(
    "ranking",
    [
        ranked(track_refund=0.4, request_refund=0.1),
        ranked(out_of_scope=0.5, track_refund=0.4),
        ranked(track_refund=0.4, out_of_scope=0.35),
    ],
)
async def test_one_likely_thing_is_asked_about_alone(
    services: Services, ranking: dict[str, Any]
) -> None:
    done = await unclear(parse=ranking)
    said = done.said("utter_clarify_one")
    assert said["first"] == "查退款去到邊"
    assert [(b["title"], b["payload"]) for b in said["buttons"]] == [
        ("係呀", "/track_refund"),
        ("其他嘢", "/nlu_fallback"),
    ]
    assert not done.failed


@pytest.mark.parametrize(
    "ranking",
    [
        ranked(track_refund=0.2, request_refund=0.1),
        ranked(track_refund=0.3, request_refund=0.2, cancel_order=0.2),
        ranked(affirm=0.5, track_refund=0.4),
        ranked(track_refund=0.5, thank=0.4),
        ranked(inform=0.6),
        {},
    ],
)
async def test_anything_else_is_asked_in_other_words_as_before(
    services: Services, ranking: dict[str, Any]
) -> None:
    done = await unclear(parse=ranking)
    assert (done.replies, done.failed) == (["utter_rephrase"], True)


async def test_knowledge_that_has_the_very_words_is_better_than_a_question(
    services: Services,
) -> None:
    done = await unclear("How much is delivery?", slots={"language": "en"}, parse=REFUNDS)
    assert done.replies[0].startswith("Delivery is free")
    assert "clarifying" not in done.slots


async def test_something_else_invites_other_words_and_offers_a_person(services: Services) -> None:
    declined = {CLARIFICATION: {"line": "退款", "answer": "declined"}}
    done = await unclear("/nlu_fallback", parse=declined)
    assert (done.replies, done.failed) == (["utter_something_else"], True)


async def test_after_an_open_question_other_words_are_asked_for_differently(
    services: Services,
) -> None:
    before = [user("退款", "nlu_fallback"), slot("clarifying", ["a", "b"]), LISTEN]
    done = await unclear(before=before)
    assert done.replies == ["utter_rephrase_again"]


BEGUN = [
    user("張單呢", "track_order"),
    action("track_order_form"),
    {"event": "active_loop", "name": "track_order_form"},
    LISTEN,
]
IN_FORM: dict[str, Any] = {"form": "track_order_form", "asked": "order_id", "before": BEGUN}


async def test_inside_a_form_two_other_requests_are_asked_about(services: Services) -> None:
    done = await unclear(parse=REFUNDS, **IN_FORM)
    assert done.replies == ["utter_clarify"]
    # The form is held open, and nothing else is said until there is an answer.
    assert {"event": "active_loop", "timestamp": None, "name": "track_order_form"} in done.events
    assert done.events[-1]["event"] == "followup"
    assert not done.failed


@pytest.mark.parametrize(
    "ranking",
    [
        ranked(track_order=0.5, request_refund=0.35),
        ranked(inform=0.5, request_refund=0.35),
        ranked(request_refund=0.5),
    ],
)
async def test_inside_a_form_what_may_be_its_answer_is_left_to_it(
    services: Services, ranking: dict[str, Any]
) -> None:
    done = await unclear(parse=ranking, **IN_FORM)
    assert (done.replies, done.failed) == (["utter_rephrase"], True)


async def test_what_a_form_serves_is_no_interruption(services: Services) -> None:
    form: dict[str, Any] = {"form": "stock_form", "asked": "product"}
    done = await unclear(parse=ranked(ask_price=0.5, ask_delivery_fee=0.35), **form)
    assert done.replies == ["utter_rephrase"]


async def test_on_the_last_chance_a_form_asks_nothing_more(services: Services) -> None:
    done = await unclear(parse=REFUNDS, slots={"last_chance": True}, **IN_FORM)
    assert (done.replies, done.failed) == (["utter_rephrase"], True)


async def test_what_was_picked_is_answered_with_the_words_of_the_unclear_line(
    services: Services,
) -> None:
    picked = {CLARIFICATION: {"line": "How much is delivery?", "answer": "chosen"}}
    line = tracker("2", "ask_delivery_fee", slots={"language": "en"}, parse=picked)
    done = await run(ActionAnswerQuestion(), line)
    assert done.replies[0].startswith("Delivery is free on orders of HK$300")


async def test_where_the_unclear_line_says_too_little_the_title_is_looked_up(
    services: Services,
) -> None:
    picked = {CLARIFICATION: {"line": "zzzz qqqq", "answer": "chosen"}}
    line = tracker("2", "ask_return_policy", slots={"language": "en"}, parse=picked)
    done = await run(ActionAnswerQuestion(), line)
    assert "utter_no_answer" not in done.replies
