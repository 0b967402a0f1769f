"""Rows of the refund table, shared by cancelling and by refunding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from cantodesk.storage.business_tables import Refund, RefundKind, RefundStatus

# A rejected refund takes nothing of the amount.
_COUNTING = frozenset({RefundStatus.REQUESTED, RefundStatus.APPROVED, RefundStatus.PAID})


@dataclass(frozen=True, slots=True)
class RefundView:
    """One refund, rebate or exchange of an order."""

    kind: RefundKind
    amount_hkd: Decimal
    status: RefundStatus
    requested_on: date
    paid_on: date | None
    sku: str | None


def refunds_of(opened: Session, order_id: str) -> tuple[RefundView, ...]:
    """All refunds of an order, the oldest first."""
    rows = opened.scalars(
        select(Refund).where(Refund.order_id == order_id).order_by(Refund.requested_on, Refund.kind)
    )
    return tuple(
        RefundView(
            kind=RefundKind(row.kind),
            amount_hkd=row.amount_hkd,
            status=RefundStatus(row.status),
            requested_on=row.requested_on,
            paid_on=row.paid_on,
            sku=row.sku,
        )
        for row in rows
    )


def amount_left(total: Decimal, refunds: Iterable[RefundView]) -> Decimal:
    """What of ``total`` is neither paid back nor about to be, never below nought."""
    back = (
        refund.amount_hkd
        for refund in refunds
        if refund.kind is RefundKind.REFUND and refund.status in _COUNTING
    )
    return max(total - sum(back, Decimal(0)), Decimal(0))


def add_refund(
    opened: Session,
    order_id: str,
    amount_hkd: Decimal,
    today: date,
    *,
    uid: str | None = None,
    sku: str | None = None,
    conversation_ref: str | None = None,
    reason: bytes | None = None,
) -> None:
    """Write a requested refund of today.

    The order's row must be held by the caller's transaction, so that two do not
    write at once. One refund a day and order is what an export can tell apart:
    a row of today, which can only be a rejected one, is opened again.
    """
    row = opened.scalar(
        select(Refund).where(
            Refund.order_id == order_id,
            Refund.kind == RefundKind.REFUND,
            Refund.requested_on == today,
        )
    )
    if row is None:
        row = Refund(
            uid=uid or uuid4().hex,
            order_id=order_id,
            kind=RefundKind.REFUND,
            requested_on=today,
        )
        opened.add(row)
    row.amount_hkd = amount_hkd
    row.status = RefundStatus.REQUESTED
    row.sku = sku
    if row.uid == uid:
        # The reason is sealed for this uid and opens nowhere else.
        row.conversation_ref = conversation_ref
        row.reason = reason
    opened.flush()
