"""Orders: where it is, and cancelling it."""

from __future__ import annotations

from typing import Any

import pytest
from talk import CANCELLED, DELIVERED, LATE, PACKED, PAID, PLACED, SHIPPED, run, tracker

from actions.orders import (
    ActionAskCancelConfirmed,
    ActionCancelOrder,
    ActionShowOrder,
    ValidateCancelOrderForm,
    ValidateTrackOrderForm,
)
from cantodesk.assembly import Services

WRONG = {"order_id": "HK20261234", "phone_last4": "0000"}


@pytest.mark.parametrize(
    ("known", "reply"),
    [
        (SHIPPED, "utter_order_shipped"),
        (PAID, "utter_order_paid"),
        (PLACED, "utter_order_placed"),
        (CANCELLED, "utter_order_cancelled"),
        (DELIVERED, "utter_order_delivered"),
        (PACKED, "utter_order_packed"),
    ],
)
async def test_an_order_is_told_by_its_state(
    services: Services, known: dict[str, str], reply: str
) -> None:
    done = await run(ActionShowOrder(), tracker(slots=known))
    assert done.replies == [reply]
    assert done.said(reply)["order_id"] == known["order_id"]
    assert not done.failed


async def test_an_order_says_its_goods_and_when_it_comes(services: Services) -> None:
    done = await run(ActionShowOrder(), tracker(slots={**SHIPPED, "language": "en"}))
    told = done.said("utter_order_shipped")
    assert told["items"]
    assert told["courier"]
    assert told["tracking"]
    assert told["expected"] == "Expected Thu 26 Nov."


async def test_a_late_order_says_so_and_offers_to_report_it(services: Services) -> None:
    done = await run(ActionShowOrder(), tracker(slots=LATE))
    assert done.replies == ["utter_order_shipped", "utter_order_late"]
    assert done.said("utter_order_shipped")["expected"] == ""
    assert done.slots["offered"] == "report_missing_delivery"


async def test_a_cancelled_order_says_what_became_of_the_money(services: Services) -> None:
    done = await run(ActionShowOrder(), tracker(slots={**CANCELLED, "language": "en"}))
    assert done.said("utter_order_cancelled")["refund"] == "A refund of HK$598 is on its way."


async def test_nothing_is_told_to_whoever_does_not_know_the_digits(services: Services) -> None:
    done = await run(ActionShowOrder(), tracker(slots=WRONG))
    assert done.replies == ["utter_not_verified"]
    assert done.failed


async def test_an_order_that_does_not_exist_sounds_the_same(services: Services) -> None:
    done = await run(ActionShowOrder(), tracker(slots={**WRONG, "order_id": "HK29999999"}))
    assert done.replies == ["utter_not_verified"]


async def test_without_a_database_there_is_an_apology(broken: Services) -> None:
    assert (await run(ActionShowOrder(), tracker(slots=SHIPPED))).replies == ["utter_unavailable"]


async def cancel(known: dict[str, Any], **more: Any) -> Any:
    return await run(
        ActionCancelOrder(), tracker(slots={**known, "cancel_confirmed": True}, **more)
    )


async def test_an_order_that_was_paid_is_cancelled_and_the_money_comes_back(
    services: Services,
) -> None:
    done = await cancel(PAID)
    assert done.said("utter_cancelled_refund")["amount"] == "HK$498"
    assert done.slots == {"cancel_confirmed": None}
    again = await cancel(PAID)
    assert again.replies == ["utter_order_cancelled"]


async def test_an_order_that_was_not_paid_is_just_cancelled(services: Services) -> None:
    assert (await cancel(PLACED)).replies == ["utter_cancelled"]


async def test_a_no_keeps_the_order(services: Services) -> None:
    done = await run(ActionCancelOrder(), tracker(slots={**PAID, "cancel_confirmed": False}))
    assert done.replies == ["utter_cancel_kept"]
    assert (await run(ActionShowOrder(), tracker(slots=PAID))).replies == ["utter_order_paid"]


async def test_an_order_on_its_way_becomes_a_case_for_a_person(services: Services) -> None:
    done = await cancel(SHIPPED)
    ticket = done.said("utter_cancel_too_late")["ticket"]
    found = services.shop.tickets.find(ticket, services.vault.customer_ref("a-customer")).ticket
    assert found is not None
    assert (found.topic, found.order_id) == ("cancel_order", SHIPPED["order_id"])


async def test_a_delivered_order_is_not_cancelled(services: Services) -> None:
    assert (await cancel(DELIVERED)).replies == ["utter_cancel_delivered"]


async def test_wrong_digits_cancel_nothing(services: Services) -> None:
    done = await cancel({**PAID, "phone_last4": "0000"})
    assert done.replies == ["utter_not_verified"]
    assert (await run(ActionShowOrder(), tracker(slots=PAID))).replies == ["utter_order_paid"]


async def test_before_cancelling_it_is_said_what_would_be_cancelled(services: Services) -> None:
    done = await run(ActionAskCancelConfirmed(), tracker(slots=PAID))
    asked = done.said("utter_confirm_cancel")
    assert (asked["order_id"], asked["total"]) == (PAID["order_id"], "HK$498")


async def test_the_question_is_for_those_who_proved_it_is_theirs(services: Services) -> None:
    done = await run(ActionAskCancelConfirmed(), tracker(slots=WRONG))
    assert done.replies == ["utter_not_verified"]


# --- the forms ---


async def tracked(**given: Any) -> Any:
    return await run(ValidateTrackOrderForm(), tracker(form="track_order_form", **given))


async def test_the_form_asks_for_the_number_then_for_the_digits(services: Services) -> None:
    first = await tracked(intent="track_order")
    assert first.slots == {"requested_slot": "order_id"}
    then = await tracked(asked="order_id", given={"order_id": "hk 2026-1234"})
    assert then.slots == {"order_id": "HK20261234", "requested_slot": "phone_last4"}
    last = await tracked(
        asked="phone_last4", slots={"order_id": "HK20261234"}, given={"phone_last4": "9123 5678"}
    )
    assert last.slots == {"phone_last4": "5678", "requested_slot": None}
    assert last.replies == []


@pytest.mark.parametrize(
    ("asked", "given", "reply"),
    [
        ("order_id", {"order_id": "唔記得"}, "utter_order_id_refused"),
        ("phone_last4", {"phone_last4": "冇"}, "utter_phone_last4_refused"),
    ],
)
async def test_what_is_no_answer_is_refused_and_asked_again(
    services: Services, asked: str, given: dict[str, str], reply: str
) -> None:
    slots = {"order_id": "HK20261234"} if asked == "phone_last4" else {}
    done = await tracked(asked=asked, given=given, slots=slots)
    assert done.replies == [reply]
    assert done.slots[asked] is None
    assert done.slots["requested_slot"] == asked
    assert done.failed


async def test_wrong_digits_are_said_and_asked_for_again(services: Services) -> None:
    done = await tracked(
        asked="phone_last4", slots={"order_id": "HK20261234"}, given={"phone_last4": "0000"}
    )
    assert done.replies == ["utter_not_verified"]
    assert done.slots == {
        "phone_last4": None, "turn_failed": "not_verified", "requested_slot": "phone_last4",
    }  # fmt: skip


async def test_digits_of_an_earlier_order_are_no_fault_of_the_customers(services: Services) -> None:
    done = await tracked(
        slots={"phone_last4": "0000"},
        given={"order_id": "HK20261234"},
        entities=[("order_id", "HK20261234")],
    )
    assert done.replies == []
    assert not done.failed
    assert done.slots["requested_slot"] == "phone_last4"


async def test_after_too_many_tries_the_form_is_left(services: Services) -> None:
    for _ in range(20):
        done = await tracked(
            asked="phone_last4", slots={"order_id": "HK20261234"}, given={"phone_last4": "0000"}
        )
        if done.replies == ["utter_order_locked"]:
            break
    assert done.replies == ["utter_order_locked"]
    assert done.left_form
    assert done.failed
    right = await run(ActionShowOrder(), tracker(slots=SHIPPED))
    assert right.replies == ["utter_order_locked"]


async def test_another_request_is_heard_in_the_middle_of_the_form(services: Services) -> None:
    done = await tracked(intent="cancel_order", asked="order_id", given={"order_id": "HK20261234"})
    assert done.other == ["action_execution_rejected"]
    unsure = await tracked(
        intent="cancel_order", confidence=0.4, asked="order_id", given={"order_id": "HK20261234"}
    )
    assert unsure.other == []


async def test_nothing_is_asked_where_nothing_can_be_cancelled(services: Services) -> None:
    for known, asked in ((SHIPPED, None), (PAID, "cancel_confirmed")):
        done = await run(
            ValidateCancelOrderForm(),
            tracker(
                form="cancel_order_form",
                asked="phone_last4",
                slots={"order_id": known["order_id"]},
                given={"phone_last4": known["phone_last4"]},
            ),
        )
        assert done.slots["requested_slot"] == asked


async def test_another_order_named_at_the_question_is_no_yes(services: Services) -> None:
    done = await run(
        ValidateCancelOrderForm(),
        tracker(
            form="cancel_order_form",
            asked="cancel_confirmed",
            slots=PAID,
            given={"cancel_confirmed": True, "order_id": "HK20261234"},
            entities=[("order_id", "HK20261234")],
        ),
    )
    assert done.slots["cancel_confirmed"] is None
    assert done.slots["order_id"] == "HK20261234"
