"""Things with a form of their own: numbers of orders and cases, phones, e-mails, money, days, times.

Pure: a normalised line and Hong Kong's today in, spans with normalised values
out. Where two readings overlap, the one earlier in ``_READERS`` wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cantodesk.understanding.dates import find_dates, find_times
from cantodesk.understanding.numbers import find_amounts

# The modules whose code decides what is found here, for the fingerprints of components that use it.
VALUE_MODULES = ("values", "dates", "numbers")


@dataclass(frozen=True)
class Value:
    """One entity: its span in the line, its normalised value, and what else is known of it."""

    entity: str
    start: int
    end: int
    value: Any
    more: dict[str, Any] = field(default_factory=dict)


_DIGITS_8 = r"\d(?:[\s-]?\d){7}"
_EMAIL = re.compile(r"[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_TICKET = re.compile(r"(?<![A-Za-z0-9])[Tt][\s-]?(\d{6})(?!\d)")
_ORDER = re.compile(rf"#?\s?(?<![A-Za-z])[Hh][Kk][\s-]?({_DIGITS_8})(?!\d)|#\s?({_DIGITS_8})(?!\d)")
_PHONE = re.compile(r"(?:\+?\s?\(?852\)?[\s-]?)?(?<!\d)([2-9]\d{3}[\s-]?\d{4})(?!\d)")
_BARE_8 = re.compile(rf"(?<![\d+#])({_DIGITS_8})(?!\d)")
_LAST4 = re.compile(
    r"(?:尾|最尾|最後|最后|後|后|末|last)\s?(?:四|4|four)\s?(?:個|位|个)?\s?(?:字|數字|数字|數|数|位|digits?|numbers?|nos?\.?)?"
    r"\s?(?:係|是|is|are|:)?\s?(?P<a>\d{4})(?!\d)"
    r"|(?:尾號|尾号|尾數|尾数|ending|ends|ending\s+(?:in|with)|ends\s+(?:in|with))\s?(?:係|是|:)?\s?(?P<b>\d{4})(?!\d)",
    re.IGNORECASE,
)
# Four digits and nothing that says more: the answer to "the last four digits, please".
_ONLY_4 = re.compile(r"\s*(?:係|是|it'?s|呢個|就係)?\s*(\d{4})\s*[.。!呀啦喇㗎]?\s*", re.IGNORECASE)
_PHONE_NEAR = re.compile(r"(?:電話|电话|手機|手机|phone|tel|call|打俾|打畀|致電|聯絡|whatsapp)\D{0,8}$", re.IGNORECASE)
_ORDER_NEAR = re.compile(r"(?:單號|单号|訂單|订单|張單|order|單)\D{0,6}$", re.IGNORECASE)
# A year at the front: this shop's order numbers begin with it, telephone numbers do not.
_YEAR_FIRST = re.compile(r"20[2-3]\d")


def find_values(text: str, today: date) -> list[Value]:
    """All values of a line in order, none overlapping."""
    taken: list[Value] = []
    for reader in _READERS:
        for value in reader(text, today):
            if not any(t.start < value.end and value.start < t.end for t in taken):
                taken.append(value)
    return sorted(taken, key=lambda v: v.start)


def _emails(text: str, today: date) -> Iterator[Value]:
    for match in _EMAIL.finditer(text):
        yield Value("email", *match.span(), match.group().lower())


def _tickets(text: str, today: date) -> Iterator[Value]:
    for match in _TICKET.finditer(text):
        yield Value("ticket_id", *match.span(), f"T-{match[1]}")


def _orders(text: str, today: date) -> Iterator[Value]:
    for match in _ORDER.finditer(text):
        start = match.start() + (len(match.group()) - len(match.group().lstrip()))
        yield Value("order_id", start, match.end(), _order(match[1] or match[2]))


def _last_fours(text: str, today: date) -> Iterator[Value]:
    for match in _LAST4.finditer(text):
        group = "a" if match["a"] else "b"
        yield Value("phone_last4", *match.span(group), match[group])
    only = _ONLY_4.fullmatch(text)
    if only:
        yield Value("phone_last4", *only.span(1), only[1])


def _eight_digits(text: str, today: date) -> Iterator[Value]:
    """Eight bare digits are an order or a telephone; the words before them say which."""
    for match in _BARE_8.finditer(text):
        before = text[: match.start()]
        looks_like_order = bool(_YEAR_FIRST.match(re.sub(r"\D", "", match.group())))
        if _PHONE_NEAR.search(before):
            continue
        if looks_like_order or (_ORDER_NEAR.search(before) and "852" not in before[-5:]):
            yield Value("order_id", *match.span(), _order(match[1]))


def _phones(text: str, today: date) -> Iterator[Value]:
    for match in _PHONE.finditer(text):
        start = match.start() + (len(match.group()) - len(match.group().lstrip()))
        yield Value("phone", start, match.end(), "+852" + re.sub(r"\D", "", match[1]))


def _amounts(text: str, today: date) -> Iterator[Value]:
    for start, end, dollars in find_amounts(text):
        whole = int(dollars) if dollars == int(dollars) else dollars
        yield Value("amount", start, end, whole, {"unit": "HKD"})


def _dates(text: str, today: date) -> Iterator[Value]:
    for found in find_dates(text, today):
        yield Value("date", found.start, found.end, found.value)


def _times(text: str, today: date) -> Iterator[Value]:
    for found in find_times(text):
        yield Value("time", found.start, found.end, found.value)


def _order(digits: str) -> str:
    return "HK" + re.sub(r"\D", "", digits)


_READERS: tuple[Callable[[str, date], Iterator[Value]], ...] = (
    _emails,
    _tickets,
    _orders,
    _last_fours,
    _eight_digits,
    _phones,
    _amounts,
    _dates,
    _times,
)
