"""Asking for a refund, once, and asking where it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from business_samples import StandingClock, at_once, demo_business
from sqlalchemy import Engine, select

from cantodesk.services.business import Business, RefundPolicy
from cantodesk.services.refunds import RefundLookup, RefundRequest, RefundVerdict
from cantodesk.services.shop import Shop
from cantodesk.storage.business_tables import Refund, RefundKind, RefundStatus
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

DELIVERED, LAST4 = "HK20262001", "3333"
REF = "c" * 64


@pytest.fixture
def business() -> Business:
    """The demo's shop, taking back earphones too: its demo order of two articles has a pair."""
    shop = demo_business()
    return shop.model_copy(update={"refund_policy": RefundPolicy(return_days=14)})


def money_rows(engine: Engine, order_id: str) -> list[Refund]:
    with session(engine, reading=True) as opened:
        return list(
            opened.scalars(
                select(Refund).where(Refund.order_id == order_id, Refund.kind == "refund")
            )
        )


def test_a_delivered_order_within_the_period_is_taken_back(shop: Shop, engine: Engine) -> None:
    answer = shop.refunds.request(DELIVERED, LAST4, conversation_ref=REF, reason="細咗")
    assert answer.status is RefundRequest.REQUESTED
    assert answer.refund is not None
    assert answer.refund.amount_hkd == Decimal(1328)
    assert answer.refund.status is RefundStatus.REQUESTED
    assert answer.refund.requested_on == date(2026, 11, 24)
    assert len(money_rows(engine, DELIVERED)) == 1


def test_one_article_is_taken_back_for_its_price(shop: Shop) -> None:
    answer = shop.refunds.request(DELIVERED, LAST4, conversation_ref=REF, item="SH-TR-4201")
    assert answer.refund is not None
    assert (answer.refund.amount_hkd, answer.refund.sku) == (Decimal(629), "SH-TR-4201")


def test_the_return_period_is_the_one_customers_are_told(
    shop: Shop, engine: Engine, clock: StandingClock
) -> None:
    answer = shop.refunds.request("HK20262002", LAST4, conversation_ref=REF)
    assert answer.status is RefundRequest.NOT_ELIGIBLE
    assert answer.assessment is not None
    assert answer.assessment.verdict is RefundVerdict.TOO_LATE
    assert answer.assessment.last_day == date(2026, 10, 19)
    assert money_rows(engine, "HK20262002") == []


def test_asking_again_gives_the_first_request(shop: Shop, engine: Engine) -> None:
    first = shop.refunds.request(DELIVERED, LAST4, conversation_ref=REF)
    again = shop.refunds.request(DELIVERED, LAST4, conversation_ref="d" * 64, item="SH-TR-4201")
    assert again.status is RefundRequest.ALREADY_REQUESTED
    assert again.refund == first.refund
    assert len(money_rows(engine, DELIVERED)) == 1


def test_two_requests_at_once_write_one_row(shop: Shop, engine: Engine) -> None:
    def ask(_: int) -> RefundRequest:
        return shop.refunds.request(DELIVERED, LAST4, conversation_ref=REF, reason="x").status

    answers = at_once(4, ask)
    assert sorted(answers) == sorted(
        [RefundRequest.REQUESTED] + [RefundRequest.ALREADY_REQUESTED] * 3
    )
    assert len(money_rows(engine, DELIVERED)) == 1


def test_the_reason_is_sealed_with_the_customers_key(
    shop: Shop, engine: Engine, vault: Vault
) -> None:
    shop.refunds.request(DELIVERED, LAST4, conversation_ref=REF, reason="阿媽住院，唔再需要 🙏")
    row = money_rows(engine, DELIVERED)[0]
    assert row.reason is not None
    assert "住院".encode() not in row.reason
    assert vault.open(REF, "refund", row.uid, row.reason).decode() == "阿媽住院，唔再需要 🙏"


def test_a_reason_that_is_no_proper_text_is_still_taken(shop: Shop) -> None:
    answer = shop.refunds.request(
        DELIVERED, LAST4, conversation_ref=REF, reason="\ud83d" + "長" * 9999
    )
    assert answer.status is RefundRequest.REQUESTED


def test_a_refund_rejected_today_does_not_stand_in_the_way_of_a_cancellation(
    shop: Shop, engine: Engine
) -> None:
    with session(engine) as opened:
        opened.add(
            Refund(
                uid="b" * 32,
                order_id="HK20261235",
                kind=RefundKind.REFUND,
                amount_hkd=Decimal(1),
                status=RefundStatus.REJECTED,
                requested_on=date(2026, 11, 24),
            )
        )
    refund = shop.orders.cancel("HK20261235", "5678").refund
    assert refund is not None
    assert (refund.amount_hkd, refund.status) == (Decimal(498), RefundStatus.REQUESTED)


def test_a_customer_sees_every_refund_of_the_order(shop: Shop) -> None:
    shop.refunds.request(DELIVERED, LAST4, conversation_ref=REF)
    answer = shop.refunds.status(DELIVERED, LAST4)
    assert answer.status is RefundLookup.FOUND
    assert [refund.kind for refund in answer.refunds] == [RefundKind.REBATE, RefundKind.REFUND]


def test_a_rebate_is_asked_for_apart(shop: Shop) -> None:
    answer = shop.refunds.status("HK20262002", LAST4, RefundKind.REBATE)
    assert [refund.status for refund in answer.refunds] == [RefundStatus.PAID]
    assert answer.refunds[0].amount_hkd == Decimal("18.40")
    assert shop.refunds.status("HK20262002", LAST4, RefundKind.REFUND).status is RefundLookup.NONE


def test_nobody_else_asks_or_sees(shop: Shop, engine: Engine) -> None:
    assert shop.refunds.status(DELIVERED, "0000").status is RefundLookup.NOT_VERIFIED
    asked = [shop.refunds.request(DELIVERED, "0000", conversation_ref=REF) for _ in range(2)]
    assert [answer.status for answer in asked] == [RefundRequest.NOT_VERIFIED, RefundRequest.LOCKED]
    assert shop.refunds.status(DELIVERED, LAST4).status is RefundLookup.LOCKED
    assert money_rows(engine, DELIVERED) == []


def test_without_a_database_refunds_are_unavailable(
    shop: Shop, broken_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = broken_shop.refunds.request(DELIVERED, LAST4, conversation_ref=REF)
    assert asked.status is RefundRequest.UNAVAILABLE
    monkeypatch.setattr(broken_shop.refunds._identity, "verify", shop.identity.verify)
    assert broken_shop.refunds.status(DELIVERED, LAST4).status is RefundLookup.UNAVAILABLE
    asked = broken_shop.refunds.request(DELIVERED, LAST4, conversation_ref=REF)
    assert asked.status is RefundRequest.UNAVAILABLE
