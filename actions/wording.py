"""Days, times and money in the words of each language. Pure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from cantodesk.services.orders import OrderView
from cantodesk.settings import HONG_KONG

_WEEKDAYS = {
    "yue": "一二三四五六日",
    "zh": "一二三四五六日",
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date, language: str) -> str:
    """12月3號（星期四）, 12月3日（周四）, Thu 3 Dec."""
    weekday = _WEEKDAYS.get(language, _WEEKDAYS["yue"])[value.weekday()]
    if language == "en":
        return f"{weekday} {value.day} {_MONTHS[value.month - 1]}"
    if language == "zh":
        return f"{value.month}月{value.day}日（周{weekday}）"
    return f"{value.month}月{value.day}號（星期{weekday}）"


def moment(value: datetime, language: str) -> str:
    """A day and a clock time in Hong Kong: 12月3號（星期四）15:30."""
    local = value.astimezone(HONG_KONG)
    separator = ", " if language == "en" else ""
    return f"{day(local.date(), language)}{separator}{local:%H:%M}"


def money(value: Decimal | float) -> str:
    """HK$1,299, and cents only where there are some."""
    amount = Decimal(str(value))
    return f"HK${amount:,.0f}" if amount == amount.to_integral() else f"HK${amount:,.2f}"


def items(order: OrderView, language: str) -> str:
    """The goods of an order in one phrase; more than two are counted."""
    names = [
        item.name.text(language) + (f" x{item.quantity}" if item.quantity > 1 else "")
        for item in order.items
    ]
    if len(names) <= 2:
        return ("、" if language != "en" else ", ").join(names)
    first, rest = names[0], len(names) - 1
    return {
        "yue": f"{first}同另外{rest}樣",
        "en": f"{first} and {rest} more",
        "zh": f"{first}等{len(names)}件",
    }.get(language, first)
