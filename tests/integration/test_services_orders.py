"""Looking up and cancelling orders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from business_samples import StandingClock, at_once
from sqlalchemy import Engine, select, update

from cantodesk.services.identity import IdentityCheck
from cantodesk.services.orders import CANCELLABLE, Cancellation, OrderLookup, OrderView
from cantodesk.services.shop import Shop
from cantodesk.storage.business_tables import (
    Order,
    OrderStatus,
    PaymentStatus,
    Refund,
    RefundKind,
    RefundStatus,
)
from cantodesk.storage.engine import session

PAID, PAID_LAST4 = "HK20261235", "5678"


def found(shop: Shop, order_id: str, last4: str) -> OrderView:
    answer = shop.orders.look_up(order_id, last4)
    assert answer.status is OrderLookup.FOUND
    assert answer.order is not None
    return answer.order


def set_status(engine: Engine, order_id: str, status: OrderStatus) -> None:
    with session(engine) as opened:
        opened.execute(update(Order).where(Order.order_id == order_id).values(status=status))


def refund_rows(engine: Engine, order_id: str) -> list[Refund]:
    with session(engine, reading=True) as opened:
        return list(opened.scalars(select(Refund).where(Refund.order_id == order_id)))


def test_a_verified_customer_sees_where_the_order_is(shop: Shop) -> None:
    order = found(shop, "hk 20261234", "5678")
    assert order.order_id == "HK20261234"
    assert order.status is OrderStatus.SHIPPED
    assert order.courier == "SF Express"
    assert order.tracking_no is not None
    assert order.eta == date(2026, 11, 26)
    assert order.total_hkd == Decimal("357.00")
    assert not order.late


def test_items_have_their_names_in_three_languages(shop: Shop) -> None:
    items = {item.kind: item for item in found(shop, "HK20261234", "5678").items}
    dryer = items["hair dryer"]
    assert (dryer.name.yue, dryer.quantity) == ("1600W負離子風筒", 1)
    assert dryer.name.text("en") == "1600 W ionic hair dryer"
    assert dryer.name.text("zh") == "1600W负离子吹风机"
    assert dryer.unit_price_hkd == Decimal(268)


def test_a_view_holds_nothing_personal(shop: Shop) -> None:
    shown = repr(found(shop, "HK20261234", "5678"))
    for personal in ("91235678", "chan.kayan", "陳嘉欣", "洗衣街"):
        assert personal not in shown


@pytest.mark.parametrize("order_id", ["HK20261234", "HK29990000"])
def test_who_does_not_know_the_digits_learns_nothing(shop: Shop, order_id: str) -> None:
    first, _, third = [shop.orders.look_up(order_id, "0000") for _ in range(3)]
    assert (first.status, first.order) == (OrderLookup.NOT_VERIFIED, None)
    assert (third.status, third.order) == (OrderLookup.LOCKED, None)


@pytest.mark.parametrize(
    ("moment", "late"), [("2026-11-26 23:59", False), ("2026-11-27 00:00", True)]
)
def test_an_order_is_late_from_the_hong_kong_day_after_its_date(
    shop: Shop, clock: StandingClock, moment: str, late: bool
) -> None:
    # Midnight in Hong Kong is still the day before in UTC.
    clock.now = StandingClock(moment).now
    assert found(shop, "HK20261234", "5678").late is late


def test_a_delivered_order_is_never_late(shop: Shop) -> None:
    assert not found(shop, "HK20262002", "3333").late
    assert found(shop, "HK20268001", "9222").late


def test_only_what_is_not_packed_can_be_cancelled(shop: Shop, engine: Engine) -> None:
    for status in OrderStatus:
        set_status(engine, PAID, status)
        can = shop.orders.can_cancel(found(shop, PAID, PAID_LAST4))
        assert can is (status in CANCELLABLE)
        if status not in CANCELLABLE:
            answer = shop.orders.cancel(PAID, PAID_LAST4).status
            already = status is OrderStatus.CANCELLED
            assert answer is (Cancellation.ALREADY_CANCELLED if already else Cancellation.TOO_LATE)


def test_cancelling_a_paid_order_asks_for_the_money_back(shop: Shop, engine: Engine) -> None:
    answer = shop.orders.cancel(PAID, PAID_LAST4)
    assert answer.status is Cancellation.CANCELLED
    assert answer.order is not None
    assert answer.order.status is OrderStatus.CANCELLED
    assert answer.refund is not None
    assert answer.refund.status is RefundStatus.REQUESTED
    assert answer.refund.kind is RefundKind.REFUND
    assert answer.refund.amount_hkd == Decimal(498)
    assert answer.refund.requested_on == date(2026, 11, 24)
    assert len(refund_rows(engine, PAID)) == 1


def test_what_was_partly_refunded_is_paid_back_for_the_rest(shop: Shop, engine: Engine) -> None:
    with session(engine) as opened:
        opened.add(
            Refund(
                uid="a" * 32,
                order_id=PAID,
                kind=RefundKind.REFUND,
                amount_hkd=Decimal("98.50"),
                status=RefundStatus.PAID,
                requested_on=date(2026, 11, 24),
            )
        )
        changed = {"payment_status": PaymentStatus.PARTLY_REFUNDED}
        opened.execute(update(Order).where(Order.order_id == PAID).values(changed))
        # Another day, so that the two are told apart.
        opened.execute(update(Refund).values(requested_on=date(2026, 11, 23)))
    refund = shop.orders.cancel(PAID, PAID_LAST4).refund
    assert refund is not None
    assert refund.amount_hkd == Decimal("399.50")


def test_cancelling_an_unpaid_order_moves_no_money(shop: Shop, engine: Engine) -> None:
    answer = shop.orders.cancel("HK20264001", "4321")
    assert (answer.status, answer.refund) == (Cancellation.CANCELLED, None)
    assert refund_rows(engine, "HK20264001") == []


def test_cancelling_again_changes_nothing_and_tells_of_the_refund(
    shop: Shop, engine: Engine
) -> None:
    first = shop.orders.cancel(PAID, PAID_LAST4)
    again = shop.orders.cancel(PAID, PAID_LAST4)
    assert again.status is Cancellation.ALREADY_CANCELLED
    assert again.refund == first.refund
    assert len(refund_rows(engine, PAID)) == 1


def test_two_cancellations_at_once_make_one_refund(shop: Shop, engine: Engine) -> None:
    answers = at_once(4, lambda _: shop.orders.cancel(PAID, PAID_LAST4).status)
    assert sorted(answers) == sorted(
        [Cancellation.CANCELLED] + [Cancellation.ALREADY_CANCELLED] * 3
    )
    assert len(refund_rows(engine, PAID)) == 1


def test_a_dispatch_between_the_check_and_the_change_wins(
    shop: Shop, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = shop.orders._identity.verify

    def packed_meanwhile(order_id: str, last4: str) -> IdentityCheck:
        check = verify(order_id, last4)
        set_status(engine, PAID, OrderStatus.PACKED)
        return check

    monkeypatch.setattr(shop.orders._identity, "verify", packed_meanwhile)
    answer = shop.orders.cancel(PAID, PAID_LAST4)
    assert answer.status is Cancellation.TOO_LATE
    assert answer.order is not None
    assert answer.order.status is OrderStatus.PACKED
    assert refund_rows(engine, PAID) == []


def test_a_dispatch_and_a_cancellation_at_once_do_not_both_win(shop: Shop, engine: Engine) -> None:
    def dispatch() -> bool:
        with session(engine) as opened:
            changed = opened.scalars(
                update(Order)
                .where(Order.order_id == PAID, Order.status == OrderStatus.PAID)
                .values(status=OrderStatus.PACKED)
                .returning(Order.order_id)
            ).all()
        return bool(changed)

    def either(number: int) -> bool:
        if number:
            return dispatch()
        return shop.orders.cancel(PAID, PAID_LAST4).status is Cancellation.CANCELLED

    assert sum(at_once(2, either)) == 1


@pytest.mark.parametrize(("order_id", "last4"), [(PAID, "0000"), ("HK29990000", "5678")])
def test_nobody_else_can_cancel(shop: Shop, engine: Engine, order_id: str, last4: str) -> None:
    answers = [shop.orders.cancel(order_id, last4) for _ in range(3)]
    assert [answer.status for answer in answers] == [
        Cancellation.NOT_VERIFIED,
        Cancellation.NOT_VERIFIED,
        Cancellation.LOCKED,
    ]
    assert all(answer.order is None for answer in answers)
    with session(engine, reading=True) as opened:
        held = opened.get(Order, PAID)
    assert held is not None
    assert held.status == OrderStatus.PAID


def test_without_a_database_orders_are_unavailable(broken_shop: Shop) -> None:
    assert broken_shop.orders.look_up(PAID, PAID_LAST4).status is OrderLookup.UNAVAILABLE
    assert broken_shop.orders.cancel(PAID, PAID_LAST4).status is Cancellation.UNAVAILABLE


def test_a_database_lost_after_the_check_is_unavailable_too(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, broken_shop: Shop
) -> None:
    monkeypatch.setattr(broken_shop.orders._identity, "verify", shop.identity.verify)
    assert broken_shop.orders.look_up(PAID, PAID_LAST4).status is OrderLookup.UNAVAILABLE
    assert broken_shop.orders.cancel(PAID, PAID_LAST4).status is Cancellation.UNAVAILABLE
