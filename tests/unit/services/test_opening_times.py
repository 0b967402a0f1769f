"""When an office is open: breaks, nights, holidays, single dates, promises."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from business_samples import business_with, demo_business, hong_kong, written_hours
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.services.hours import OpeningTimes, general_holidays, is_general_holiday
from cantodesk.services.opening_spans import Day

OFFICE = "customer_service"


def times(**days: Any) -> OpeningTimes:
    return OpeningTimes(business_with(written_hours(**days)))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-24 08:59", False),
        ("2026-11-24 09:00", True),
        ("2026-11-24 17:59", True),
        ("2026-11-24 18:00", False),
        ("2026-11-28 10:00", False),
    ],
)
def test_an_office_is_open_from_its_first_minute_to_before_its_last(
    moment: str, is_open: bool
) -> None:
    assert times().is_open(OFFICE, hong_kong(moment)) is is_open


def test_the_moment_may_come_in_any_time_zone() -> None:
    # 01:30 in Greenwich is 09:30 in Hong Kong.
    assert times().is_open(OFFICE, datetime(2026, 11, 24, 1, 30, tzinfo=UTC))


def test_a_break_is_closed_and_ends() -> None:
    office = OpeningTimes(demo_business())
    noon = hong_kong("2026-11-24 13:30")
    assert not office.is_open("management_office", noon)
    assert office.next_opening("management_office", noon) == hong_kong("2026-11-24 14:00")
    before = hong_kong("2026-11-24 12:59")
    assert office.closes_at("management_office", before) == hong_kong("2026-11-24 13:00")


def test_a_night_runs_into_the_next_day() -> None:
    hours = {day: [] for day in ("mon-thu", "sat", "sun", "holidays")} | {"fri": ["18:00-02:00"]}
    bar = OpeningTimes(business_with(hours))
    assert bar.is_open(OFFICE, hong_kong("2026-11-28 01:59"))
    assert not bar.is_open(OFFICE, hong_kong("2026-11-28 02:00"))
    assert not bar.is_open(OFFICE, hong_kong("2026-11-27 01:00"))
    assert bar.closes_at(OFFICE, hong_kong("2026-11-27 23:00")) == hong_kong("2026-11-28 02:00")


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        (date(2026, 12, 25), True),
        (date(2026, 12, 26), True),
        (date(2026, 10, 1), True),
        # Good Friday is a general holiday; it was no statutory one in 2026.
        (date(2026, 4, 3), True),
        # Ching Ming fell on a Sunday; its substitute is the Monday or Tuesday.
        (date(2026, 4, 7), True),
        # Chinese New Year of 2027, by the lunar calendar.
        (date(2027, 2, 6), True),
        (date(2026, 12, 24), False),
        (date(2026, 11, 24), False),
    ],
)
def test_general_holidays_of_hong_kong(day: date, is_holiday: bool) -> None:
    assert is_general_holiday(day) is is_holiday


def test_a_year_has_seventeen_general_holidays() -> None:
    assert len(general_holidays(2026)) == 17


def test_a_holiday_keeps_the_hours_of_holidays() -> None:
    christmas = hong_kong("2026-12-25 11:00")  # a Friday
    assert not times().is_open(OFFICE, christmas)
    assert times(holidays=["10:00-12:00"]).is_open(OFFICE, christmas)
    # Saturday is a holiday too, Sunday is closed.
    assert times().next_opening(OFFICE, christmas) == hong_kong("2026-12-28 09:00")


def test_a_single_date_goes_before_holiday_and_weekday() -> None:
    early = times(**{"2026-12-24": ["09:00-13:00"], "2026-12-25": ["10:00-11:00"]})
    assert not early.is_open(OFFICE, hong_kong("2026-12-24 14:00"))
    assert early.is_open(OFFICE, hong_kong("2026-12-25 10:30"))


def test_the_next_opening_is_after_now_also_while_open() -> None:
    office = times()
    assert office.next_opening(OFFICE, hong_kong("2026-11-24 08:00")) == hong_kong(
        "2026-11-24 09:00"
    )
    assert office.next_opening(OFFICE, hong_kong("2026-11-24 10:00")) == hong_kong(
        "2026-11-25 09:00"
    )
    assert office.next_opening(OFFICE, hong_kong("2026-11-27 19:00")) == hong_kong(
        "2026-11-30 09:00"
    )


def test_an_office_that_never_closes() -> None:
    always = OpeningTimes(business_with({"mon-sun": ["00:00-24:00"], "holidays": ["00:00-24:00"]}))
    now = hong_kong("2026-11-24 23:59")
    assert always.is_open(OFFICE, now)
    assert always.closes_at(OFFICE, now) is None
    assert always.next_opening(OFFICE, now) is None
    assert always.promised_callback(now, OFFICE) == hong_kong("2026-11-25 00:59")


@pytest.mark.parametrize(
    ("now", "promise"),
    [
        ("2026-11-24 10:00", "2026-11-24 11:00"),
        ("2026-11-24 17:30", "2026-11-25 09:30"),
        ("2026-11-24 20:00", "2026-11-25 10:00"),
        ("2026-11-27 17:00", "2026-11-27 18:00"),
        ("2026-11-27 17:01", "2026-11-30 09:01"),
        ("2026-12-24 17:45", "2026-12-28 09:45"),
    ],
)
def test_a_callback_is_promised_in_opening_time(now: str, promise: str) -> None:
    assert times().promised_callback(hong_kong(now), OFFICE) == hong_kong(promise)


def test_a_promise_has_no_seconds() -> None:
    now = hong_kong("2026-11-24 10:00") + timedelta(seconds=1)
    assert times().promised_callback(now, OFFICE) == hong_kong("2026-11-24 11:01")


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2028, 1, 1)),
    st.integers(min_value=1, max_value=60 * 100),
)
def test_open_time_passes_only_while_open(naive: datetime, minutes: int) -> None:
    now = naive.replace(second=0, microsecond=0, tzinfo=UTC)
    office = times(sat=["10:00-13:00", "14:00-01:00"])
    end = office.after_open_time(OFFICE, now, timedelta(minutes=minutes))
    assert office.is_open(OFFICE, end - timedelta(minutes=1))
    assert end >= now + timedelta(minutes=minutes)
    # One minute less of open time ends sooner.
    if minutes > 1:
        assert office.after_open_time(OFFICE, now, timedelta(minutes=minutes - 1)) < end


def test_the_pieces_of_a_reply() -> None:
    office = OpeningTimes(demo_business())
    pieces = office.describe(OFFICE, hong_kong("2026-11-24 20:00"))
    assert not pieces.is_open
    assert pieces.closes_at is None
    assert pieces.next_opening == hong_kong("2026-11-25 09:00")
    assert [str(span) for span in pieces.today] == ["09:00-18:00"]
    assert not pieces.is_holiday
    assert [(group.days, [str(span) for span in group.spans]) for group in pieces.week] == [
        ((Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI), ["09:00-18:00"]),
        ((Day.SAT,), ["10:00-14:00"]),
        ((Day.SUN,), []),
        ((Day.HOLIDAYS,), []),
    ]
    christmas = office.describe("shops", hong_kong("2026-12-25 12:00"))
    assert christmas.is_holiday
    assert christmas.is_open
    assert christmas.closes_at == hong_kong("2026-12-25 21:30")


def test_an_office_there_is_not_is_a_mistake_in_code() -> None:
    with pytest.raises(KeyError):
        times().is_open("moon", hong_kong("2026-11-24 10:00"))
