"""Days and clock times as customers write them, in three languages.

Pure functions: a line and Hong Kong's today in, spans and ISO values out. No
library reads 聽日, 下星期二 or 廿五號 (measured with dateparser), hence our own.
Only the day expression is a date, only the clock time is a time; a length
(三日, two weeks) is neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays.countries import HongKong

from cantodesk.understanding.numbers import CHINESE_NUMBER, read_number


@dataclass(frozen=True)
class Found:
    """A span of the line and its value: `2026-11-25` or `15:30`."""

    start: int
    end: int
    value: str


_RELATIVE = {
    "大前日": -3, "前日": -2, "前天": -2, "尋日": -1, "琴日": -1, "昨日": -1, "昨天": -1, "yesterday": -1,
    "尋晚": -1, "昨晚": -1, "尋朝": -1, "昨儿": -1,
    "今日": 0, "今天": 0, "今晚": 0, "今朝": 0, "今儿": 0, "today": 0, "tonight": 0,
    "聽日": 1, "听日": 1, "明日": 1, "明天": 1, "聽朝": 1, "聽晚": 1, "明晚": 1, "明早": 1, "明儿": 1,
    "tomorrow": 1, "tmr": 1, "tmrw": 1,
    "後日": 2, "后日": 2, "後天": 2, "后天": 2, "day after tomorrow": 2, "大後日": 3, "大后天": 3,
}  # fmt: skip
_WEEKDAYS = {
    "一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY_NAME = (
    "mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs?)?(?:day)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_NUMBER = rf"(?:\d{{1,2}}|{CHINESE_NUMBER})"
_WEEK = "星期|禮拜|礼拜|周|週|拜"

_DATES: list[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]] = []


def _reads(pattern: str) -> Callable[[Callable[[re.Match[str], date], date | None]], None]:
    def register(read: Callable[[re.Match[str], date], date | None]) -> None:
        _DATES.append((re.compile(pattern, re.IGNORECASE), read))

    return register


def find_dates(text: str, today: date) -> list[Found]:
    """Day expressions of a line in order, none overlapping; earlier patterns win."""
    taken: list[Found] = []
    for pattern, read in _DATES:
        for match in pattern.finditer(text):
            if any(f.start < match.end() and match.start() < f.end for f in taken):
                continue
            day = read(match, today)
            if day is not None:
                taken.append(Found(match.start(), match.end(), day.isoformat()))
    return sorted(taken, key=lambda f: f.start)


@_reads(r"(?<!\d)(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})(?:日|號|号)?(?!\d)")
def _year_month_day(match: re.Match[str], today: date) -> date | None:
    return _valid(int(match[1]), int(match[2]), int(match[3]))


@_reads(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])")
def _day_month(match: re.Match[str], today: date) -> date | None:
    # Hong Kong writes the day first. 12/25 can only be the other way round.
    day, month = int(match[1]), int(match[2])
    if month > 12 >= day:
        day, month = month, day
    if match[3]:
        year = int(match[3])
        return _valid(year + 2000 if year < 100 else year, month, day)
    return _nearest_year(month, day, today)


@_reads(rf"({_NUMBER})月份?\s?({_NUMBER})\s?(?:日|號|号)?")
def _chinese_month_day(match: re.Match[str], today: date) -> date | None:
    month, day = read_number(match[1]), read_number(match[2])
    return None if month is None or day is None else _nearest_year(int(month), int(day), today)


@_reads(rf"(?<![A-Za-z])(\d{{1,2}})(?:st|nd|rd|th)?\s?(?:of\s)?({_MONTH_NAME})(?![A-Za-z])")
def _english_day_month(match: re.Match[str], today: date) -> date | None:
    return _nearest_year(_MONTHS.index(match[2][:3].lower()) + 1, int(match[1]), today)


@_reads(rf"(?<![A-Za-z])({_MONTH_NAME})\.?\s?(\d{{1,2}})(?:st|nd|rd|th)?(?![A-Za-z\d:])")
def _english_month_day(match: re.Match[str], today: date) -> date | None:
    return _nearest_year(_MONTHS.index(match[1][:3].lower()) + 1, int(match[2]), today)


@_reads(
    rf"(下下|下個|下个|下|上個|上个|上|今個|今个|今|呢個|这个|這個|本)?(?:{_WEEK})([一二三四五六日天])"
)
def _weekday(match: re.Match[str], today: date) -> date | None:
    return _in_week(match[1] or "", _WEEKDAYS[match[2]], today)


@_reads(rf"(?<![A-Za-z])(?:(next|last|this|coming)\s)?({_DAY_NAME})(?![A-Za-z])")
def _english_weekday(match: re.Match[str], today: date) -> date | None:
    # "sat" and "sun" alone are as often a seat or the weather: a short name wants its next/last/this.
    if not match[1] and not match[2].lower().endswith("day"):
        return None
    return _in_week((match[1] or "").lower(), _WEEKDAYS[match[2][:3].lower()], today)


@_reads("(?:大?年)?初([一二三])(?=[^一二三四五六七八九十]|$)")
def _lunar_new_year(match: re.Match[str], today: date) -> date | None:
    known = [d for d in map(_first_lunar_day, (today.year, today.year + 1)) if d and d >= today]
    return known[0] + timedelta(days="一二三".index(match[1])) if known else None


@lru_cache(maxsize=8)
def _first_lunar_day(year: int) -> date | None:
    days = HongKong(years=year, language="en_HK").get_named("lunar new year", lookup="icontains")
    return min(days) if days else None


@_reads(
    "|".join(
        rf"(?<![A-Za-z]){w}(?![A-Za-z])" if w.isascii() else w
        for w in sorted(_RELATIVE, key=len, reverse=True)
    )
)
def _relative(match: re.Match[str], today: date) -> date | None:
    return today + timedelta(days=_RELATIVE[match[0].lower()])


@_reads(rf"(?<![\d第])({_NUMBER})\s?(?:號|号)(?![線綫线仔碼码風风波樓楼舖铺店線])")
def _day_of_month(match: re.Match[str], today: date) -> date | None:
    day = read_number(match[1])
    if day is None or not 1 <= day <= 31:
        return None
    # The nearest such day, this month or around it: on the 24th, 廿五號 is tomorrow, 2號 the next month.
    candidates = [_valid(y, m, int(day)) for y, m in _months_around(today)]
    known = [c for c in candidates if c]
    return min(known, key=lambda c: (abs((c - today).days), c < today)) if known else None


@_reads(r"(?<![A-Za-z\d])(?:the\s)?(\d{1,2})(?:st|nd|rd|th)(?![A-Za-z\d])(?!\s(?:floor|time|order|one|item))")
def _english_day_of_month(match: re.Match[str], today: date) -> date | None:
    return _valid(today.year, today.month, int(match[1]))


def _months_around(today: date) -> Iterator[tuple[int, int]]:
    for step in (-1, 0, 1):
        month = today.month + step
        yield today.year + (month - 1) // 12, (month - 1) % 12 + 1


def _in_week(which: str, weekday: int, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=weekday)
    if which.startswith("下下"):
        return day + timedelta(days=14)
    if which.startswith("下") or which == "next":
        return day + timedelta(days=7)
    if which.startswith("上") or which == "last":
        return day - timedelta(days=7)
    if which:
        return day
    # A bare weekday is the coming one, today included.
    return day if day >= today else day + timedelta(days=7)


def _nearest_year(month: int, day: int, today: date) -> date | None:
    candidates = [_valid(today.year + step, month, day) for step in (-1, 0, 1)]
    known = [c for c in candidates if c]
    return min(known, key=lambda c: abs((c - today).days)) if known else None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_PART_OF_DAY = (
    "凌晨|清晨|半夜|今朝|聽朝|朝早|早上|上晝|上昼|上午|中午|晏晝|下晝|下昼|下午|今晚|聽晚|夜晚|晚上|夜|晚|朝|早"
)
_AFTERNOON = ("下", "晏")
_NIGHT = ("夜", "晚", "今晚", "聽晚")
_CHINESE_TIME = re.compile(
    rf"(?P<part>{_PART_OF_DAY})?\s?(?P<hour>{_NUMBER})\s?(?:點鐘|点钟|點|点|時(?![間候])|时(?![间候]))"
    rf"(?:(?P<half>半)|(?P<quarter>[一三]刻)|(?P<characters>[一二三四五六七八九十]|\d{{1,2}})個字"
    rf"|(?P<minute>{_NUMBER})\s?分?)?(?!蚊|元|塊|喇錢|[a-zA-Z])"
)
_DIGITAL_TIME = re.compile(
    rf"(?P<part>{_PART_OF_DAY})?\s?(?<!\d)(?P<hour>\d{{1,2}})[:：](?P<minute>\d{{2}})(?!\d)"
    r"\s?(?P<half_day>[ap]\.?m\.?(?![a-z]))?",
    re.IGNORECASE,
)
_ENGLISH_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s?(?P<half_day>[ap]\.?m\.?)(?![a-z])"
    r"|(?<![a-z])(?P<noon>noon|midnight)(?![a-z])",
    re.IGNORECASE,
)


def find_times(text: str) -> list[Found]:
    """Clock times of a line in order, as HH:MM in 24 hours."""
    taken: list[Found] = []
    for pattern in (_ENGLISH_TIME, _DIGITAL_TIME, _CHINESE_TIME):
        for match in pattern.finditer(text):
            if any(f.start < match.end() and match.start() < f.end for f in taken):
                continue
            value = _clock(match.groupdict())
            if value is not None and not _is_a_little(match):
                taken.append(Found(match.start(), match.end(), value))
    return sorted(taken, key=lambda f: f.start)


def _is_a_little(match: re.Match[str]) -> bool:
    """早一點, 有一點: a bare 一點 is "a little" far more often than one o'clock."""
    return re.fullmatch("早?[一1][點点]", match.group().strip()) is not None


def _clock(parts: dict[str, str | None]) -> str | None:
    if parts.get("noon"):
        return "12:00" if parts["noon"].lower() == "noon" else "00:00"  # type: ignore[union-attr]
    hour_read = read_number(parts["hour"] or "")
    minute = _minute(parts)
    if hour_read is None or minute is None:
        return None
    hour = int(hour_read)
    half_day = (parts.get("half_day") or "").lower()
    part = parts.get("part") or ""
    if half_day.startswith("p") or part.startswith(_AFTERNOON):
        hour = hour + 12 if hour < 12 else hour
    elif part.startswith(_NIGHT):
        # 夜晚十二點 is midnight and 夜晚兩點 long past it; 夜晚八點 is the evening.
        hour = 0 if hour == 12 else hour + 12 if 6 <= hour < 12 else hour
    elif half_day.startswith("a") and hour == 12:
        hour = 0
    elif part == "中午" and hour < 6:
        hour += 12
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return None
    return f"{hour:02d}:{minute:02d}"


def _minute(parts: dict[str, str | None]) -> int | None:
    if parts.get("half"):
        return 30
    if parts.get("quarter"):
        return 15 if str(parts["quarter"])[0] == "一" else 45
    if parts.get("characters"):
        # 個字: five minutes each, a mark on the clock's face.
        count = read_number(str(parts["characters"]))
        return None if count is None else int(count) * 5
    if parts.get("minute"):
        read = read_number(str(parts["minute"]))
        return None if read is None else int(read)
    return 0
