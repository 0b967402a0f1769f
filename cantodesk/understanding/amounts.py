"""Money as Hong Kong people write it: HK$1,299, 一百蚊, 兩舊水, 一萬八, 12k. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cantodesk.understanding.numbers import CHINESE_DIGITS, CHINESE_NUMBER, read_number
from cantodesk.understanding.spans import not_overlapping


@dataclass(frozen=True)
class Amount:
    """A span of the line and its value in Hong Kong dollars."""

    start: int
    end: int
    dollars: float


_FIGURE = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3}){1,3}(?!\d)|\d{1,9}(?![\d]))(?:\.\d{1,2}(?!\d))?[百千]?"
_SCALE = r"(?:(?P<scale>k|m|\s?mil(?:lion)?)(?![a-z\d]))?"
# Counted things, so that 十萬個 and 1,000 points are no money.
_COUNTED = (
    r"(?!\s?(?:[個个件人次里步分點点字部份隻只盒年月日天呎尺吋寸歲岁號号%折]"
    r"|points?|pts|steps?|sq|ft|feet|items?|pcs|pieces|miles|times|people|km|kg|mah|w\b|g\b|ml\b))"
)
# One word behind a figure can be its unit: 兩舊水 is two hundred dollars.
_SLANG = {"舊水": 100, "嚿水": 100, "舊": 100, "嚿": 100, "皮嘢": 10_000}


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


# In order: where two overlap, the earlier one wins.
_AMOUNTS = (
    # US$20 is no Hong Kong money.
    _pattern(rf"(?<![A-Za-z])(?:HK\s?)?\$\s?(?P<n>{_FIGURE}){_SCALE}"),
    _pattern(rf"(?:HKD|港幣|港币)\s?(?P<n>{_FIGURE}){_SCALE}"),
    # 一萬八, 800萬: so large a round figure is a rent or a price.
    _pattern(
        rf"(?P<n>(?:{_FIGURE}|{CHINESE_NUMBER})\s?[萬万][{CHINESE_DIGITS}]{{0,12}}+)"
        rf"{_COUNTED}(?:\s?(?:蚊|元(?!朗)|塊錢?|块钱?|港元|港幣|港币|HKD))?"
    ),
    _pattern(rf"(?P<n>{CHINESE_NUMBER}|{_FIGURE})(?P<slang>舊水|嚿水|皮嘢|舊(?=水|$)|嚿(?=水|$))"),
    _pattern(
        rf"(?P<n>{_FIGURE}|{CHINESE_NUMBER})\s?(?P<half>個半)?"
        r"(?:蚊(?P<and_half>半)?|文(?![件字化章憑凭魚鱼治明])|元(?!朗)|塊錢|块钱|港元|港币|港幣|HKD|hk\sdollars?|dollars?|bucks?)"
    ),
    _pattern(rf"(?P<piece>(?P<n>{_FIGURE}|{CHINESE_NUMBER}))[塊块]"),
    # Rents: any studio under 12k. 4K and 8K are screens, 18k is gold.
    _pattern(
        r"(?<![A-Za-z\d.,#-])(?![48]k)(?P<n>\d{1,3}(?:\.\d)?)(?P<scale>k)(?![a-z\d])(?!\s?(?:tv|金|gold|monitor|screen|電視|电视|mon))"
    ),
    _pattern(rf"(?<![A-Za-z\d.,#-])(?P<n>{_FIGURE})\s(?P<scale>million)(?![a-z])"),
    # 滿1000返100, 買500減50: what is spent, and what comes back.
    _pattern(r"(?<=[滿满買买])(?P<n>\d{2,6})(?=[減减返送包免就])"),
    _pattern(r"(?<=\d[減减返])(?P<n>\d{1,6})(?!\d)" + _COUNTED),
    _pattern(
        r"(?:budget|預算|预算)\s?(?:of|is|係|是|:)?\s?(?P<amount>(?P<n>(?:\d{1,3},\d{3}|\d{4,8})(?!\d)))"
        + _COUNTED
    ),
    # A figure with its thousands marked off is nearly always money.
    _pattern(r"(?<![A-Za-z\d.,#$-])(?P<n>\d{1,3}(?:,\d{3}){1,3}(?:\.\d{2})?)(?![\d,])" + _COUNTED),
)


def find_amounts(text: str) -> list[Amount]:
    """Money in a line, in order, none overlapping."""
    return not_overlapping(len(text), _readings(text))


def _readings(text: str) -> Iterator[Amount]:
    for pattern in _AMOUNTS:
        for match in pattern.finditer(text):
            dollars = _dollars(match.groupdict())
            if dollars is not None:
                start, end = match.span("amount" if "amount" in match.groupdict() else 0)
                yield Amount(start, end, dollars)


def _dollars(parts: dict[str, str | None]) -> float | None:
    value = read_number(parts["n"] or "")
    if value is None:
        return None
    if parts.get("piece") and value < 10:
        return None  # 一塊, 两块: as often pieces of something
    if parts.get("slang"):
        value *= _SLANG[str(parts["slang"])]
    scale = (parts.get("scale") or "").strip().lower()
    if scale:
        value *= 1_000 if scale == "k" else 1_000_000
    return value + 0.5 if parts.get("half") or parts.get("and_half") else value
