"""Hong Kong telephone numbers, order ids and ticket numbers as customers type them."""

from __future__ import annotations

import re
import unicodedata

_NOISE = re.compile(r"[\s().\-‐-―−#]")
_PHONE = re.compile(r"(?:\+?852|00852)?([2-9][0-9]{7})")
_ORDER = re.compile(r"(?:HK)?([0-9]{8})")
_TICKET = re.compile(r"T?([0-9]{6})")
_LONGEST = 40


def _plain(text: str) -> str:
    """Half-width, capitals, without spaces, dashes, brackets and hashes."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text[:_LONGEST])).upper()


def hong_kong_phone(text: str) -> str | None:
    """``+852`` and eight digits, or None when ``text`` is no Hong Kong number.

    >>> hong_kong_phone("9123 5678")
    '+85291235678'
    """
    found = _PHONE.fullmatch(_plain(text))
    return f"+852{found[1]}" if found else None


def last_four(text: str) -> str | None:
    """The last four digits from four digits or a whole number, else None."""
    plain = _plain(text)
    if re.fullmatch(r"[0-9]{4}", plain):
        return plain
    phone = hong_kong_phone(text)
    return phone[-4:] if phone else None


def order_number(text: str) -> str | None:
    """``HK`` and eight digits, or None."""
    found = _ORDER.fullmatch(_plain(text))
    return f"HK{found[1]}" if found else None


def ticket_number(text: str) -> str | None:
    """``T-`` and six digits, or None."""
    found = _TICKET.fullmatch(_plain(text))
    return f"T-{found[1]}" if found else None
