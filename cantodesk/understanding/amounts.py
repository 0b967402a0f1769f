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
    r"(?!\s?(?:[個个件人次里步積积分點点字部份隻只盒戶户年月日天呎尺吋寸歲岁號号%折]"
    r"|points?|pts|steps?|sq|ft|feet|items?|pcs|pieces|miles|times|people|km|kg|mah|w\b|g\b|ml\b))"
)
# 六百幾蚊 is six hundred and some dollars.
_AND_SOME = "[幾几多零]?"
# What a bare figure of money stands behind: 租金八千, charged 45, 扣咗我388.
_PRICED = (
    r"(?:rent|deposit|budget|price|salary|租金|預算|预算|月薪|底薪|人工|定金|訂金|订金|按金|押金|運費要?|运费要?|管理費|管理费)"
    r"\s?(?:(?:of|is|was|below|under|around|about|over|係|是|要|得|大概|大約|大约|約|约|舊年|上年|:)\s?){0,2}"
)
_MOVED = (
    r"(?:(?<![a-z])(?:charged|refunded|paid|spent|sent|deducted)\s(?:me\s|us\s)?(?:over\s|about\s|only\s)?"
    r"|(?:[扣付返賣卖差]|應付|应付|實扣|实扣)(?:了|咗|左)?(?:俾|比)?(?:我|你)?(?:两笔|兩筆|只|淨係|多)?"
    r"|(?:才|正價|正价|原價|原价|標價|标价)(?:係|是|賣|卖)?)"
)
# 俾咗350, 收咗我1280, 多收60, 爭我200, 月租9800, 夠500: what Cantonese leaves without its dollars.
_HANDED_OVER = (
    r"(?:(?:[收俾畀比爭找退回過轉用使花付還磅夾罰蝕賠賺慳減扣買賣存](?:多|少|足|返|夠)?(?:咗|左|晒)(?:我|你哋?|你|佢)?"
    r"|[多少收][收俾畀扣付計找][咗左]?(?:我|你)?|[退返俾畀找回][返番][咗左]?(?:我|你)?|[爭欠](?:我|你)"
    r"|(?:月租|租(?:要|都要)?|平租|人工|單價|總數|埋單|盛惠)|(?:未|唔|買|先)?夠)(?:多|成|近|淨係|得|只係|要)?)"
)
# 運費要四十, 手續費60: small sums, where three figures are not to be expected.
_FEE = r"(?:運費|运费|送費|手續費|手续费|郵費|邮费|附加費|附加费)(?:仲|都)?(?:要|收|係|是|得)?(?:成|我)?\s?"
_TENS = r"(?:[二三四五六七八九]?十|廿|卅)[一二三四五六七八九]?+(?![十百千萬万幾几多來来])"
_STANDS_ALONE = (
    r"(?=\s?(?:$|[,.?!;，。？！、；～~](?!\d)|instead|though|by|via|but|and|not|[\u3400-\u9fff]))"
)
# One word behind a figure can be its unit: 兩舊水 is two hundred dollars.
_SLANG = {"舊水": 100, "嚿水": 100, "舊": 100, "嚿": 100, "皮嘢": 10_000}
# Without a figure: a hundred or so, and half as much again.
_UNCOUNTED = {"成舊水": 100.0, "成嚿水": 100.0, "個半水": 150.0}


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


# In order: where two overlap, the earlier one wins.
_AMOUNTS = (
    # US$20 is no Hong Kong money.
    _pattern(rf"(?<![A-Za-z])(?:HK\s?)?\$\s?(?P<n>{_FIGURE}){_SCALE}"),
    _pattern(rf"(?:HKD|港幣|港币)\s?(?P<n>{_FIGURE}){_SCALE}(?:\s?元)?"),
    # 一萬八, 800萬: so large a round figure is a rent or a price.
    _pattern(
        rf"(?<![幾几數数])(?!千[萬万][別别要記记唔不])(?P<n>(?:{_FIGURE}|{CHINESE_NUMBER})\s?[萬万][{CHINESE_DIGITS}]{{0,12}}+)"
        rf"{_COUNTED}(?:\s?(?:蚊|元(?!朗)|塊錢?|块钱?|港元|港幣|港币|HKD))?"
    ),
    # 萬五, 千二: the one in front is not said, and hardly anything but money is counted so.
    _pattern(
        rf"(?<![\d{CHINESE_DIGITS}幾几])(?P<n>[萬万][二三四五六七八九]|[千百][二三四五六七八九])(?![{CHINESE_DIGITS}])"
        rf"(?=\s?(?:$|[,.?!;，。？！、；～~]|[嘅㗎左到至樓以啦喎呀咋先都就租])){_COUNTED}"
    ),
    _pattern(r"(?P<uncounted>成[舊嚿]水|個半水)(?![果電电喉杯壺壶樽])"),
    _pattern(rf"(?P<n>{CHINESE_NUMBER}|{_FIGURE})(?P<slang>舊水|嚿水|皮嘢|(?<!一)(?:舊|嚿)$)"),
    _pattern(
        rf"(?<![幾几數数])(?P<n>{_FIGURE}|{CHINESE_NUMBER}){_AND_SOME}\s?(?P<half>個半)?"
        r"(?:蚊(?P<and_half>半)?|文(?![件字化章憑凭魚鱼治明])|元(?!朗)|塊錢|块钱|港元|港币|港幣|HKD|hk\sdollars?|dollars?|bucks?)"
    ),
    _pattern(
        rf"(?<![幾几數数])(?<!拼圖)(?<!拼图)(?P<piece>(?P<n>{_FIGURE}|{CHINESE_NUMBER})){_AND_SOME}[塊块]"
    ),
    # Rents: any studio under 12k. 4K and 8K are screens, 18k is gold.
    _pattern(
        r"(?<![A-Za-z\d.,#-])(?![48]k|401k)(?P<n>\d{1,3}(?:\.\d)?)(?P<scale>k)(?![a-z\d])(?!\s?(?:tv|金|gold|monitor|screen|電視|电视|mon))"
    ),
    _pattern(rf"(?<![A-Za-z\d.,#-])(?P<n>{_FIGURE})\s(?P<scale>million)(?![a-z])"),
    # 滿1000返100, 買500減50: what is spent, and what comes back.
    _pattern(
        rf"(?<=[滿满])(?<!未滿)(?<!未满)(?P<n>\d{{2,6}}(?!\d)|{CHINESE_NUMBER})(?=[減减返送包免就能可了喇呢嗎吗,，。?？]|$)"
    ),
    _pattern(r"(?<=[買买])(?P<n>\d{2,6})(?=[減减返送包免就])"),
    _pattern(r"(?<=\d[減减返])(?P<n>\d{1,6})(?!\d)" + _COUNTED),
    # Digits only from three on, or 八千 and 五百: a two is rather a number of things.
    _pattern(
        rf"{_PRICED}(?P<amount>(?P<n>\d{{3,7}}(?!\d)|[一二三四五六七八九兩两][百千萬万][一二三四五六七八九]?))(?!\s?[:/.-]\d)"
        + _COUNTED
    ),
    _pattern(rf"{_FEE}(?P<amount>(?P<n>\d{{2,3}}(?!\d)|{_TENS})){_STANDS_ALONE}{_COUNTED}"),
    _pattern(rf"{_MOVED}(?P<amount>(?P<n>\d{{2,6}}(?!\d))){_STANDS_ALONE}{_COUNTED}"),
    _pattern(
        rf"{_HANDED_OVER}\s?(?P<amount>(?P<n>\d{{2,6}}(?!\d)|[一二三四五六七八九兩两][百千萬][一二三四五六七八九]?+(?![十百千幾几])|{_TENS}))(?!\s?[:/.-]\d)"
        rf"{_STANDS_ALONE}{_COUNTED}(?![碼码樓楼室座期磅斤粒條条張张本支枝包]|成|分鐘|小時|個字)"
    ),
    _pattern(
        r"(?<![a-z])(?:under|below|over|above|within|up\sto)\s(?P<amount>(?P<n>\d{3,6}(?!\d)))"
        r"(?=\s?(?:$|[,.?!]|a\smonth|per\smonth|monthly|in\s(?:the|your|one)))"
    ),
    # Nobody is too young for this much: 三千以下, 八千以內 (sizes and ages are counted).
    _pattern(
        r"(?P<n>[一二三四五六七八九兩两][百千][一二三四五六七八九]?|\d{3,6})(?=(?:以[內内下上]|樓下|左右))"
    ),
    # Should be 88 not 38: both figures of the pair.
    _pattern(r"should\sbe\s(?P<amount>(?P<n>\d{2,6}))(?=\snot\s\d)"),
    _pattern(rf"(?<=should\sbe\s\d\d\snot\s)(?P<n>\d{{2,6}}){_STANDS_ALONE}"),
    _pattern(rf"(?<=should\sbe\s\d\d\d\snot\s)(?P<n>\d{{2,6}}){_STANDS_ALONE}"),
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
    if parts.get("uncounted"):
        return _UNCOUNTED[str(parts["uncounted"])]
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
