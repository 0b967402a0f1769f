"""Orders: what a verified customer may know and do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CursorResult, Engine, select, update
from sqlalchemy.orm import Session

from cantodesk.services.clock import Clock, hong_kong_day, utc_now
from cantodesk.services.failures import STORAGE_FAILURES, log_failure
from cantodesk.services.identity import UNVERIFIED, Identity, IdentityCheck
from cantodesk.services.numbers import order_number
from cantodesk.services.refund_rows import RefundView, add_refund, amount_left, refunds_of
from cantodesk.services.trilingual import Trilingual
from cantodesk.storage.business_tables import (
    Order,
    OrderItem,
    OrderStatus,
    PaymentStatus,
    Product,
    RefundKind,
)
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

# Not yet packed: nothing has to be fetched back.
CANCELLABLE = frozenset({OrderStatus.PLACED, OrderStatus.PAID})
_ON_THE_WAY = CANCELLABLE | {OrderStatus.PACKED, OrderStatus.SHIPPED, OrderStatus.OUT_FOR_DELIVERY}


class OrderLookup(StrEnum):
    """The outcome of a look-up."""

    FOUND = "found"
    NOT_VERIFIED = "not_verified"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


class Cancellation(StrEnum):
    """The outcome of a cancellation."""

    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    ALREADY_CANCELLED = "already_cancelled"
    NOT_VERIFIED = "not_verified"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class OrderItemView:
    """One line of an order."""

    sku: str
    kind: str
    name: Trilingual
    quantity: int
    unit_price_hkd: Decimal


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order without anything that names a person."""

    order_id: str
    status: OrderStatus
    payment_status: PaymentStatus
    placed_at: datetime
    total_hkd: Decimal
    courier: str | None
    tracking_no: str | None
    eta: date | None
    delivered_at: datetime | None
    # Expected before today's Hong Kong date and not there yet.
    late: bool
    items: tuple[OrderItemView, ...]
    refunds: tuple[RefundView, ...]


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """``order`` is there when the status is FOUND, and only then."""

    status: OrderLookup
    order: OrderView | None = None


@dataclass(frozen=True, slots=True)
class CancelAnswer:
    """``order`` as it is afterwards, and the refund, for a verified customer."""

    status: Cancellation
    order: OrderView | None = None
    refund: RefundView | None = None


class Orders:
    """Look up and cancel. Every call verifies the customer anew."""

    def __init__(self, engine: Engine, vault: Vault, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._clock = clock
        self._identity = Identity(engine, vault, clock)

    def look_up(self, order_id: str, last4: str) -> OrderAnswer:
        """The order, for whoever knows its telephone's last four digits."""
        check = self._identity.verify(order_id, last4)
        if check is not IdentityCheck.VERIFIED:
            return OrderAnswer(OrderLookup(UNVERIFIED[check]))
        try:
            with session(self._engine, reading=True) as opened:
                order = read_order(opened, order_number(order_id) or "", self._today())
        except STORAGE_FAILURES as error:
            log_failure("looking up an order", error)
            return OrderAnswer(OrderLookup.UNAVAILABLE)
        if order is None:
            return OrderAnswer(OrderLookup.NOT_VERIFIED)
        return OrderAnswer(OrderLookup.FOUND, order)

    @staticmethod
    def can_cancel(order: OrderView) -> bool:
        """Whether the customer may still cancel it here."""
        return order.status in CANCELLABLE

    def cancel(self, order_id: str, last4: str) -> CancelAnswer:
        """Cancel an order that is not packed yet; what was paid becomes a requested refund.

        Of two cancellations at once one answers CANCELLED, the other
        ALREADY_CANCELLED. An order that was packed in between is TOO_LATE.
        """
        check = self._identity.verify(order_id, last4)
        if check is not IdentityCheck.VERIFIED:
            return CancelAnswer(Cancellation(UNVERIFIED[check]))
        try:
            with session(self._engine) as opened:
                return self._cancel(opened, order_number(order_id) or "")
        except STORAGE_FAILURES as error:
            log_failure("cancelling an order", error)
            return CancelAnswer(Cancellation.UNAVAILABLE)

    def _cancel(self, opened: Session, order_id: str) -> CancelAnswer:
        # The comparison and the change are one statement: whoever changed the status
        # first, another customer's window or the warehouse, has won.
        changed = opened.execute(
            update(Order)
            .where(Order.order_id == order_id, Order.status.in_(sorted(CANCELLABLE)))
            .values(status=OrderStatus.CANCELLED, cancelled_at=self._clock())
        )
        won = isinstance(changed, CursorResult) and changed.rowcount == 1
        order = read_order(opened, order_id, self._today())
        if order is None:
            return CancelAnswer(Cancellation.NOT_VERIFIED)
        if not won:
            already = order.status is OrderStatus.CANCELLED
            status = Cancellation.ALREADY_CANCELLED if already else Cancellation.TOO_LATE
            refund = _newest_refund(order) if already else None
            return CancelAnswer(status, order, refund)
        if order.payment_status in (PaymentStatus.PAID, PaymentStatus.PARTLY_REFUNDED):
            amount = amount_left(order.total_hkd, order.refunds)
            if amount > 0:
                add_refund(opened, order_id, amount, self._today())
                order = read_order(opened, order_id, self._today()) or order
        return CancelAnswer(Cancellation.CANCELLED, order, _newest_refund(order))

    def _today(self) -> date:
        return hong_kong_day(self._clock())


def read_order(opened: Session, order_id: str, today: date) -> OrderView | None:
    """The order as a view, read in the caller's transaction."""
    # Fresh values, also when the session has seen the row before an UPDATE statement.
    row = opened.get(Order, order_id, populate_existing=True)
    if row is None:
        return None
    lines = opened.execute(
        select(OrderItem, Product)
        .join(Product, Product.sku == OrderItem.sku)
        .where(OrderItem.order_id == order_id)
        .order_by(OrderItem.sku)
    ).all()
    status = OrderStatus(row.status)
    return OrderView(
        order_id=row.order_id,
        status=status,
        payment_status=PaymentStatus(row.payment_status),
        placed_at=row.placed_at,
        total_hkd=row.total_hkd,
        courier=row.courier,
        tracking_no=row.tracking_no,
        eta=row.eta,
        delivered_at=row.delivered_at,
        late=row.eta is not None and row.eta < today and status in _ON_THE_WAY,
        items=tuple(
            OrderItemView(
                sku=item.sku,
                kind=product.kind,
                name=Trilingual(product.name_yue, product.name_en, product.name_zh),
                quantity=item.quantity,
                unit_price_hkd=item.unit_price_hkd,
            )
            for item, product in lines
        ),
        refunds=refunds_of(opened, order_id),
    )


def _newest_refund(order: OrderView) -> RefundView | None:
    money = [refund for refund in order.refunds if refund.kind is RefundKind.REFUND]
    return money[-1] if money else None
