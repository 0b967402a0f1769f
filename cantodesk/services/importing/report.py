"""What an import tells its caller."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ImportKind(StrEnum):
    """The files that can be imported, in an order in which nothing is missing."""

    PRODUCTS = "products"
    CUSTOMERS = "customers"
    ORDERS = "orders"
    ORDER_ITEMS = "order_items"
    REFUNDS = "refunds"
    KNOWLEDGE = "knowledge"


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing to put right.

    ``line`` counts from 1, the header's included; None means the file as a whole.
    ``reason`` is a sentence and holds no customer's data.
    """

    line: int | None
    column: str | None
    reason: str

    def __str__(self) -> str:
        place = "file" if self.line is None else f"line {self.line}"
        return f"{place}{f', {self.column}' if self.column else ''}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How an import went. With any error nothing was written and the counts are 0."""

    kind: ImportKind
    file: str
    # Rows read, the header and blank lines left out.
    rows: int
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: tuple[RowError, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything was imported."""
        return not self.errors
