"""Refunds: may this come back, ask for it once, and how far is it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from cantodesk.services.business import Business, RefundPolicy
from cantodesk.services.clock import Clock, hong_kong_day, utc_now
from cantodesk.services.failures import STORAGE_FAILURES, log_failure
from cantodesk.services.identity import UNVERIFIED, Identity, IdentityCheck
from cantodesk.services.numbers import order_number
from cantodesk.services.orders import OrderView, read_order
from cantodesk.services.refund_rows import RefundView, add_refund, amount_left, refunds_of
from cantodesk.storage.business_tables import (
    Order,
    OrderStatus,
    PaymentStatus,
    RefundKind,
    RefundStatus,
)
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

_LONGEST_REASON = 2000


class RefundVerdict(StrEnum):
    """What the policy says about a refund."""

    ELIGIBLE = "eligible"
    TOO_LATE = "too_late"
    NOT_DELIVERED = "not_delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    NOT_PAID = "not_paid"
    ALREADY_REQUESTED = "already_requested"
    ALREADY_REFUNDED = "already_refunded"
    # Part of the money went back and no row says for which article: for a person to judge.
    PARTLY_REFUNDED = "partly_refunded"
    REJECTED = "rejected"
    UNKNOWN_ITEM = "unknown_item"
    NOT_RETURNABLE = "not_returnable"


class RefundRequest(StrEnum):
    """The outcome of asking for a refund."""

    REQUESTED = "requested"
    ALREADY_REQUESTED = "already_requested"
    NOT_ELIGIBLE = "not_eligible"
    NOT_VERIFIED = "not_verified"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


class RefundLookup(StrEnum):
    """The outcome of asking where the money is."""

    FOUND = "found"
    NONE = "none"
    NOT_VERIFIED = "not_verified"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class RefundAssessment:
    """A verdict, with the amount when eligible and the last day goods may come back."""

    verdict: RefundVerdict
    amount_hkd: Decimal = Decimal(0)
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """``refund`` for REQUESTED and ALREADY_REQUESTED, ``assessment`` for NOT_ELIGIBLE too."""

    status: RefundRequest
    refund: RefundView | None = None
    assessment: RefundAssessment | None = None


@dataclass(frozen=True, slots=True)
class RefundStatusAnswer:
    """All refunds, rebates and exchanges of one order, the oldest first."""

    status: RefundLookup
    refunds: tuple[RefundView, ...] = ()


class Refunds:
    """The refund desk. Every call that names an order by its number verifies the customer."""

    def __init__(
        self, engine: Engine, vault: Vault, business: Business, clock: Clock = utc_now
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._policy = business.refund_policy
        self._clock = clock
        self._identity = Identity(engine, vault, clock)

    def assess(
        self, order: OrderView, item: str | None = None, today: date | None = None
    ) -> RefundAssessment:
        """What the policy says about the whole order, or about one of its SKUs."""
        return assess_refund(self._policy, order, item, today or self._today())

    def request(
        self,
        order_id: str,
        last4: str,
        *,
        conversation_ref: str,
        item: str | None = None,
        reason: str = "",
    ) -> RefundAnswer:
        """Ask for a refund, once for each order, however often it is called.

        ``reason`` is kept sealed with the key of the conversation's customer, cut
        to 2,000 characters.
        """
        check = self._identity.verify(order_id, last4)
        if check is not IdentityCheck.VERIFIED:
            return RefundAnswer(RefundRequest(UNVERIFIED[check]))
        uid = uuid4().hex
        try:
            # Sealed first: the vault writes in a transaction of its own.
            words = reason.strip()[:_LONGEST_REASON].encode("utf-8", "replace")
            sealed = self._vault.seal(conversation_ref, "refund", uid, words) if words else None
            with session(self._engine) as opened:
                number = order_number(order_id) or ""
                return self._request(opened, number, item, uid, conversation_ref, sealed)
        except STORAGE_FAILURES as error:
            log_failure("requesting a refund", error)
            return RefundAnswer(RefundRequest.UNAVAILABLE)

    def status(
        self, order_id: str, last4: str, kind: RefundKind | None = None
    ) -> RefundStatusAnswer:
        """Refunds of an order; with ``kind`` only those, such as rebates."""
        check = self._identity.verify(order_id, last4)
        if check is not IdentityCheck.VERIFIED:
            return RefundStatusAnswer(RefundLookup(UNVERIFIED[check]))
        try:
            with session(self._engine, reading=True) as opened:
                found = refunds_of(opened, order_number(order_id) or "")
        except STORAGE_FAILURES as error:
            log_failure("looking up a refund", error)
            return RefundStatusAnswer(RefundLookup.UNAVAILABLE)
        wanted = tuple(refund for refund in found if kind is None or refund.kind is kind)
        return RefundStatusAnswer(RefundLookup.FOUND if wanted else RefundLookup.NONE, wanted)

    def _request(
        self,
        opened: Session,
        order_id: str,
        item: str | None,
        uid: str,
        conversation_ref: str,
        reason: bytes | None,
    ) -> RefundAnswer:
        # Holds the order's row, so that two requests at once come one after the other.
        opened.execute(
            update(Order).where(Order.order_id == order_id).values(order_id=Order.order_id)
        )
        order = read_order(opened, order_id, self._today())
        if order is None:
            return RefundAnswer(RefundRequest.NOT_VERIFIED)
        assessment = self.assess(order, item)
        if assessment.verdict is RefundVerdict.ALREADY_REQUESTED:
            held = _counting_refund(order)
            return RefundAnswer(RefundRequest.ALREADY_REQUESTED, held, assessment)
        if assessment.verdict is not RefundVerdict.ELIGIBLE:
            return RefundAnswer(RefundRequest.NOT_ELIGIBLE, None, assessment)
        add_refund(
            opened,
            order_id,
            assessment.amount_hkd,
            self._today(),
            uid=uid,
            sku=item,
            conversation_ref=conversation_ref,
            reason=reason,
        )
        written = read_order(opened, order_id, self._today()) or order
        return RefundAnswer(RefundRequest.REQUESTED, _counting_refund(written), assessment)

    def _today(self) -> date:
        return hong_kong_day(self._clock())


def assess_refund(
    policy: RefundPolicy, order: OrderView, item: str | None, today: date
) -> RefundAssessment:
    """Apply the policy. The delivery day is day nought; the last day itself still counts."""
    lines = [line for line in order.items if item is None or line.sku == item]
    paid_back = _paid_back(order)
    last_day = None
    if order.delivered_at is not None:
        last_day = hong_kong_day(order.delivered_at) + timedelta(days=policy.return_days)
    verdict = _order_verdict(order)
    if verdict is None:
        if not lines:
            verdict = RefundVerdict.UNKNOWN_ITEM
        elif all(line.sku in paid_back for line in lines):
            verdict = RefundVerdict.ALREADY_REFUNDED
        elif any(line.kind in policy.not_returnable for line in lines):
            verdict = RefundVerdict.NOT_RETURNABLE
        elif last_day is None:
            verdict = RefundVerdict.NOT_DELIVERED
        elif today > last_day:
            verdict = RefundVerdict.TOO_LATE
    if verdict is not None:
        return RefundAssessment(verdict, last_day=last_day)
    due = [line for line in lines if line.sku not in paid_back]
    goods = sum((line.unit_price_hkd * line.quantity for line in due), Decimal(0))
    if item is None and policy.refund_delivery_fee and not paid_back:
        goods = order.total_hkd
    amount = min(goods, amount_left(order.total_hkd, order.refunds))
    if amount <= 0:
        return RefundAssessment(RefundVerdict.ALREADY_REFUNDED, last_day=last_day)
    return RefundAssessment(RefundVerdict.ELIGIBLE, amount, last_day)


def _order_verdict(order: OrderView) -> RefundVerdict | None:
    """What the order as a whole says; None when it is delivered, paid and untouched."""
    refund = _counting_refund(order)
    if refund is not None and refund.status is not RefundStatus.PAID:
        return RefundVerdict.ALREADY_REQUESTED
    if order.payment_status is PaymentStatus.REFUNDED or (
        refund is not None and refund.amount_hkd >= order.total_hkd
    ):
        return RefundVerdict.ALREADY_REFUNDED
    if order.status is OrderStatus.CANCELLED:
        return RefundVerdict.CANCELLED
    if order.status is OrderStatus.RETURNED:
        return RefundVerdict.RETURNED
    if order.payment_status is PaymentStatus.UNPAID:
        return RefundVerdict.NOT_PAID
    if order.status is not OrderStatus.DELIVERED:
        return RefundVerdict.NOT_DELIVERED
    whole = any(row.sku is None for row in order.refunds if _is_paid_back(row))
    told = order.payment_status is PaymentStatus.PARTLY_REFUNDED and not _paid_back(order)
    if whole or told:
        return RefundVerdict.PARTLY_REFUNDED
    # A refusal is for a person to explain and to take back.
    if any(_is_money(row) and row.status is RefundStatus.REJECTED for row in order.refunds):
        return RefundVerdict.REJECTED
    return None


def _counting_refund(order: OrderView) -> RefundView | None:
    """The newest refund under way; else the newest one paid."""
    rows = [row for row in order.refunds if _is_money(row)]
    under_way = (RefundStatus.REQUESTED, RefundStatus.APPROVED)
    for wanted in (under_way, (RefundStatus.PAID,)):
        for row in reversed(rows):
            if row.status in wanted:
                return row
    return None


def _paid_back(order: OrderView) -> frozenset[str]:
    """SKUs whose money has gone back."""
    return frozenset(row.sku for row in order.refunds if _is_paid_back(row) and row.sku)


def _is_paid_back(row: RefundView) -> bool:
    return _is_money(row) and row.status is RefundStatus.PAID


def _is_money(row: RefundView) -> bool:
    return row.kind is RefundKind.REFUND
