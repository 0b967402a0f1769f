"""Goods: by kind, or by what the customer calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from threading import Lock
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cantodesk.services.character_ngrams import character_ngrams, containment
from cantodesk.services.failures import STORAGE_FAILURES, log_failure
from cantodesk.services.revisions import revision_of
from cantodesk.services.trilingual import Trilingual
from cantodesk.storage.business_tables import Product
from cantodesk.storage.engine import session

# Share of letter pairs: of a name that the customer's words hold, or of the customer's
# words that a name holds ("iPhone" in a long name). Measured on the demo range.
_ENOUGH = 0.6
# Of a name in the customer's own words nearly all: a TV bracket is no TV.
_NEARLY_ALL = 0.75


class ProductLookup(StrEnum):
    """The outcome of a search."""

    FOUND = "found"
    NONE = "none"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class ProductView:
    """One article. ``attributes`` cannot be changed."""

    sku: str
    kind: str
    name: Trilingual
    price_hkd: Decimal
    stock: int
    restock_on: date | None
    warranty_months: int
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProductAnswer:
    """Articles, the closest first, those in stock before those that are not."""

    status: ProductLookup
    products: tuple[ProductView, ...] = ()


class _Named(NamedTuple):
    sku: str
    kind: str
    grams: tuple[frozenset[str], ...]


class Products:
    """The range and its stock."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._names: tuple[int, tuple[_Named, ...]] | None = None

    def find(
        self, kind: str | None = None, text: str | None = None, limit: int = 10
    ) -> ProductAnswer:
        """Articles of ``kind`` (a key of the kinds of goods), else by name in any language.

        With both, ``text`` puts the closest of the kind first. A ``kind`` that no article is
        of, and that stands in ``text``, is a name in the customer's own words: then only
        articles so called are found, and not whatever else the line may resemble.
        """
        try:
            with session(self._engine, reading=True) as opened:
                return self._find(opened, (kind or "").strip().casefold(), text or "", limit)
        except STORAGE_FAILURES as error:
            log_failure("looking up products", error)
            return ProductAnswer(ProductLookup.UNAVAILABLE)

    def _find(self, opened: Session, kind: str, text: str, limit: int) -> ProductAnswer:
        asked = character_ngrams(text)
        named = self._named(opened)
        of_kind = {row.sku: _closeness(asked, row) for row in named if kind and row.kind == kind}
        close = of_kind or (
            _so_called(kind, named) if kind and kind in text.casefold() else _like(asked, named)
        )
        rows = opened.scalars(select(Product).where(Product.sku.in_(_best(close)))).all()
        # Of equally close articles the one that can be had comes first.
        ordered = sorted(rows, key=lambda row: (-close[row.sku], row.stock <= 0, row.sku))
        views = tuple(_view(row) for row in ordered[:limit])
        return ProductAnswer(ProductLookup.FOUND if views else ProductLookup.NONE, views)

    def _named(self, opened: Session) -> tuple[_Named, ...]:
        """Names as letter pairs, read again after an import."""
        revision = revision_of(opened, "products")
        with self._lock:
            if self._names is None or self._names[0] != revision:
                rows = opened.execute(
                    select(
                        Product.sku,
                        Product.kind,
                        Product.name_yue,
                        Product.name_en,
                        Product.name_zh,
                    )
                )
                names = tuple(
                    _Named(sku, kind.casefold(), tuple(map(character_ngrams, texts)))
                    for sku, kind, *texts in rows
                )
                self._names = (revision, names)
            return self._names[1]


def _like(asked: frozenset[str], named: tuple[_Named, ...]) -> dict[str, float]:
    """Articles that the customer's line may mean, with how close they are."""
    return {row.sku: score for row in named if (score := _closeness(asked, row)) >= _ENOUGH}


def _so_called(own_words: str, named: tuple[_Named, ...]) -> dict[str, float]:
    """Articles with these words in their name."""
    own = character_ngrams(own_words)
    close = {row.sku: max(containment(own, name) for name in row.grams) for row in named}
    return {sku: score for sku, score in close.items() if score >= _NEARLY_ALL}


def _closeness(asked: frozenset[str], row: _Named) -> float:
    """How much the words and the closest of the names share, 0 to 1."""
    return max(max(containment(asked, name), containment(name, asked)) for name in row.grams)


def _best(close: dict[str, float], most: int = 500) -> list[str]:
    """The closest SKUs, few enough for one statement."""
    return sorted(close, key=lambda sku: -close[sku])[:most]


def _view(row: Product) -> ProductView:
    return ProductView(
        sku=row.sku,
        kind=row.kind,
        name=Trilingual(row.name_yue, row.name_en, row.name_zh),
        price_hkd=row.price_hkd,
        stock=row.stock,
        restock_on=row.restock_on,
        warranty_months=row.warranty_months,
        attributes=MappingProxyType(dict(row.attributes)),
    )
