"""Days as customers write them, in three languages.

Pure functions: a line and Hong Kong's today in, spans and ISO values out. No
library reads 聽日, 下星期二 or 廿五號 (measured with dateparser), hence our own.
Only the day expression is a date, not a clock time (``times.py``) nor a length
(三日, two weeks).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from cantodesk.understanding.named_days import NAMED_DAY, named_day
from cantodesk.understanding.numbers import CHINESE_NUMBER, read_number
from cantodesk.understanding.spans import Found, not_overlapping

_RELATIVE = {
    "大前日": -3, "大前天": -3, "前日": -2, "前天": -2, "前晚": -2, "尋日": -1, "噚日": -1, "噚晚": -1, "琴日": -1, "昨日": -1, "昨天": -1, "yesterday": -1,
    "尋晚": -1, "琴晚": -1, "昨晚": -1, "尋朝": -1, "昨儿": -1, "last night": -1,
    "今日": 0, "今天": 0, "今晚": 0, "今朝": 0, "今早": 0, "今儿": 0, "today": 0, "tonight": 0,
    "this morning": 0, "this afternoon": 0, "this evening": 0,
    "聽日": 1, "听日": 1, "明日": 1, "明天": 1, "聽朝": 1, "聽晚": 1, "聽早": 1, "明晚": 1, "明早": 1, "明儿": 1,
    "tomorrow": 1, "tmr": 1, "tmrw": 1,
    "後日": 2, "后日": 2, "後天": 2, "后天": 2, "day after tomorrow": 2, "後晚": 2, "大後日": 3, "大後天": 3, "大后天": 3,
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
_DAY_NAME = "mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs?)?(?:day)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_NUMBER = rf"(?:\d{{1,2}}|{CHINESE_NUMBER})"
_MONTH_STEPS = {"下下": 2, "下": 1, "上": -1}
_WEEK = "星期|禮拜|礼拜|周|週|拜"

_DATES: list[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]] = []


def _reads(pattern: str) -> Callable[[Callable[[re.Match[str], date], date | None]], None]:
    def register(read: Callable[[re.Match[str], date], date | None]) -> None:
        _DATES.append((re.compile(pattern, re.IGNORECASE), read))

    return register


def find_dates(text: str, today: date) -> list[Found]:
    """Day expressions of a line in order, none overlapping; earlier patterns win."""
    return not_overlapping(len(text), _readings(text, today))


def _readings(text: str, today: date) -> Iterator[Found]:
    for pattern, read in _DATES:
        for match in pattern.finditer(text):
            day = read(match, today)
            if day is not None:
                yield Found(match.start(), match.end(), day.isoformat())


@_reads(r"(?<!\d)(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})(?:日|號|号)?(?!\d)")
def _year_month_day(match: re.Match[str], today: date) -> date | None:
    return _valid(int(match[1]), int(match[2]), int(match[3]))


# Around the clock is no day.
@_reads(r"(?<![\d/])(?!24/7(?![\d/]))(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])")
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
    rf"(下下個月|下下个月|下個月|下个月|下月|上個月|上个月|上月|今個月|呢個月|這個月|这个月|本月)\s?({_NUMBER})\s?(?:號|号|日)"
)
def _day_of_named_month(match: re.Match[str], today: date) -> date | None:
    step = _MONTH_STEPS.get(match[1][:2] if match[1].startswith("下下") else match[1][0], 0)
    day = read_number(match[2])
    month = today.month - 1 + step
    return None if day is None else _valid(today.year + month // 12, month % 12 + 1, int(day))


# Not every week's (逢星期二), not both days of the weekend (星期六日), not how often (一個禮拜三次).
@_reads(
    rf"(?<![逢每])(?<!每個)(?<!每个)(下下|下個|下个|下|上個|上个|上|今個|今个|今|呢個|这个|這個|这|這|本)?(?<![逢每])(?:{_WEEK})"
    r"([一二三四五六日天])(?!次|(?<=六)[日天])"
)
def _weekday(match: re.Match[str], today: date) -> date | None:
    return _in_week(match[1] or "", _WEEKDAYS[match[2]], today)


@_reads(
    rf"(?<![A-Za-z])(?<!black\s)(?<!good\s)(?<!every\s)(?:(next|last|this|coming)\s)?({_DAY_NAME})(?![A-Za-z])"
)
def _english_weekday(match: re.Match[str], today: date) -> date | None:
    name = match[2].lower()
    # "sat" and "sun" alone are as often a seat or the weather: they want next, on, by … or an hour.
    if not match[1] and name in ("mon", "wed", "fri", "sat", "sun") and not _is_a_day(match):
        return None
    return _in_week((match[1] or "").lower(), _WEEKDAYS[name[:3]], today)


_BEFORE_A_DAY = re.compile(r"(?:^|\s)(?:on|by|until|till|before|from|since)\s$", re.IGNORECASE)
_HOUR = re.compile(
    r"\s(?:\d{1,2}(?:[:.]\d{2}|\s?[ap]\.?m)|half\spast|morning|afternoon|evening|noon|night)",
    re.IGNORECASE,
)


def _is_a_day(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 8) : match.start()]
    return bool(_BEFORE_A_DAY.search(before) or _HOUR.match(match.string, match.end()))


@_reads(NAMED_DAY)
def _named_day(match: re.Match[str], today: date) -> date | None:
    return named_day(match[0], today)


@_reads(
    "|".join(
        rf"(?<![A-Za-z]){w}(?![A-Za-z])" if w.isascii() else w
        for w in sorted(_RELATIVE, key=len, reverse=True)
    )
)
def _relative(match: re.Match[str], today: date) -> date | None:
    return today + timedelta(days=_RELATIVE[match[0].lower()])


# Not the 5號 of a typhoon signal, a street, a size, a lift or a way out.
@_reads(
    rf"(?<![\d第月道街路里徑径坊巷座牌掛挂大細细小淺浅深])(?<![月道街路里徑径坊巷座]\s)({_NUMBER})\s?(?:號|号)"
    r"(?!\s?(?:[線綫线仔碼码風风波樓楼舖铺店半鞋靴座閘闸檯枱𨋢]|巴士|幹綫|幹線|颱風|台风|升降機|升降机|電梯|电梯|電芯|电池|出口|球場|球场))"
)
def _day_of_month(match: re.Match[str], today: date) -> date | None:
    day = read_number(match[1])
    return None if day is None else _nearest_month(int(day), today)


@_reads(
    r"(?<![A-Za-z\d])(?:the\s)?(\d{1,2})(?:st|nd|rd|th)(?![A-Za-z\d])(?!\s(?:floor|fl|time|order|one|thoughts?|item|hand|gen|"
    r"edition|attempt|try|visit|reminder|call|message|email|complaint|delivery|parcel|class|year|place|half|quarter))"
)
def _english_day_of_month(match: re.Match[str], today: date) -> date | None:
    return _nearest_month(int(match[1]), today)


def _nearest_month(day: int, today: date) -> date | None:
    """This month or around it: on the 24th, 廿五號 is tomorrow, 2號 the next month."""
    known = [c for y, m in _months_around(today) if (c := _valid(y, m, day))]
    return min(known, key=lambda c: (abs((c - today).days), c < today)) if known else None


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
