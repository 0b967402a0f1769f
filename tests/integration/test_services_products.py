"""Finding goods by kind and by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from business_samples import csv_file
from sqlalchemy import Engine

from cantodesk.services.business import Business
from cantodesk.services.importing import import_file
from cantodesk.services.products import ProductLookup
from cantodesk.services.shop import Shop
from cantodesk.storage.vault import Vault

HEADER = "sku,name_yue,name_en,name_zh,price_hkd,stock,restock_on,warranty_months,attributes"


def skus(shop: Shop, kind: str | None = None, text: str | None = None) -> list[str]:
    return [product.sku for product in shop.products.find(kind, text).products]


def test_a_kind_gives_its_articles_those_in_stock_first(shop: Shop) -> None:
    answer = shop.products.find("hair dryer")
    assert answer.status is ProductLookup.FOUND
    assert [product.sku for product in answer.products] == ["HA-HD-1600", "HA-HD-2000"]
    here, gone = answer.products
    assert here.stock > 0
    assert (gone.stock, gone.restock_on) == (0, date(2026, 12, 15))
    assert gone.price_hkd == Decimal(888)
    assert gone.name.text("yue") == "2000W高速風筒"


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("記憶棉枕頭", "HO-PL-0101"),
        ("有冇記憶棉護頸枕頭呀", "HO-PL-0101"),
        ("sunscreen", "BE-SS-5001"),
        ("do you have the LED desk lamp in stock", "HO-DL-0801"),
        ("机械键盘", "EL-KB-8701"),
        ("ＬＥＤ枱燈", "HO-DL-0801"),
    ],
)
def test_a_name_is_found_in_any_language(shop: Shop, text: str, sku: str) -> None:
    assert skus(shop, text=text)[0] == sku


def test_with_a_kind_the_words_only_order(shop: Shop) -> None:
    assert skus(shop, "hair dryer", "2000W高速風筒") == ["HA-HD-2000", "HA-HD-1600"]


def test_a_kind_nobody_knows_falls_back_to_the_name(shop: Shop) -> None:
    assert skus(shop, "枕頭", "記憶棉枕頭")[0] == "HO-PL-0101"


@pytest.mark.parametrize("text", ["", "   ", "潛水艇", "%", "_", "'; DROP TABLE products;--"])
def test_what_is_not_sold_is_not_found(shop: Shop, text: str) -> None:
    answer = shop.products.find(None, text)
    assert (answer.status, answer.products) == (ProductLookup.NONE, ())


def test_no_more_than_asked_for(shop: Shop) -> None:
    assert len(shop.products.find("trainers", limit=2).products) == 2


def test_a_new_import_is_seen_at_once(
    shop: Shop, engine: Engine, vault: Vault, business: Business, tmp_path: Path
) -> None:
    assert skus(shop, text="潛水艇") == []
    row = 'SUB-1,黃色潛水艇,Yellow submarine,黄色潜水艇,99.9,1,,0,"{""kind"": ""submarine""}"'
    file = csv_file(tmp_path, "products.csv", HEADER, row)
    assert import_file("products", file, engine, vault, business).ok
    assert skus(shop, text="潛水艇") == skus(shop, "Submarine") == ["SUB-1"]


def test_attributes_cannot_be_changed_by_a_reader(shop: Shop) -> None:
    product = shop.products.find("hair dryer").products[0]
    assert product.attributes["kind"] == "hair dryer"
    with pytest.raises(TypeError):
        product.attributes["kind"] = "lamp"  # type: ignore[index]
    assert replace(product, stock=0).stock == 0


def test_without_a_database_products_are_unavailable(broken_shop: Shop) -> None:
    assert broken_shop.products.find("lamp").status is ProductLookup.UNAVAILABLE


@pytest.mark.parametrize(
    ("own_words", "line"),
    [
        ("麻雀枱", "麻雀枱有冇貨"),
        ("電視架", "有冇電視架賣"),
        ("hair dryer stand", "do you have a hair dryer stand"),
        ("", ""),
    ],
)
def test_a_name_in_own_words_finds_what_is_called_so_and_nothing_like_it(
    shop: Shop, own_words: str, line: str
) -> None:
    assert shop.products.find(own_words, line).status is ProductLookup.NONE


def test_a_name_in_own_words_finds_the_article_of_that_name(shop: Shop) -> None:
    by_kind = shop.products.find("hair dryer").products[0]
    name = by_kind.name.text("en")
    assert by_kind.sku in skus(shop, name, f"is the {name} in stock")
