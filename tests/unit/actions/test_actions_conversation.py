"""The conversation itself: its beginning, details without a request, giving up."""

from __future__ import annotations

from typing import Any

from talk import run, tracker

from actions.conversation import (
    ActionSessionStart,
    ActionStop,
    ActionTakeDetails,
)
from actions.people import ActionHandOver
from cantodesk.assembly import Services
from cantodesk.conversations.notice import NOTICE_VERSION


async def begun(**slots: Any) -> Any:
    return await run(ActionSessionStart(), tracker(slots={"language": None, **slots}))


async def test_a_new_customer_is_told_what_is_kept_of_them(services: Services) -> None:
    done = await begun()
    assert done.replies == ["utter_collection_statement"]
    assert done.slots["notice_version"] == NOTICE_VERSION
    assert done.other == ["session_started", "action"]


async def test_once_is_enough_until_the_statement_changes(services: Services) -> None:
    assert (await begun(notice_version=NOTICE_VERSION)).replies == []
    assert (await begun(notice_version="2020-01")).replies == ["utter_collection_statement"]


async def test_the_statement_is_in_the_language_of_the_first_line(services: Services) -> None:
    done = await begun(session_started_metadata={"language": "en"})
    assert done.slots["language"] == "en"
    assert done.said("utter_collection_statement")["language"] == "en"


async def test_a_chosen_language_is_kept_whatever_the_page_says(services: Services) -> None:
    done = await begun(
        language="zh", language_chosen=True, session_started_metadata={"language": "en"}
    )
    assert done.slots["language"] == "zh"


async def test_a_hint_that_is_no_language_is_ignored(services: Services) -> None:
    assert "language" not in (await begun(session_started_metadata={"language": "xx"})).slots


async def test_orders_and_digits_are_not_carried_over(services: Services) -> None:
    done = await begun(
        language="en", order_id="HK20261234", phone_last4="5678", answers_tried=["a"]
    )
    assert set(done.slots) == {"language", "answers_tried", "notice_version"}


async def test_a_new_session_does_not_wake_the_bot_while_a_person_is_awaited(
    services: Services,
) -> None:
    await run(ActionHandOver(), tracker("搵真人", "request_human"))
    assert (await begun()).other[-1] == "pause"
    elsewhere = await run(ActionSessionStart(), tracker(sender="somebody-else"))
    assert "pause" not in elsewhere.other


async def test_details_alone_are_said_back(services: Services) -> None:
    done = await run(ActionTakeDetails(), tracker(slots={"order_id": "HK20261234"}))
    assert done.said("utter_order_what_next")["order_id"] == "HK20261234"
    assert (await run(ActionTakeDetails(), tracker())).replies == ["utter_details_what_next"]


async def test_giving_up_leaves_the_form_and_forgets_what_it_gathered(services: Services) -> None:
    slots = {"order_id": "HK20261234", "refund_reason": "x"}
    done = await run(ActionStop(), tracker("算啦", "stop", form="refund_form", slots=slots))
    assert done.replies == ["utter_stopped"]
    assert done.left_form
    assert done.slots["refund_reason"] is None
    assert done.slots["requested_slot"] is None
    assert "order_id" not in done.slots


async def test_there_may_be_nothing_to_give_up(services: Services) -> None:
    done = await run(ActionStop(), tracker("算啦", "stop"))
    assert (done.replies, done.events) == (["utter_nothing_to_stop"], [])
