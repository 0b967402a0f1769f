"""Days with a name: the coming one, today included."""

from __future__ import annotations

from datetime import date

import pytest

from cantodesk.understanding.named_days import named_day


@pytest.mark.parametrize(
    ("name", "today", "day"),
    [
        ("Boxing Day", date(2026, 11, 25), date(2026, 12, 26)),
        ("boxing day", date(2026, 12, 26), date(2026, 12, 26)),
        ("Boxing Day", date(2026, 12, 27), date(2027, 12, 26)),
        ("冬至", date(2025, 12, 1), date(2025, 12, 21)),
        ("冬至", date(2026, 12, 1), date(2026, 12, 22)),
        ("年初一", date(2026, 11, 25), date(2027, 2, 6)),
        ("年三十", date(2026, 11, 25), date(2027, 2, 5)),
        ("中秋節", date(2026, 11, 25), date(2027, 9, 15)),
        ("Easter Monday", date(2026, 11, 25), date(2027, 3, 29)),
    ],
)
def test_the_coming_day_of_that_name(name: str, today: date, day: date) -> None:
    assert named_day(name, today) == day


def test_a_name_nobody_knows_has_no_day() -> None:
    assert named_day("大節", date(2026, 11, 25)) is None
