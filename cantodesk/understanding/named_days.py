"""Days that have a name instead of a number: Boxing Day, 冬至, 年三十, New Year's Eve.

A festival is a season (中秋, Christmas, 農曆新年) unless its one day is named: Christmas
Eve, 年初二, 國慶嗰日. The shop's knowledge answers for seasons, a day goes into a form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from holidays.countries import HongKong

# The festival's one day, said so.
_ITS_DAY = "(?=嗰日|那天|當日|当天|當天|嗰晚|那晚)"
_Of = Callable[[int], "date | None"]


def _fixed(month: int, day: int) -> _Of:
    return lambda year: date(year, month, day)


def _holiday(name: str, later: int = 0) -> _Of:
    """The general holiday of that name in the library, and so many days after it."""

    def of(year: int) -> date | None:
        first = _holidays(year, name)
        return first + timedelta(days=later) if first else None

    return of


@lru_cache(maxsize=64)
def _holidays(year: int, name: str) -> date | None:
    # The first is the festival itself; a day in lieu of it comes later.
    days = HongKong(years=year, language="en_HK").get_named(name, lookup="icontains")
    return min(days) if days else None


def _winter_solstice(year: int) -> date:
    """The 21st or 22nd: the almanac's rule for this century."""
    last_two = year % 100
    return date(year, 12, int(last_two * 0.2422 + 21.94) - last_two // 4)


_NEW_YEAR = "lunar new year"
# In order: where two begin at one place, the longer is first.
_DAYS: tuple[tuple[str, _Of], ...] = (
    (r"boxing\sday|拆禮物日", _fixed(12, 26)),
    (r"christmas\seve|x'?mas\seve|平安夜|聖誕前夕|圣诞前夕", _fixed(12, 24)),
    (rf"christmas\sday|x'?mas\sday|聖誕節?正日|(?:聖誕|圣诞)[節节]?{_ITS_DAY}", _fixed(12, 25)),
    (r"new\syear['’]?s?\seve|跨年夜|跨年嗰晚", _fixed(12, 31)),
    (r"(?<!chinese\s)(?<!lunar\s)new\syear['’]?s?\sday|元旦", _fixed(1, 1)),
    (r"valentine['’]?s?\sday|情人節(?!禮|套|優|限)|情人节(?!礼|套|优|限)", _fixed(2, 14)),
    (rf"national\sday|[國国][慶庆](?:日|[節节]|{_ITS_DAY})", _fixed(10, 1)),
    (r"回歸日|回归日", _fixed(7, 1)),
    (r"good\sfriday|耶穌受難日|耶稣受难日", _holiday("Easter Monday", -3)),
    (r"easter\ssunday", _holiday("Easter Monday", -1)),
    (r"easter\smonday", _holiday("Easter Monday")),
    (r"清明[節节]?|ching\sming(?:\sfestival)?", _holiday("Ching Ming")),
    (r"佛[誕诞]|buddha['’]?s\sbirthday", _holiday("Buddha")),
    (rf"端午[節节]?{_ITS_DAY}", _holiday("Tuen Ng")),
    (r"重[陽阳][節节]?|chung\syeung(?:\sfestival)?", _holiday("Chung Yeung")),
    (r"中秋[節节]?翌日", _holiday("Mid-Autumn")),
    (rf"中秋[節节]?{_ITS_DAY}", _holiday("Mid-Autumn", -1)),
    (r"冬至|winter\ssolstice", _winter_solstice),
    (r"大?年三十晚?|年卅晚?|除夕夜?|年廿九晚?|lunar\snew\syear['’]?s?\seve", _holiday(_NEW_YEAR, -1)),
    (r"(?:大?年|正月)初一|(?<![月\d])初一(?![一二三四五六七八九十中])", _holiday(_NEW_YEAR)),
    (r"(?:大?年|正月)初二|(?<![月\d])初二(?![一二三四五六七八九十中])", _holiday(_NEW_YEAR, 1)),
    (r"(?:大?年|正月)初三|(?<![月\d])初三(?![一二三四五六七八九十中])", _holiday(_NEW_YEAR, 2)),
    (r"(?:大?年|正月)初四", _holiday(_NEW_YEAR, 3)),
    (r"(?:大?年|正月)初五", _holiday(_NEW_YEAR, 4)),
)  # fmt: skip
_READ = tuple(
    (re.compile(rf"(?<![A-Za-z])(?:{names})(?![A-Za-z])", re.IGNORECASE), of) for names, of in _DAYS
)
# Any of them, for the list of readings of a line.
NAMED_DAY = "|".join(f"(?:{pattern.pattern})" for pattern, _ in _READ)


def named_day(name: str, today: date) -> date | None:
    """The coming day of that name, today included; None where it has none."""
    # 國慶 is found because of what stands behind it; here only the name is left.
    of = next((of for pattern, of in _READ if pattern.match(f"{name}嗰日")), None)
    days = map(of, (today.year, today.year + 1)) if of else ()
    return next((day for day in days if day and day >= today), None)
