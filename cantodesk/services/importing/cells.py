"""Kinds of cells: a text becomes a value, or a sentence says what was expected.

The sentences never repeat the cell: it may be somebody's address.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from cantodesk.services.numbers import hong_kong_phone
from cantodesk.settings import HONG_KONG

_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
_COUNT = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,190}\.[^\s@,;<>\".]{2,}")
_ORDER_ID = re.compile(r"HK[0-9]{8}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_LONGEST_ATTRIBUTES = 5000


def _plain(text: str, longest: int) -> str:
    """``text`` when it is storable and no longer than ``longest``."""
    if len(text) > longest:
        raise ValueError(f"the text is longer than {longest:,} characters")
    for sign in text:
        # Cc: control signs, Cs: halves of a character that no database stores.
        if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t":
            raise ValueError("the text holds a control character")
    return text


def text_cell(longest: int) -> BeforeValidator:
    """A text that must be there."""

    def read(value: str) -> str:
        if not value:
            raise ValueError("the cell is empty")
        return _plain(value, longest)

    return BeforeValidator(read)


def optional_text_cell(longest: int) -> BeforeValidator:
    """A text, or None for an empty cell."""
    return BeforeValidator(_or_none(lambda value: _plain(value, longest)))


def identifier_cell(longest: int) -> BeforeValidator:
    """A key such as an SKU."""

    def read(value: str) -> str:
        if len(value) > longest or not _IDENTIFIER.fullmatch(value):
            raise ValueError(
                f"expected at most {longest} letters, digits, dashes, dots, slashes or underscores"
            )
        return value

    return BeforeValidator(read)


def count_cell(least: int, most: int) -> BeforeValidator:
    """A whole number from ``least`` to ``most``."""

    def read(value: str) -> int:
        if not _COUNT.fullmatch(value) or not least <= int(value) <= most:
            raise ValueError(f"expected a whole number from {least} to {most:,}")
        return int(value)

    return BeforeValidator(read)


def _or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda value: read(value) if value else None


def _order_id(value: str) -> str:
    if not _ORDER_ID.fullmatch(value):
        raise ValueError("expected HK and eight digits, such as HK20261234")
    return value


def _phone(value: str) -> str:
    phone = hong_kong_phone(value)
    if phone is None:
        raise ValueError(
            "expected a Hong Kong telephone number: eight digits, the first 2 to 9, with or "
            "without +852"
        )
    return phone


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("expected an e-mail address")
    return _plain(value, 254)


def _amount(value: str) -> Decimal:
    if not _AMOUNT.fullmatch(value):
        raise ValueError("expected an amount in Hong Kong dollars, such as 1299 or 1299.50")
    return Decimal(value).quantize(Decimal("0.01"))


def _day(value: str) -> date:
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("expected a date such as 2026-11-24")


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if _DATE.match(value) else None
    except ValueError:
        moment = None
    if moment is None or not 2000 <= moment.year <= 2100:
        raise ValueError("expected a date and time such as 2026-11-24T15:30:00+08:00")
    # A spreadsheet drops the offset; the shop's own clock is Hong Kong's.
    return moment if moment.tzinfo else moment.replace(tzinfo=HONG_KONG)


def _attributes(value: str) -> dict[str, Any]:
    if len(value) > _LONGEST_ATTRIBUTES:
        raise ValueError(f"the text is longer than {_LONGEST_ATTRIBUTES:,} characters")
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError('expected a JSON object such as {"kind": "hair dryer"}') from None
    if not isinstance(found, dict) or not isinstance(found.get("kind"), str):
        raise ValueError('expected a JSON object with a text as "kind"')
    if not found["kind"].strip() or len(found["kind"]) > 80:
        raise ValueError('"kind" must have from 1 to 80 characters')
    for name, content in found.items():
        _plain(name, 80)
        for part in content if isinstance(content, list) else [content]:
            _attribute(part)
    return found


def _attribute(value: Any) -> None:
    if isinstance(value, str):
        _plain(value, 1000)
    elif not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("an attribute must be a text, a number, yes/no, or a list of those")


OrderId = Annotated[str, BeforeValidator(_order_id)]
Phone = Annotated[str, BeforeValidator(_phone)]
OptionalEmail = Annotated[str | None, BeforeValidator(_or_none(_email))]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
DayCell = Annotated[date, BeforeValidator(_day)]
OptionalDay = Annotated[date | None, BeforeValidator(_or_none(_day))]
Moment = Annotated[datetime, BeforeValidator(_moment)]
OptionalMoment = Annotated[datetime | None, BeforeValidator(_or_none(_moment))]
Attributes = Annotated[dict[str, Any], BeforeValidator(_attributes)]
