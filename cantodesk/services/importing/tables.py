"""From a checked row to a row of a table, for each kind of file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import InstrumentedAttribute

from cantodesk.services.identity import order_last4_hash
from cantodesk.services.importing.report import ImportKind
from cantodesk.services.importing.rows import (
    CustomerRow,
    ImportRow,
    KnowledgeRow,
    OrderItemRow,
    OrderRow,
    ProductRow,
    RefundRow,
)
from cantodesk.services.personal_records import seal_personal
from cantodesk.storage.base import Base
from cantodesk.storage.business_tables import (
    Customer,
    KnowledgeEntry,
    Order,
    OrderItem,
    Product,
    Refund,
)
from cantodesk.storage.vault import Vault

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How one kind of file goes into its table."""

    row: type[ImportRow]
    table: type[Base]
    # Column values of a row; the primary key is among them, unless `natural_key` is another.
    values: Callable[[Any, Vault], Values]
    # Columns by which a row of the file is known again.
    natural_key: tuple[str, ...]
    # Columns of the file that must be there already, and where.
    references: tuple[tuple[str, InstrumentedAttribute[str]], ...] = ()


def phone_hash(vault: Vault, phone: str) -> str:
    """What stands for a telephone number (``+852`` and eight digits) in the tables."""
    return vault.lookup_hash("phone", phone)


def _order(row: OrderRow, vault: Vault) -> Values:
    personal = row.model_dump(include={"phone", "email", "customer_name", "delivery_address"})
    return {
        "order_id": row.order_id,
        "phone_hash": phone_hash(vault, row.phone),
        "last4_hash": order_last4_hash(vault, row.order_id, row.phone[-4:]),
        "personal": seal_personal(vault, "orders", row.order_id, personal),
        **row.model_dump(exclude=set(personal)),
    }


def _customer(row: CustomerRow, vault: Vault) -> Values:
    key = phone_hash(vault, row.phone)
    personal = row.model_dump(include={"phone", "email", "name"})
    return {
        "phone_hash": key,
        "personal": seal_personal(vault, "customers", key, personal),
        **row.model_dump(exclude=set(personal)),
    }


def _product(row: ProductRow, _vault: Vault) -> Values:
    return {**row.model_dump(), "kind": row.attributes["kind"].strip()}


def _knowledge(row: KnowledgeRow, _vault: Vault) -> Values:
    values = row.model_dump()
    # No question in a language is an empty text, never NULL.
    return {
        name: "" if value is None and name.startswith("question_") else value
        for name, value in values.items()
    }


def _refund(row: RefundRow, _vault: Vault) -> Values:
    # A row that is there already keeps its own uid.
    return {"uid": uuid4().hex, **row.model_dump()}


def _as_it_is(row: ImportRow, _vault: Vault) -> Values:
    return row.model_dump()


_OF_ORDER = ("order_id", Order.order_id)

PLANS: dict[ImportKind, ImportPlan] = {
    ImportKind.PRODUCTS: ImportPlan(ProductRow, Product, _product, ("sku",)),
    ImportKind.CUSTOMERS: ImportPlan(CustomerRow, Customer, _customer, ("phone_hash",)),
    # An order's telephone need not be a member's: guests buy too.
    ImportKind.ORDERS: ImportPlan(OrderRow, Order, _order, ("order_id",)),
    ImportKind.ORDER_ITEMS: ImportPlan(
        OrderItemRow,
        OrderItem,
        _as_it_is,
        ("order_id", "sku"),
        references=(_OF_ORDER, ("sku", Product.sku)),
    ),
    ImportKind.REFUNDS: ImportPlan(
        RefundRow,
        Refund,
        _refund,
        ("order_id", "kind", "requested_on"),
        references=(_OF_ORDER,),
    ),
    ImportKind.KNOWLEDGE: ImportPlan(KnowledgeRow, KnowledgeEntry, _knowledge, ("id",)),
}
