"""Products: in stock, few, back on a day, or gone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest
from talk import run, tracker

from actions.products import ActionCheckStock, ValidateStockForm, stock_line
from cantodesk.assembly import Services
from cantodesk.services.products import ProductView
from cantodesk.services.trilingual import Trilingual


def article(stock: int, restock_on: date | None = None) -> ProductView:
    return ProductView(
        "S", "kind", Trilingual("風筒", "dryer", "吹风机"), Decimal(268), stock, restock_on, 12,
        MappingProxyType({}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("product", "line"),
    [
        (article(47), "dryer: in stock, HK$268"),
        (article(6), "dryer: in stock, HK$268"),
        (article(5), "dryer: only 5 left, HK$268"),
        (
            article(0, date(2026, 12, 15)),
            "dryer: out of stock, expected back on Tue 15 Dec, HK$268",
        ),
        (article(0), "dryer: out of stock, no restock date yet"),
    ],
)
def test_a_line_says_stock_and_price(product: ProductView, line: str) -> None:
    assert stock_line(product, "en") == line


@pytest.mark.parametrize("language", ["yue", "zh"])
def test_every_language_has_its_lines(language: str) -> None:
    for product in (article(9), article(1), article(0, date(2026, 12, 15)), article(0)):
        line = stock_line(product, language)
        assert "{" not in line
        assert "風筒" in line or "吹风机" in line


async def test_stock_is_told_and_the_product_forgotten(services: Services) -> None:
    done = await run(ActionCheckStock(), tracker("風筒有冇貨", slots={"product": "hair dryer"}))
    lines = done.said("utter_stock")["lines"].splitlines()
    assert 1 <= len(lines) <= 3
    assert all("風筒" in line for line in lines)
    assert done.slots == {"product": None}


async def test_what_is_not_sold_is_said_and_counts_as_no_help(services: Services) -> None:
    done = await run(ActionCheckStock(), tracker("xyzzy", slots={"product": "qqqq"}))
    assert done.replies == ["utter_product_unknown"]
    assert done.failed


async def test_the_form_takes_what_is_sold_and_refuses_the_rest(services: Services) -> None:
    known = await run(
        ValidateStockForm(),
        tracker("風筒", form="stock_form", asked="product", given={"product": "hair dryer"}),
    )
    assert known.slots == {"product": "hair dryer", "requested_slot": None}
    unknown = await run(
        ValidateStockForm(),
        tracker("xyzzy", form="stock_form", asked="product", given={"product": "xyzzy"}),
    )
    assert unknown.replies == ["utter_product_unknown"]
    assert unknown.slots["requested_slot"] == "product"


async def test_without_a_database_there_is_an_apology(broken: Services) -> None:
    done = await run(ActionCheckStock(), tracker("風筒", slots={"product": "hair dryer"}))
    assert done.replies == ["utter_unavailable"]
