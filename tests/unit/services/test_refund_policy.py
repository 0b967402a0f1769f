"""What the refund policy says, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from business_samples import hong_kong

from cantodesk.services.business import RefundPolicy
from cantodesk.services.orders import OrderItemView, OrderView
from cantodesk.services.refund_rows import RefundView
from cantodesk.services.refunds import RefundVerdict, assess_refund
from cantodesk.services.trilingual import Trilingual
from cantodesk.storage.business_tables import OrderStatus, PaymentStatus, RefundKind, RefundStatus

TODAY = date(2026, 11, 24)
NAME = Trilingual("名", "name", "名")
PHONES = OrderItemView("EL-1", "earphones", NAME, 2, Decimal("100.50"))
SHOES = OrderItemView("SH-1", "trainers", NAME, 1, Decimal("64"))
ORDER = OrderView(
    order_id="HK20260001",
    status=OrderStatus.DELIVERED,
    payment_status=PaymentStatus.PAID,
    placed_at=hong_kong("2026-11-10 10:00"),
    total_hkd=Decimal("300"),
    courier=None,
    tracking_no=None,
    eta=None,
    delivered_at=hong_kong("2026-11-20 15:00"),
    late=False,
    items=(PHONES, SHOES),
    refunds=(),
)


def refund(
    status: RefundStatus,
    amount: str = "300",
    sku: str | None = None,
    kind: RefundKind = RefundKind.REFUND,
) -> RefundView:
    return RefundView(kind, Decimal(amount), status, date(2026, 11, 21), None, sku)


def verdict(order: OrderView, item: str | None = None, policy: RefundPolicy | None = None) -> str:
    return assess_refund(policy or RefundPolicy(), order, item, TODAY).verdict


def test_a_whole_order_pays_back_its_goods_and_not_its_delivery() -> None:
    assessment = assess_refund(RefundPolicy(), ORDER, None, TODAY)
    assert assessment.verdict is RefundVerdict.ELIGIBLE
    assert assessment.amount_hkd == Decimal("265.00")
    assert assessment.last_day == date(2026, 12, 4)


def test_a_policy_may_pay_the_delivery_back_too() -> None:
    policy = RefundPolicy(refund_delivery_fee=True)
    assert assess_refund(policy, ORDER, None, TODAY).amount_hkd == Decimal("300")
    assert assess_refund(policy, ORDER, "SH-1", TODAY).amount_hkd == Decimal("64")


def test_one_article_pays_back_all_its_pieces() -> None:
    assert assess_refund(RefundPolicy(), ORDER, "EL-1", TODAY).amount_hkd == Decimal("201.00")


@pytest.mark.parametrize(
    ("delivered", "today", "expected"),
    [
        ("2026-11-20 00:00", date(2026, 12, 4), RefundVerdict.ELIGIBLE),
        ("2026-11-20 23:59", date(2026, 12, 4), RefundVerdict.ELIGIBLE),
        ("2026-11-20 00:00", date(2026, 12, 5), RefundVerdict.TOO_LATE),
    ],
)
def test_the_last_day_still_counts(delivered: str, today: date, expected: RefundVerdict) -> None:
    delivered_at: datetime = hong_kong(delivered)
    order = replace(ORDER, delivered_at=delivered_at)
    assert assess_refund(RefundPolicy(return_days=14), order, None, today).verdict is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (OrderStatus.PLACED, RefundVerdict.NOT_DELIVERED),
        (OrderStatus.PAID, RefundVerdict.NOT_DELIVERED),
        (OrderStatus.PACKED, RefundVerdict.NOT_DELIVERED),
        (OrderStatus.SHIPPED, RefundVerdict.NOT_DELIVERED),
        (OrderStatus.OUT_FOR_DELIVERY, RefundVerdict.NOT_DELIVERED),
        (OrderStatus.DELIVERED, RefundVerdict.ELIGIBLE),
        (OrderStatus.CANCELLED, RefundVerdict.CANCELLED),
        (OrderStatus.RETURNED, RefundVerdict.RETURNED),
    ],
)
def test_each_status_of_an_order(status: OrderStatus, expected: RefundVerdict) -> None:
    assert verdict(replace(ORDER, status=status)) == expected


@pytest.mark.parametrize(
    ("refunds", "expected"),
    [
        ([refund(RefundStatus.REQUESTED)], RefundVerdict.ALREADY_REQUESTED),
        ([refund(RefundStatus.APPROVED)], RefundVerdict.ALREADY_REQUESTED),
        ([refund(RefundStatus.PAID)], RefundVerdict.ALREADY_REFUNDED),
        ([refund(RefundStatus.PAID, "64")], RefundVerdict.PARTLY_REFUNDED),
        ([refund(RefundStatus.REJECTED)], RefundVerdict.REJECTED),
        ([refund(RefundStatus.PAID, kind=RefundKind.REBATE)], RefundVerdict.ELIGIBLE),
        ([refund(RefundStatus.REQUESTED, kind=RefundKind.EXCHANGE)], RefundVerdict.ELIGIBLE),
    ],
)
def test_what_went_back_before(refunds: list[RefundView], expected: RefundVerdict) -> None:
    assert verdict(replace(ORDER, refunds=tuple(refunds))) == expected


def test_the_same_article_is_not_paid_back_twice() -> None:
    order = replace(
        ORDER,
        payment_status=PaymentStatus.PARTLY_REFUNDED,
        refunds=(refund(RefundStatus.PAID, "64", "SH-1"),),
    )
    assert verdict(order, "SH-1") == RefundVerdict.ALREADY_REFUNDED
    assert assess_refund(RefundPolicy(), order, "EL-1", TODAY).amount_hkd == Decimal("201.00")
    assert assess_refund(RefundPolicy(), order, None, TODAY).amount_hkd == Decimal("201.00")


@pytest.mark.parametrize(
    ("payment", "expected"),
    [
        (PaymentStatus.UNPAID, RefundVerdict.NOT_PAID),
        (PaymentStatus.REFUNDED, RefundVerdict.ALREADY_REFUNDED),
        (PaymentStatus.PARTLY_REFUNDED, RefundVerdict.PARTLY_REFUNDED),
    ],
)
def test_each_state_of_the_money(payment: PaymentStatus, expected: RefundVerdict) -> None:
    assert verdict(replace(ORDER, payment_status=payment)) == expected


def test_an_article_of_another_order_is_unknown() -> None:
    assert verdict(ORDER, "HA-9") == RefundVerdict.UNKNOWN_ITEM


def test_some_kinds_never_come_back() -> None:
    policy = RefundPolicy(not_returnable=("earphones",))
    assert verdict(ORDER, "EL-1", policy) == RefundVerdict.NOT_RETURNABLE
    assert verdict(ORDER, "SH-1", policy) == RefundVerdict.ELIGIBLE
    assert verdict(ORDER, None, policy) == RefundVerdict.NOT_RETURNABLE
