"""The business: orders, goods, customers, refunds, answers and tickets.

Columns that could name a person are never in the clear. A name, a telephone
number, an address or a customer's own words are sealed by the vault; what has
to be found again (a telephone number, its last four digits) is a keyed hash.
Amounts are whole cents, so that SQLite and PostgreSQL add them up alike.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from cantodesk.storage.base import Base, UtcDateTime


class HongKongDollars(TypeDecorator[Decimal]):
    """A :class:`~decimal.Decimal` amount with two places, kept as whole cents."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((value * 100).to_integral_value())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-2)


class OrderStatus(StrEnum):
    """Where an order is."""

    PLACED = "placed"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class PaymentStatus(StrEnum):
    """Where the money of an order is."""

    UNPAID = "unpaid"
    PAID = "paid"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"


class RefundKind(StrEnum):
    """What the customer gets back."""

    REFUND = "refund"
    REBATE = "rebate"
    EXCHANGE = "exchange"


class RefundStatus(StrEnum):
    """How far a refund is."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PAID = "paid"
    REJECTED = "rejected"


class TicketStatus(StrEnum):
    """How far a ticket is."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Priority(StrEnum):
    """How soon a ticket has to be looked at."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Order(Base):
    """One order. ``personal`` holds telephone, e-mail, name and address, sealed."""

    __tablename__ = "orders"

    order_id: Mapped[str] = mapped_column(String(10), primary_key=True)
    phone_hash: Mapped[str] = mapped_column(String(64), index=True)
    # Keyed hash of the order and the last four digits together, so that equal digits
    # on two orders do not look equal.
    last4_hash: Mapped[str] = mapped_column(String(64))
    personal: Mapped[bytes] = mapped_column(LargeBinary)
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(20))
    total_hkd: Mapped[Decimal] = mapped_column(HongKongDollars)
    payment_status: Mapped[str] = mapped_column(String(20))
    courier: Mapped[str | None] = mapped_column(String(80))
    tracking_no: Mapped[str | None] = mapped_column(String(80))
    eta: Mapped[date | None] = mapped_column(Date)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Set when the customer cancelled here: an older export must not bring the order back.
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    imported_hash: Mapped[str | None] = mapped_column(String(64))


class Product(Base):
    """One article of the range."""

    __tablename__ = "products"

    sku: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_yue: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200))
    # `attributes["kind"]`, out of the JSON so that it can be indexed.
    kind: Mapped[str] = mapped_column(String(80), index=True)
    price_hkd: Mapped[Decimal] = mapped_column(HongKongDollars)
    stock: Mapped[int] = mapped_column(Integer)
    restock_on: Mapped[date | None] = mapped_column(Date)
    warranty_months: Mapped[int] = mapped_column(Integer)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON)
    imported_hash: Mapped[str | None] = mapped_column(String(64))


class OrderItem(Base):
    """One line of an order."""

    __tablename__ = "order_items"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.order_id"), primary_key=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"), primary_key=True)
    quantity: Mapped[int] = mapped_column(Integer)
    unit_price_hkd: Mapped[Decimal] = mapped_column(HongKongDollars)
    imported_hash: Mapped[str | None] = mapped_column(String(64))


class Customer(Base):
    """One member. ``personal`` holds telephone, e-mail and name, sealed."""

    __tablename__ = "customers"

    phone_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    personal: Mapped[bytes] = mapped_column(LargeBinary)
    points: Mapped[int] = mapped_column(Integer)
    points_expire_on: Mapped[date | None] = mapped_column(Date)
    language: Mapped[str] = mapped_column(String(3))
    imported_hash: Mapped[str | None] = mapped_column(String(64))


class Refund(Base):
    """Money or goods going back. ``reason`` is the customer's own words, sealed."""

    __tablename__ = "refunds"
    __table_args__ = (UniqueConstraint("order_id", "kind", "requested_on"),)

    uid: Mapped[str] = mapped_column(String(32), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.order_id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    amount_hkd: Mapped[Decimal] = mapped_column(HongKongDollars)
    status: Mapped[str] = mapped_column(String(20))
    requested_on: Mapped[date] = mapped_column(Date)
    paid_on: Mapped[date | None] = mapped_column(Date)
    sku: Mapped[str | None] = mapped_column(String(40))
    conversation_ref: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    imported_hash: Mapped[str | None] = mapped_column(String(64))


class KnowledgeEntry(Base):
    """One answer. Several questions stand in one cell, separated by ``|``."""

    __tablename__ = "knowledge"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    intent: Mapped[str] = mapped_column(String(80), index=True)
    question_yue: Mapped[str] = mapped_column(Text)
    question_en: Mapped[str] = mapped_column(Text)
    question_zh: Mapped[str] = mapped_column(Text)
    answer_yue: Mapped[str] = mapped_column(Text)
    answer_en: Mapped[str] = mapped_column(Text)
    answer_zh: Mapped[str] = mapped_column(Text)
    department: Mapped[str] = mapped_column(String(40))
    review_by: Mapped[date | None] = mapped_column(Date)
    imported_hash: Mapped[str | None] = mapped_column(String(64))


class Ticket(Base):
    """One case. ``details`` (JSON) and ``contact`` are sealed with the customer's key."""

    __tablename__ = "tickets"
    __table_args__ = (Index("ix_tickets_conversation", "conversation_ref", "opened_at"),)

    number: Mapped[str] = mapped_column(String(8), primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    topic: Mapped[str] = mapped_column(String(80))
    department: Mapped[str] = mapped_column(String(40), index=True)
    conversation_ref: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[str | None] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(3))
    priority: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(24))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    details: Mapped[bytes] = mapped_column(LargeBinary)
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    contact_last4_hash: Mapped[str | None] = mapped_column(String(64))
    # Keyed hash of the conversation and the caller's idempotency key.
    request_hash: Mapped[str | None] = mapped_column(String(64), unique=True)


class IdentityAttempt(Base):
    """Wrong tries at one order or ticket, whether it exists or not.

    ``subject`` is a keyed hash, so that the table does not list what was tried.
    """

    __tablename__ = "identity_attempts"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportRevision(Base):
    """A counter per kind of import, so that readers notice a new file."""

    __tablename__ = "import_revisions"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer)
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
