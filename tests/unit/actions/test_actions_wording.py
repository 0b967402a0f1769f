"""Days, times, money and goods in the words of each language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from actions import wording
from cantodesk.services.orders import OrderItemView, OrderView
from cantodesk.services.trilingual import Trilingual
from cantodesk.storage.business_tables import OrderStatus, PaymentStatus


@pytest.mark.parametrize(
    ("language", "day"),
    [("yue", "12月3號（星期四）"), ("zh", "12月3日（周四）"), ("en", "Thu 3 Dec")],
)
def test_a_day(language: str, day: str) -> None:
    assert wording.day(date(2026, 12, 3), language) == day


def test_sunday_is_the_last_day_of_the_week() -> None:
    assert wording.day(date(2026, 12, 6), "yue") == "12月6號（星期日）"
    assert wording.day(date(2026, 12, 6), "en") == "Sun 6 Dec"


@pytest.mark.parametrize(
    ("language", "moment"),
    [("yue", "12月4號（星期五）07:30"), ("zh", "12月4日（周五）07:30"), ("en", "Fri 4 Dec, 07:30")],
)
def test_a_moment_is_told_by_hong_kongs_clock(language: str, moment: str) -> None:
    assert wording.moment(datetime(2026, 12, 3, 23, 30, tzinfo=UTC), language) == moment


@pytest.mark.parametrize(
    ("value", "money"),
    [
        (Decimal("1299"), "HK$1,299"),
        (Decimal("1299.00"), "HK$1,299"),
        (Decimal("88.50"), "HK$88.50"),
        (18.4, "HK$18.40"),
        (0, "HK$0"),
    ],
)
def test_money_has_cents_only_where_there_are_some(value: Decimal | float, money: str) -> None:
    assert wording.money(value) == money


def order(*lines: tuple[str, int]) -> OrderView:
    goods = tuple(
        OrderItemView(
            f"S{i}", "kind", Trilingual(name, f"{name}-en", f"{name}-zh"), count, Decimal(1)
        )
        for i, (name, count) in enumerate(lines)
    )
    return OrderView(
        "HK20261234", OrderStatus.PAID, PaymentStatus.PAID, datetime.now(UTC), Decimal(1),
        None, None, None, None, False, goods, (),
    )  # fmt: skip


def test_goods_are_named_and_counted() -> None:
    assert wording.items(order(("風筒", 1)), "yue") == "風筒"
    assert wording.items(order(("風筒", 2), ("毛巾", 1)), "yue") == "風筒 x2、毛巾"
    assert wording.items(order(("風筒", 1), ("毛巾", 1)), "en") == "風筒-en and 毛巾-en"


def test_many_goods_are_the_first_and_the_rest() -> None:
    many = order(("風筒", 1), ("毛巾", 1), ("枕頭", 1))
    assert wording.items(many, "yue") == "風筒同另外2樣"
    assert wording.items(many, "en") == "風筒-en and 2 more"


def test_a_piece_is_filled_and_a_wrong_one_refused() -> None:
    assert wording.phrase("refund_paid", "en", amount="HK$5") == "HK$5 has been paid back."
    with pytest.raises(KeyError):
        wording.phrase("no_such_piece", "en")
    with pytest.raises(KeyError):
        wording.phrase("refund_paid", "en")


def test_a_variable_is_said_literally() -> None:
    assert wording.phrase("refund_paid", "en", amount="{amount}") == "{amount} has been paid back."
