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

from cantodesk.understanding.amounts import find_amounts
from cantodesk.understanding.dates import find_dates
from cantodesk.understanding.spans import not_overlapping
from cantodesk.understanding.times import find_times

# The modules whose code decides what is found here, for the fingerprints of components that use it.
VALUE_MODULES = ("values", "spans", "amounts", "dates", "named_days", "times", "numbers")


@dataclass(frozen=True)
class Value:
    """One entity: its span in the line, its normalised value, and what else is known of it."""

    entity: str
    start: int
    end: int
    value: Any
    more: dict[str, Any] = field(default_factory=dict)


# Every repetition below is bounded, and ASCII: a line of nothing but digits or letters is read in
# time that grows with its length and no faster.
_DIGITS_8 = r"\d(?:[\s-]?\d){7}"
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}",
    re.ASCII,
)
_TICKET = re.compile(r"(?<![A-Za-z0-9])[Tt][\s-]?(\d{6})(?!\d)", re.ASCII)
_ORDER = re.compile(
    rf"(?:#\s?)?(?<![A-Za-z])[Hh][Kk][\s-]?({_DIGITS_8})(?!\d)|#\s?({_DIGITS_8})(?!\d)", re.ASCII
)
_PHONE = re.compile(
    r"(?<![\d+])(?:(?:\+\s?)?\(?852\)?[\s-]?)?(?P<number>[2-9]\d{3}[\s-]?\d{4})(?!\d)", re.ASCII
)
_BARE_8 = re.compile(rf"(?<![\d+#])({_DIGITS_8})(?!\d)", re.ASCII)
# A payment card in its four groups: the middle ones are no telephone.
_CARD = re.compile(r"(?<!\d)[3-6]\d{3}([\s-])\d{4}\1\d{4}\1\d{4}(?!\d)", re.ASCII)
_LAST4 = re.compile(
    r"(?:尾|最尾|最後|最后|後|后|末|last)\s?(?:四|4|four)\s?(?:個|位|个)?\s?(?:字|數字|数字|數|数|位|digits?|numbers?|nos?\.?)?"
    r"(?:\sof\s(?:my|the|his|her|our)\s(?:mobile|phone|tel|cell)?\s?(?:phone|number|no\.?)?)?"
    r"\s?(?:係|是|is|are|:|-)?\s?(?P<a>\d{4})(?!\d)"
    r"|(?:尾號|尾号|尾數|尾数|ending\s(?:in|with)|ending|ends\s(?:in|with)|ends)\s?(?:係|是|:)?\s?(?P<b>\d{4})(?!\d)",
    re.IGNORECASE | re.ASCII,
)
# Four digits and nothing that says more: the answer to "the last four digits, please".
_ONLY_4 = re.compile(
    r"(?:係|是|it'?s|呢個|就係)?\s?(\d{4})\s?[.。!呀啦喇㗎]?", re.IGNORECASE | re.ASCII
)
# 「HK20262001 5678」, 「HK20262001 5678 寄咗未」: both answers at once.
_BESIDE_ORDER = re.compile(
    r"(?<!\d)(?:HK[\s-]?)?(?:20[2-3]\d\s?\d{4}|\d{8})[\s,，、/;+]{1,4}(\d{4})"
    r"(?!\s?(?:[蚊元塊块文年月點点件個个萬万]|hkd|dollars|points|pcs))(?:\s|[\u3400-\u9fff?？.。!！]|$)(?!\d)",
    re.IGNORECASE | re.ASCII,
)
_PHONE_NEAR = re.compile(
    r"(?:電話|电话|手機|手机|phone|tel|call|打俾|打畀|致電|聯絡|whatsapp)\D{0,8}$", re.IGNORECASE
)
# A comma ends it: 唔記得單號，用9051 6627登記 gives a telephone.
_ORDER_NEAR = re.compile(
    r"(?:單號|单号|訂單|订单|張單|order|單)(?:[^\d,，.。;；]|no\.|num\.){0,6}$", re.IGNORECASE
)
# Eight digits of a membership are no telephone.
_MEMBER_NEAR = re.compile(
    r"(?:會員|会员)(?:號碼|号码|編號|编号|號|号)\D{0,4}$|member(?:ship)?\s?(?:no\.?|number|id|card)\D{0,6}$",
    re.IGNORECASE,
)
# How far before a number its name may stand, in characters.
_NEAR = 20
# A year at the front: this shop's order numbers begin with it, telephone numbers do not.
_YEAR_FIRST = re.compile(r"20[2-3]\d")
_WRITTEN_AS_A_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def find_values(text: str, today: date) -> list[Value]:
    """All values of a line in order, none overlapping."""
    text = _CARD.sub(lambda card: "\0" * len(card.group()), text)
    return not_overlapping(len(text), (value for read in _READERS for value in read(text, today)))


def _emails(text: str, today: date) -> Iterator[Value]:
    for match in _EMAIL.finditer(text):
        yield Value("email", *match.span(), match.group().lower())


def _tickets(text: str, today: date) -> Iterator[Value]:
    for match in _TICKET.finditer(text):
        yield Value("ticket_id", *match.span(), f"T-{match[1]}")


def _orders(text: str, today: date) -> Iterator[Value]:
    for match in _ORDER.finditer(text):
        yield Value("order_id", *match.span(), _order(match[1] or match[2]))


def _last_fours(text: str, today: date) -> Iterator[Value]:
    for match in _LAST4.finditer(text):
        group = "a" if match["a"] else "b"
        yield Value("phone_last4", *match.span(group), match[group])
    blanks = len(text) - len(text.lstrip())
    beside = _BESIDE_ORDER.search(text.rstrip())
    if beside:
        yield Value("phone_last4", *beside.span(1), beside[1])
    only = _ONLY_4.fullmatch(text.strip())
    if only:
        start, end = only.span(1)
        yield Value("phone_last4", blanks + start, blanks + end, only[1])


def _eight_digits(text: str, today: date) -> Iterator[Value]:
    """Eight bare digits are an order or a telephone; the words before them say which."""
    for match in _BARE_8.finditer(text):
        if _WRITTEN_AS_A_DAY.fullmatch(match.group()):
            continue
        before = text[max(0, match.start() - _NEAR) : match.start()]
        looks_like_order = bool(_YEAR_FIRST.match(re.sub(r"\D", "", match.group())))
        if _PHONE_NEAR.search(before):
            continue
        if looks_like_order or (_ORDER_NEAR.search(before) and "852" not in before[-5:]):
            yield Value("order_id", *match.span(), _order(match[1]))


def _phones(text: str, today: date) -> Iterator[Value]:
    for match in _PHONE.finditer(text):
        if _MEMBER_NEAR.search(text[max(0, match.start() - _NEAR) : match.start()]):
            continue
        yield Value("phone", *match.span(), "+852" + re.sub(r"\D", "", match["number"]))


def _amounts(text: str, today: date) -> Iterator[Value]:
    for found in find_amounts(text):
        whole = int(found.dollars) if found.dollars.is_integer() else found.dollars
        yield Value("amount", found.start, found.end, whole, {"unit": "HKD"})


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
