"""Cases: what a colleague has to do becomes a ticket."""

from __future__ import annotations

from typing import Any

import pytest
from talk import LATE, SENDER, action, run, tracker, user

from actions.cases import (
    HERE,
    NO_ORDER,
    ActionAcceptOffer,
    ActionAskCaseDetails,
    ActionBeginCase,
    ActionOpenCase,
    ValidateCaseForm,
    contact_in,
    is_story,
)
from actions.orders import ActionShowOrder
from cantodesk.assembly import Services


@pytest.mark.parametrize(
    ("said", "contact"),
    [
        ("9123 4567", "+85291234567"),
        ("打俾我 +852 9123-4567", "+85291234567"),
        ("email Chan.TM@Example.hk please", "chan.tm@example.hk"),
        ("喺呢度覆我", HERE),
        ("here is fine", HERE),
        ("唔使喇", HERE),
        ("HK91234567", None),
        ("hmm", None),
        ("", None),
    ],
)
def test_a_contact_is_a_telephone_an_address_or_this_chat(said: str, contact: str | None) -> None:
    assert contact_in(said) == contact


@pytest.mark.parametrize(
    ("said", "story"),
    [
        ("投訴", False),
        ("你哋個速遞員亂掟我件貨喺門口仲要鬧我", True),
        ("I want to complain", False),
        ("your courier threw my parcel over the gate and then shouted", True),
        ("", False),
    ],
)
def test_a_long_line_is_the_story_itself(said: str, story: bool) -> None:
    assert is_story(said) == story


async def begun(text: str, intent: str, **more: Any) -> Any:
    return await run(ActionBeginCase(), tracker(text, intent, **more))


async def test_a_case_begins_with_its_topic(services: Services) -> None:
    done = await begun("我要投訴", "complain")
    assert done.slots == {"case_topic": "complain", "case_details": None, "case_contact": None}


async def test_a_story_need_not_be_told_again(services: Services) -> None:
    told = "你哋個速遞員亂掟我件貨喺門口仲要鬧我"
    assert (await begun(told, "complain")).slots["case_details"] == told


async def test_a_contact_in_the_line_is_kept(services: Services) -> None:
    done = await begun("我要投訴", "complain", entities=[("phone", "+85291234567")])
    assert done.slots["case_contact"] == "+85291234567"


async def test_said_again_it_is_added_to_what_was_told(services: Services) -> None:
    done = await begun(
        "仲有好臭", "report_nuisance", form="case_form",
        slots={"case_topic": "report_nuisance", "case_details": "隔籬好嘈"},
    )  # fmt: skip
    assert done.slots["case_details"] == "隔籬好嘈\n仲有好臭"


@pytest.mark.parametrize(
    ("topic", "reply"),
    [
        ("complain", "utter_ask_case_details_complain"),
        ("report_repair", "utter_ask_case_details_report_repair"),
        ("edit_account", "utter_ask_case_details"),
        (None, "utter_ask_case_details"),
    ],
)
async def test_the_question_fits_the_topic(
    services: Services, topic: str | None, reply: str
) -> None:
    assert (await run(ActionAskCaseDetails(), tracker(slots={"case_topic": topic}))).replies == [
        reply
    ]


async def opened(**slots: Any) -> Any:
    return await run(ActionOpenCase(), tracker(slots={"case_details": "爛咗", **slots}))


async def test_a_ticket_holds_what_was_told_sealed(services: Services) -> None:
    done = await opened(case_topic="report_repair", case_contact="+85291234567")
    number = done.said("utter_case_opened")["ticket"]
    contents = services.shop.tickets.contents(number)
    assert contents.details == {"told": "爛咗"}
    assert contents.contact == "+85291234567"
    view = services.shop.tickets.find(number, services.vault.customer_ref(SENDER)).ticket
    assert view is not None
    assert (view.topic, view.department) == ("report_repair", "property")


async def test_here_is_no_contact_and_none_is_no_order(services: Services) -> None:
    done = await opened(case_topic="request_exchange", order_id=NO_ORDER, case_contact=HERE)
    number = done.said("utter_case_opened")["ticket"]
    assert services.shop.tickets.contents(number).contact is None
    view = services.shop.tickets.find(number, services.vault.customer_ref(SENDER)).ticket
    assert view is not None
    assert view.order_id is None
    assert done.slots["order_id"] is None


async def test_an_order_that_is_known_stays_known(services: Services) -> None:
    done = await opened(case_topic="request_exchange", order_id="HK20261234", case_contact=HERE)
    assert "order_id" not in done.slots
    assert done.slots["case_topic"] is None


async def test_the_same_line_opens_one_ticket(services: Services) -> None:
    first, again = await opened(case_topic="complain"), await opened(case_topic="complain")
    assert first.messages[0]["ticket"] == again.messages[0]["ticket"]


async def test_without_a_database_no_ticket_is_promised(broken: Services) -> None:
    done = await opened(case_topic="complain")
    assert done.replies == ["utter_unavailable"]
    assert done.failed


async def validated(**given: Any) -> Any:
    return await run(ValidateCaseForm(), tracker(form="case_form", **given))


@pytest.mark.parametrize(
    ("topic", "asked"), [("request_exchange", "order_id"), ("complain", "case_details")]
)
async def test_only_what_concerns_an_order_asks_for_one(
    services: Services, topic: str, asked: str
) -> None:
    assert (await validated(slots={"case_topic": topic})).slots["requested_slot"] == asked


@pytest.mark.parametrize(
    ("said", "order_id"),
    [
        ("hk 2026 1234", "HK20261234"),
        ("唔記得", NO_ORDER),
        ("冇", NO_ORDER),
        ("no", NO_ORDER),
        ("none.", NO_ORDER),
        ("I forgot", NO_ORDER),
        ("forgot it", NO_ORDER),
        ("I don't know", NO_ORDER),
        ("don't have one", NO_ORDER),
        ("n/a", NO_ORDER),
        ("November", None),
        ("not HK2026", None),
        ("nothing", None),
        ("1234", None),
    ],
)
async def test_a_case_can_be_opened_without_an_order_number(
    services: Services, said: str, order_id: str | None
) -> None:
    done = await validated(
        text=said,
        asked="order_id",
        slots={"case_topic": "request_exchange"},
        given={"order_id": said},
    )
    assert done.slots["order_id"] == order_id
    assert done.failed == (order_id is None)


@pytest.mark.parametrize(
    ("slot", "said", "reply"),
    [
        ("case_details", "唔", "utter_case_details_refused"),
        ("case_contact", "hmm", "utter_case_contact_refused"),
    ],
)
async def test_too_little_is_asked_for_again(
    services: Services, slot: str, said: str, reply: str
) -> None:
    done = await validated(
        text=said,
        asked=slot,
        slots={"case_topic": "complain", "case_details": "夠長嘅故事"},
        given={slot: said},
    )
    assert done.replies == [reply]
    assert done.slots["requested_slot"] == slot


async def test_a_telephone_in_the_story_is_not_asked_for_again(services: Services) -> None:
    done = await validated(
        text="個門鎖壞咗 91234567",
        asked="case_details",
        slots={"case_topic": "report_repair"},
        given={"case_details": "個門鎖壞咗 91234567"},
        entities=[("phone", "+85291234567")],
    )
    assert done.slots["case_contact"] == "+85291234567"
    assert done.slots["requested_slot"] is None


async def test_a_yes_right_after_an_offer_takes_it(services: Services) -> None:
    late = await run(ActionShowOrder(), tracker(slots=LATE))
    before = [user("查單"), action("action_show_order"), action("action_listen")]
    done = await run(
        ActionAcceptOffer(), tracker("好呀", "affirm", slots=late.slots, before=before)
    )
    assert done.slots["case_topic"] == "report_missing_delivery"
    assert done.slots["offered"] is None
    assert done.other == ["followup"]


async def test_a_yes_to_nothing_is_only_polite(services: Services) -> None:
    done = await run(ActionAcceptOffer(), tracker("好呀", "affirm"))
    assert (done.replies, done.events) == (["utter_affirm"], [])
    stale = [user("查單"), action("action_show_order"), user("hi"), action("utter_greet")]
    late = await run(
        ActionAcceptOffer(),
        tracker("好呀", "affirm", slots={"offered": "report_missing_delivery"}, before=stale),
    )
    assert late.replies == ["utter_affirm"]
