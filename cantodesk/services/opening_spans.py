"""Opening times as they are written: ``mon-fri: ["09:00-13:00", "14:00-18:00"]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–]\s*([0-9]{1,2}):([0-9]{2})")
DAY_MINUTES = 24 * 60


class Day(StrEnum):
    """The days hours can be given for, Monday first as in :meth:`datetime.date.weekday`."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"
    HOLIDAYS = "holidays"


WEEK = tuple(day for day in Day if day is not Day.HOLIDAYS)


class Span(NamedTuple):
    """Minutes after midnight of one stretch. ``closes`` passes 1440 when it ends the next day."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


def parse_spans(key: str, value: Any) -> tuple[Span, ...]:
    """The stretches of one day, in order.

    Raises:
        ValueError: with the day in a sentence, when they cannot be read or overlap.
    """
    if not isinstance(value, list):
        raise ValueError(f"{key}: expected a list such as ['09:00-18:00'], or [] when closed")
    spans = sorted(_parse_span(key, item) for item in value)
    for before, after in pairwise(spans):
        if after.opens < before.closes:
            raise ValueError(f"{key}: {before} and {after} overlap")
    return tuple(spans)


def day_keys(key: str) -> tuple[Day, ...]:
    """The days meant by ``mon``, ``mon-fri``, ``sat,sun`` or ``holidays``.

    Raises:
        ValueError: when the key names no day.
    """
    days: list[Day] = []
    for part in key.lower().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if (
            first not in set(Day)
            or (dash and last not in set(WEEK))
            or (dash and first not in WEEK)
        ):
            raise ValueError(
                f"{key}: expected a day (mon … sun), some days (mon-fri), holidays, or a date"
            )
        if not dash:
            days.append(Day(first))
            continue
        start, end = WEEK.index(Day(first)), WEEK.index(Day(last))
        count = (end - start) % 7 + 1
        days.extend(WEEK[(start + step) % 7] for step in range(count))
    return tuple(days)


def refuse_overlap(week: Mapping[Day, tuple[Span, ...]]) -> None:
    """A night that runs into the next day's opening is a mistake.

    Raises:
        ValueError: naming the two days.
    """
    for index, day in enumerate(WEEK):
        tomorrow = WEEK[(index + 1) % 7]
        if week[day] and week[tomorrow]:
            over = week[day][-1].closes - DAY_MINUTES
            if over > week[tomorrow][0].opens:
                raise ValueError(f"{day} runs past the opening of {tomorrow}")


def _parse_span(key: str, item: Any) -> Span:
    found = _SPAN.fullmatch(item.strip()) if isinstance(item, str) else None
    if found is None:
        raise ValueError(f"{key}: expected hours such as '09:00-18:00'")
    opens = _minutes(key, found[1], found[2])
    closes = _minutes(key, found[3], found[4])
    if opens in (closes, DAY_MINUTES):
        raise ValueError(f"{key}: the hours are empty; write 00:00-24:00 for the whole day")
    # 18:00-02:00 ends on the next day.
    return Span(opens, closes if closes > opens else closes + DAY_MINUTES)


def _minutes(key: str, hours: str, minutes: str) -> int:
    value = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or value > DAY_MINUTES:
        raise ValueError(f"{key}: {hours}:{minutes} is no time of day")
    return value


def _clock(minutes: int) -> str:
    wrapped = minutes if minutes == DAY_MINUTES else minutes % DAY_MINUTES
    return f"{wrapped // 60:02d}:{wrapped % 60:02d}"
