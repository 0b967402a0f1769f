"""Refunds: the policy says yes, no, or ask a person."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from talk import (
    CANCELLED,
    CANCELLED_UNPAID,
    DELIVERED,
    DELIVERED_ONE,
    OLD,
    PLACED,
    SENDER,
    SHIPPED,
    run,
    tracker,
)

from actions.refunds import (
    WHOLE,
    ActionAskRefundItem,
    ActionRequestRefund,
    ValidateRefundForm,
    chosen_item,
    the_only_item,
)
from cantodesk.assembly import Services
from cantodesk.services.orders import OrderItemView, OrderView
from cantodesk.services.trilingual import Trilingual
from cantodesk.storage.business_tables import OrderStatus, PaymentStatus

ORDER = OrderView(
    "HK20261234", OrderStatus.DELIVERED, PaymentStatus.PAID, datetime.now(UTC), Decimal(1),
    None, None, None, None, False,
    (
        OrderItemView("A", "hair dryer", Trilingual("2000W高速風筒", "high-speed hair dryer", "高速吹风机"), 1, Decimal(1)),
        OrderItemView("B", "towel", Trilingual("純棉毛巾", "small cotton towel", "纯棉毛巾"), 2, Decimal(1)),
    ),
    (),
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "sku"),
    [
        ("1", "A"),
        ("2", "B"),
        ("3", WHOLE),
        ("第二個", "B"),
        ("二", "B"),
        ("2.", "B"),
        ("4", None),
        ("0", None),
        ("風筒", "A"),
        ("個風筒", None),
        ("2000W高速風筒", "A"),
        ("cotton towel", "B"),
        ("the hair dryer please", "A"),
        ("純棉毛巾", "B"),
        ("全部", WHOLE),
        ("成張單", WHOLE),
        ("all", WHOLE),
        ("all of them", WHOLE),
        ("Everything", WHOLE),
        ("唔知", None),
        ("", None),
    ],
)
def test_an_article_is_chosen_by_number_by_name_or_all(said: str, sku: str | None) -> None:
    assert chosen_item(ORDER, said) == sku


def test_the_only_article_of_a_kind_needs_no_question() -> None:
    assert the_only_item(ORDER, "towel") == "B"
    assert the_only_item(ORDER, None) is None
    assert the_only_item(ORDER, "sofa") is None


async def asked(known: dict[str, Any], **more: Any) -> Any:
    slots = {**known, "refund_item": WHOLE, "refund_reason": "唔啱用", **more}
    return await run(ActionRequestRefund(), tracker(slots=slots))


async def test_goods_within_the_time_are_refunded_and_a_case_says_how(services: Services) -> None:
    done = await asked(DELIVERED_ONE)
    told = done.said("utter_refund_requested")
    assert told["amount"] == "HK$459"
    ticket = services.shop.tickets.find(told["ticket"], services.vault.customer_ref(SENDER)).ticket
    assert ticket is not None
    assert ticket.topic == "request_refund"
    assert done.slots == {"refund_item": None, "refund_reason": None}


async def test_asking_twice_gives_one_refund(services: Services) -> None:
    await asked(DELIVERED_ONE)
    assert (await asked(DELIVERED_ONE)).replies == ["utter_refund_already"]


@pytest.mark.parametrize(
    ("known", "reply"),
    [
        (SHIPPED, "utter_refund_not_delivered"),
        (OLD, "utter_refund_too_late"),
        (CANCELLED, "utter_refund_already"),
        (CANCELLED_UNPAID, "utter_order_cancelled"),
        (PLACED, "utter_refund_not_paid"),
    ],
)
async def test_a_no_says_why(services: Services, known: dict[str, str], reply: str) -> None:
    assert (await asked(known)).replies == [reply]


async def test_wrong_digits_refund_nothing(services: Services) -> None:
    done = await asked({**DELIVERED_ONE, "phone_last4": "0000"})
    assert done.replies == ["utter_not_verified"]
    assert done.failed


async def test_an_article_that_is_not_in_the_order_goes_to_a_person(services: Services) -> None:
    done = await asked(DELIVERED_ONE, refund_item="NO-SUCH-SKU")
    assert done.replies == ["utter_refund_for_a_person"]


async def test_the_goods_are_listed_with_buttons(services: Services) -> None:
    done = await run(ActionAskRefundItem(), tracker(slots=DELIVERED))
    question = done.said("utter_choose_refund_item")
    assert [b["payload"] for b in question["buttons"]] == ["1", "2", "3"]
    assert question["buttons"][-1]["title"] == "全部"
    assert question["items"].count("\n") == 3


async def validated(**given: Any) -> Any:
    return await run(ValidateRefundForm(), tracker(form="refund_form", **given))


async def test_an_order_of_one_article_asks_only_for_the_reason(services: Services) -> None:
    done = await validated(
        asked="phone_last4",
        slots={"order_id": DELIVERED_ONE["order_id"]},
        given={"phone_last4": DELIVERED_ONE["phone_last4"]},
    )
    assert done.slots["refund_item"]
    assert done.slots["requested_slot"] == "refund_reason"


async def test_where_the_policy_refuses_the_reason_is_not_asked_for(services: Services) -> None:
    done = await validated(
        asked="phone_last4",
        slots={"order_id": OLD["order_id"]},
        given={"phone_last4": OLD["phone_last4"]},
    )
    assert done.slots["requested_slot"] is None


async def test_an_article_that_is_none_is_asked_for_again(services: Services) -> None:
    done = await validated(asked="refund_item", slots=DELIVERED, given={"refund_item": "唔知"})
    assert done.replies == ["utter_refund_item_refused"]
    assert done.slots["requested_slot"] == "refund_item"
    assert done.failed


async def test_a_number_of_the_list_is_an_article(services: Services) -> None:
    done = await validated(asked="refund_item", slots=DELIVERED, given={"refund_item": "2"})
    assert done.slots["refund_item"]
    assert done.slots["requested_slot"] == "refund_reason"


async def test_an_article_may_be_named_by_its_kind(services: Services) -> None:
    done = await validated(
        text="退對波鞋",
        asked="refund_item",
        slots=DELIVERED,
        given={"refund_item": "退對波鞋"},
        entities=[("product", "trainers")],
    )
    assert done.slots["refund_item"] == "SH-TR-4201"
