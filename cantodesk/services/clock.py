"""Now, and which day it is in Hong Kong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from cantodesk.settings import HONG_KONG

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present, aware of its time zone."""
    return datetime.now(UTC)


def hong_kong_day(moment: datetime) -> date:
    """The calendar day in Hong Kong at an aware ``moment``."""
    return moment.astimezone(HONG_KONG).date()
