"""Clock times as customers write them, in three languages. Pure.

Only the clock time is a time; a length (半個鐘, three hours) is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cantodesk.understanding.numbers import CHINESE_DIGITS, CHINESE_NUMBER, read_number
from cantodesk.understanding.spans import Found, not_overlapping

_PART_OF_DAY = "凌晨|零晨|清晨|半夜|午夜|朝頭早|夜晚黑|朝早|早上|上晝|上昼|上午|中午|晏晝|下晝|下昼|下午|夜晚|晚上|夜|晚|朝|早"
_AFTERNOON = ("下", "晏")
_NIGHT = ("夜", "晚")
_SMALL_HOURS = ("凌晨", "零晨", "半夜", "午夜")
# The 晚 of 今晚 belongs to the day; it tells which eight o'clock is meant all the same.
_OF_THE_DAY = "(?<=[今聽听明尋琴昨噚前後每])(?P<of_day>[晚朝早])"
_PART = rf"(?:(?:{_OF_THE_DAY}|(?P<part>{_PART_OF_DAY}))\s?)?"
_HOUR = rf"(?P<hour>(?<![\d.期拜周週])\d{{1,2}}|(?:(?<=[期拜周週][一二三四五六日天])[一二三四五六七八九十兩两]{{1,3}}|(?<![期拜周週]){CHINESE_NUMBER}))"
_CHINESE_TIME = re.compile(
    rf"{_PART}{_HOUR}\s?(?:點鐘|点钟|點|点|時(?![間候])|时(?![间候]))"
    rf"(?:(?P<half>[踏搭]?半)|(?P<quarter>[一三]刻)|(?P<sharp>[踏搭]正)|(?:[踏搭](?P<mark>[一二三四五六七八九十]{{1,2}}|\d{{1,2}})|(?<=點)(?P<said>十一?|[一二三四五六七八九])(?![{CHINESE_DIGITS}分幾几]))(?!\s?[位個个人件次級级過过張张折倍厘成萬蚊巴號号路]|間房)"
    rf"|(?P<characters>[一二三四五六七八九十]{{1,2}}|\d{{1,2}})個字"
    # Not the four people of 七點四位, nor the once of 十一點一過.
    rf"|(?P<minute>\d{{1,2}}(?!\d)|{CHINESE_NUMBER})(?!\s?(?:[位個个人件次級级過过張张]|間房))\s?分?|(?P<some>[幾几多]))?+(?!蚊|元|塊|喇錢|折|倍|厘)"
)
_DIGITAL_TIME = re.compile(
    rf"{_PART}(?<!\d)(?P<hour>\d{{1,2}})[:：](?P<minute>\d{{2}})(?!\d)"
    r"(?:\s?(?P<half_day>(?:[ap]\.m\.?|[ap]m)(?![a-z])))?",
    re.IGNORECASE,
)
_ENGLISH_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s?(?P<half_day>[ap]\.m\.?|[ap]m)(?![a-z])"
    r"|(?<![a-z])(?P<noon>noon|midday|midnight)(?![a-z])|(?P<exactly_noon>正午)",
    re.IGNORECASE,
)
_ENGLISH_HOURS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_HOUR_NAME = rf"(?P<name>{'|'.join(_ENGLISH_HOURS)}|\d{{1,2}})(?![a-z\d])"
_SPOKEN_TIME = re.compile(
    rf"(?<![a-z])(?P<past>half\spast|quarter\spast|quarter\sto)\s{_HOUR_NAME}(?:\s?(?P<half_day>[ap]\.m\.?|[ap]m)(?![a-z]))?"
    rf"|(?<![a-z\d])(?P<clock>{'|'.join(_ENGLISH_HOURS)}|\d{{1,2}})\s?o['’]?clock(?![a-z])"
    rf"|(?<![a-z\d:.])(?P<bare>{'|'.join(_ENGLISH_HOURS)}|\d{{1,2}})\s(?:in\sthe\s(?P<part>morning|afternoon|evening)|at\snight)(?![a-z])",
    re.IGNORECASE,
)
_PAST = {"half past": 30, "quarter past": 15, "quarter to": -15}


def find_times(text: str) -> list[Found]:
    """Clock times of a line in order, as HH:MM in 24 hours."""
    return not_overlapping(len(text), _readings(text))


def _readings(text: str) -> Iterator[Found]:
    for match in _SPOKEN_TIME.finditer(text):
        spoken = _spoken(match.groupdict())
        if spoken is not None:
            yield Found(match.start(), match.end(), spoken)
    for pattern in (_ENGLISH_TIME, _DIGITAL_TIME, _CHINESE_TIME):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            value = _clock(parts)
            if value is not None and not _is_a_little(match):
                yield Found(match.start("hour" if parts.get("of_day") else 0), match.end(), value)


_BARE_ONE = re.compile("[早晚遲迟]?[一1][點点時时]")
_NEAR_ONE = re.compile(r"\s?(?:左右|正|前|之前|後|之後|到[達达]?$)")


def _is_a_little(match: re.Match[str]) -> bool:
    """早一點, 有一點, 一時: bare, that is "a little" or "for a while" far more often than one o'clock."""
    bare = _BARE_ONE.fullmatch(match.group().strip()) is not None
    return bare and not _NEAR_ONE.match(match.string, match.end())


def _spoken(parts: dict[str, str | None]) -> str | None:
    name = (parts["name"] or parts["clock"] or parts["bare"] or "").lower()
    hour = _ENGLISH_HOURS.index(name) + 1 if name in _ENGLISH_HOURS else int(name)
    half_day = (parts.get("half_day") or "").lower()
    later = (parts["part"] or "").lower() in ("afternoon", "evening")
    late = parts["bare"] is not None and parts["part"] is None and hour >= 6
    if (half_day.startswith("p") or later or late) and hour < 12:
        hour += 12
    minutes = hour * 60 + _PAST.get(re.sub(r"\s", " ", (parts["past"] or "").lower()), 0)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" if 0 <= minutes < 24 * 60 else None


def _clock(parts: dict[str, str | None]) -> str | None:
    if parts.get("exactly_noon"):
        return "12:00"
    if parts.get("noon"):
        return "00:00" if str(parts["noon"]).lower() == "midnight" else "12:00"
    hour_read = read_number(parts["hour"] or "")
    minute = _minute(parts)
    if hour_read is None or minute is None:
        return None
    hour = int(hour_read)
    half_day = (parts.get("half_day") or "").lower()
    part = parts.get("part") or parts.get("of_day") or ""
    if half_day.startswith("p") or part.startswith(_AFTERNOON):
        hour = hour + 12 if hour < 12 else hour
    elif part.startswith(_NIGHT):
        # 夜晚十二點 is midnight and 夜晚兩點 long past it; 夜晚八點 is the evening.
        hour = 0 if hour == 12 else hour + 12 if 6 <= hour < 12 else hour
    elif hour == 12 and (half_day.startswith("a") or part in _SMALL_HOURS):
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
    marks = parts.get("characters") or parts.get("mark") or parts.get("said")
    if marks:
        # The marks on the clock's face, five minutes each: 三點九個字, 三點踏九, and 三點九 for short.
        count = read_number(marks)
        return None if count is None else int(count) * 5
    if parts.get("minute"):
        read = read_number(str(parts["minute"]))
        return None if read is None else int(read)
    return 0
