"""When an office is open: breaks, nights, single dates and Hong Kong's general holidays.

All answers are aware moments in Hong Kong time. Hong Kong keeps one offset all
year, so adding minutes to midnight is right on every day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

import holidays

from cantodesk.services.business import Business, OfficeHours
from cantodesk.services.clock import hong_kong_day
from cantodesk.services.opening_spans import WEEK, Day, Span
from cantodesk.settings import HONG_KONG

# Longer than any run of closed days; the business file refuses an office that is never open.
_SEARCH_DAYS = 400
_NEVER_CLOSES = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class DayHours:
    """Days that share their hours. No spans: closed."""

    days: tuple[Day, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class HoursDescription:
    """What a reply about opening hours is made of."""

    office: str
    is_open: bool
    # When it closes, for a break too; None when it is closed now or never closes.
    closes_at: datetime | None
    next_opening: datetime | None
    today: tuple[Span, ...]
    is_holiday: bool
    # Neighbouring weekdays with equal hours together, holidays last.
    week: tuple[DayHours, ...]


@lru_cache(maxsize=32)
def general_holidays(year: int) -> frozenset[date]:
    """The gazetted general holidays of Hong Kong ("red days"), observed days in their place.

    The package calls them "optional", its "public" ones are the fewer statutory
    holidays of the Employment Ordinance.
    """
    found = holidays.country_holidays("HK", years=[year], categories=("optional",))
    return frozenset(day for day in found if day.year == year)


def is_general_holiday(day: date) -> bool:
    """Whether ``day`` is a general holiday in Hong Kong."""
    return day in general_holidays(day.year)


class OpeningTimes:
    """Questions about the offices of one business.

    ``office`` is a key of `opening_hours` in the business file; another one
    raises KeyError, for offices are named in code and never by customers.
    """

    def __init__(self, business: Business) -> None:
        self._business = business

    def is_open(self, office: str, now: datetime) -> bool:
        """Whether the office is open at ``now``; it is closed at the closing minute."""
        return any(opens <= now for opens, _ in islice(self._stretches(office, now), 1))

    def closes_at(self, office: str, now: datetime) -> datetime | None:
        """When the present stretch ends. None when it is closed now, or never closes."""
        for opens, closes in islice(self._stretches(office, now), 1):
            if opens <= now and closes - now < _NEVER_CLOSES:
                return closes
        return None

    def next_opening(self, office: str, now: datetime) -> datetime | None:
        """The first opening after ``now``, also while it is open.

        None for an office that never closes.
        """
        for opens, _ in self._stretches(office, now):
            if opens > now:
                return opens
        return None

    def after_open_time(self, office: str, now: datetime, length: timedelta) -> datetime:
        """The moment at which the office has been open for ``length`` since ``now``."""
        left = length
        reached = now.astimezone(HONG_KONG)
        for opens, closes in self._stretches(office, now):
            start = max(opens, now.astimezone(HONG_KONG))
            if closes - start >= left:
                return _whole_minute(start + left)
            left -= closes - start
            reached = closes
        # More open time than the search holds: the promise is simply that much later.
        return _whole_minute(reached + left)

    def promised_callback(self, now: datetime, office: str) -> datetime:
        """When a customer is called back at the latest."""
        minutes = timedelta(minutes=self._business.callback_minutes)
        return self.after_open_time(office, now, minutes)

    def describe(self, office: str, now: datetime) -> HoursDescription:
        """The pieces of a reply about this office."""
        day = hong_kong_day(now)
        return HoursDescription(
            office=office,
            is_open=self.is_open(office, now),
            closes_at=self.closes_at(office, now),
            next_opening=self.next_opening(office, now),
            today=_spans_of(self._business.opening_hours[office], day),
            is_holiday=is_general_holiday(day),
            week=_grouped(self._business.opening_hours[office]),
        )

    def _stretches(self, office: str, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Stretches that end after ``now``, in order, those that touch as one."""
        hours = self._business.opening_hours[office]
        # A night of yesterday may still be open.
        first = hong_kong_day(now) - timedelta(days=1)
        held: tuple[datetime, datetime] | None = None
        for step in range(_SEARCH_DAYS):
            day = first + timedelta(days=step)
            midnight = datetime.combine(day, time(), HONG_KONG)
            for span in _spans_of(hours, day):
                opens = midnight + timedelta(minutes=span.opens)
                closes = midnight + timedelta(minutes=span.closes)
                if held is not None and opens <= held[1]:
                    held = (held[0], max(held[1], closes))
                    continue
                if held is not None and held[1] > now:
                    yield held
                held = (opens, closes)
        if held is not None and held[1] > now:
            yield held


def _spans_of(hours: OfficeHours, day: date) -> tuple[Span, ...]:
    if day in hours.dates:
        return hours.dates[day]
    return hours.week[Day.HOLIDAYS if is_general_holiday(day) else WEEK[day.weekday()]]


def _grouped(hours: OfficeHours) -> tuple[DayHours, ...]:
    groups: list[DayHours] = []
    for day in WEEK:
        if groups and groups[-1].spans == hours.week[day]:
            groups[-1] = DayHours((*groups[-1].days, day), groups[-1].spans)
        else:
            groups.append(DayHours((day,), hours.week[day]))
    return (*groups, DayHours((Day.HOLIDAYS,), hours.week[Day.HOLIDAYS]))


def _whole_minute(moment: datetime) -> datetime:
    """Rounded up: a promise in seconds reads oddly."""
    if moment.second or moment.microsecond:
        return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return moment
