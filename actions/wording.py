"""Days, times, money and small pieces of replies in the words of each language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML

from cantodesk.services.orders import OrderView
from cantodesk.settings import HONG_KONG, get_settings

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
        return phrase("two_items", language).join(names)
    return phrase("items_and_more", language, first=names[0], rest=len(names) - 1)


def phrase(piece: str, language: str, **variables: Any) -> str:
    """A piece of a reply from ``data/language/phrases.yml``, filled.

    Raises:
        KeyError: there is no such piece, or a variable is missing.
    """
    return _phrases()[piece][language].format_map(variables)


def courier(name: str | None, language: str) -> str:
    """A carrier as customers call it: SF Express is 順豐; one without a piece keeps its name."""
    if not name:
        return ""
    piece = "courier_" + name.lower().replace(" ", "_")
    return phrase(piece, language) if piece in _phrases() else name


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[str, str]]:
    path = get_settings().language_dir / "phrases.yml"
    pieces: dict[str, dict[str, str]] = YAML(typ="safe").load(path.read_text("utf-8"))["phrases"]
    return pieces
