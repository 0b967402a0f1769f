"""One row of each kind of file, checked."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from cantodesk.services.business import Business
from cantodesk.services.departments import Department
from cantodesk.services.importing.cells import (
    Amount,
    Attributes,
    DayCell,
    Moment,
    OptionalDay,
    OptionalEmail,
    OptionalMoment,
    OrderId,
    Phone,
    count_cell,
    identifier_cell,
    optional_text_cell,
    text_cell,
)
from cantodesk.settings import LANGUAGES
from cantodesk.storage.business_tables import OrderStatus, PaymentStatus, RefundKind, RefundStatus

Sku = Annotated[str, identifier_cell(40)]
Identifier = Annotated[str, identifier_cell(80)]
ShortText = Annotated[str, text_cell(200)]
LongText = Annotated[str, text_cell(2000)]
OptionalShort = Annotated[str | None, optional_text_cell(80)]
OptionalLong = Annotated[str | None, optional_text_cell(8000)]
Quantity = Annotated[int, count_cell(1, 10_000)]
Stock = Annotated[int, count_cell(0, 10_000_000)]
Months = Annotated[int, count_cell(0, 1200)]
Points = Annotated[int, count_cell(0, 100_000_000)]

_INTENT = re.compile(r"[a-z][a-z0-9_]{0,79}")


class ImportRow(BaseModel):
    """A row; its fields are the file's columns, in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Columns that tell rows apart.
    key: ClassVar[tuple[str, ...]]

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The header of the file."""
        return tuple(cls.model_fields)


class ProductRow(ImportRow):
    """`products.csv`"""

    key = ("sku",)

    sku: Sku
    name_yue: ShortText
    name_en: ShortText
    name_zh: ShortText
    price_hkd: Amount
    stock: Stock
    restock_on: OptionalDay
    warranty_months: Months
    attributes: Attributes


class CustomerRow(ImportRow):
    """`customers.csv`"""

    key = ("phone",)

    phone: Phone
    email: OptionalEmail
    name: ShortText
    points: Points
    points_expire_on: OptionalDay
    language: str

    @field_validator("language")
    @classmethod
    def _a_language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"expected one of {', '.join(LANGUAGES)}")
        return value


class OrderRow(ImportRow):
    """`orders.csv`"""

    key = ("order_id",)

    order_id: OrderId
    phone: Phone
    email: OptionalEmail
    customer_name: ShortText
    placed_at: Moment
    status: OrderStatus
    total_hkd: Amount
    payment_status: PaymentStatus
    courier: OptionalShort
    tracking_no: OptionalShort
    eta: OptionalDay
    delivered_at: OptionalMoment
    delivery_address: OptionalLong

    @field_validator("delivered_at")
    @classmethod
    def _delivered_some_day(cls, value: datetime | None, row: ValidationInfo) -> datetime | None:
        # The return period counts from it.
        if value is None and row.data.get("status") is OrderStatus.DELIVERED:
            raise ValueError("a delivered order needs the moment of its delivery")
        placed = row.data.get("placed_at")
        if value is not None and placed is not None and value < placed:
            raise ValueError("the delivery is before the order")
        return value


class OrderItemRow(ImportRow):
    """`order_items.csv`"""

    key = ("order_id", "sku")

    order_id: OrderId
    sku: Sku
    quantity: Quantity
    unit_price_hkd: Amount


class RefundRow(ImportRow):
    """`refunds.csv`. One order has at most one of a kind requested on one day."""

    key = ("order_id", "kind", "requested_on")

    order_id: OrderId
    kind: RefundKind
    amount_hkd: Amount
    status: RefundStatus
    requested_on: DayCell
    paid_on: OptionalDay


class KnowledgeRow(ImportRow):
    """`knowledge.csv` or `knowledge.json`. Several questions are separated by ``|``."""

    key = ("id",)

    id: Identifier
    intent: str
    question_yue: OptionalLong
    question_en: OptionalLong
    question_zh: OptionalLong
    answer_yue: LongText
    answer_en: LongText
    answer_zh: LongText
    department: Department
    review_by: OptionalDay

    @field_validator("intent")
    @classmethod
    def _an_intent(cls, value: str) -> str:
        if not _INTENT.fullmatch(value):
            raise ValueError("expected the name of an intent, such as ask_delivery_fee")
        return value

    @field_validator("question_zh")
    @classmethod
    def _some_question(cls, value: str | None, row: ValidationInfo) -> str | None:
        others = (row.data.get("question_yue"), row.data.get("question_en"))
        if not any((question or "").replace("|", "").strip() for question in (*others, value)):
            raise ValueError("there is no question in any language")
        return value

    @field_validator("answer_yue", "answer_en", "answer_zh")
    @classmethod
    def _known_variables(cls, value: str, row: ValidationInfo) -> str:
        """The names in braces, against the business file (the validation context)."""
        business = row.context
        unknown = business.unknown_variables(value) if isinstance(business, Business) else ()
        if "{" in unknown or "}" in unknown:
            raise ValueError("a brace stands alone")
        if unknown:
            names = ", ".join(f"{{{name}}}" for name in unknown)
            raise ValueError(f"the business file has no variable {names}"[:200])
        return value
