"""Numbers as Hong Kong people write them: 三點半, 廿五號, 一百蚊, 兩舊水, HK$1,299."""

from __future__ import annotations

import re

import cn2an

_CHINESE = "零〇一二三四五六七八九十百千萬万兩两廿卅"
CHINESE_NUMBER = f"[{_CHINESE}]+"
_FORMS = str.maketrans({"兩": "二", "两": "二", "萬": "万", "〇": "零"})


def read_number(text: str) -> float | None:
    """`1,299` -> 1299.0, `廿五` -> 25.0, `三百五` is 350; None where it is no number."""
    plain = text.replace(",", "").strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return float(plain)
    plain = plain.translate(_FORMS)
    if not re.fullmatch(rf"{CHINESE_NUMBER}|\d+(?:\.\d+)?万[{_CHINESE}]*", plain):
        return None
    # cn2an does not know the one-character twenties and thirties.
    plain = re.sub("^廿", "二十", plain)
    plain = re.sub("^卅", "三十", plain)
    try:
        # "smart" also reads 三百五 as 350, as it is said.
        return float(cn2an.cn2an(plain, "smart"))
    except ValueError:
        return None


# One more word behind a figure can be its unit: 兩舊水 is two hundred dollars.
_UNITS = {"舊水": 100, "嚿水": 100, "舊": 100, "嚿": 100, "皮嘢": 10_000, "皮": 10_000, "條": 1, "草": 10}
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?P<dollar>(?:HK|hk)?\s?\$\s?(?P<d>{_FIGURE})(?P<k>[kK](?![A-Za-z]))?)"
    rf"|(?P<code>(?:HKD|hkd|港幣|港币)\s?(?P<c>{_FIGURE}))"
    # 一萬八, 800萬: so large a round figure is a rent or a price.
    rf"|(?P<large>(?P<l>(?:{_FIGURE}|{CHINESE_NUMBER})\s?[萬万][{_CHINESE}]*)(?:\s?(?:蚊|元|港元|港幣|HKD))?)"
    rf"|(?P<slang>(?P<s>{CHINESE_NUMBER}|\d+)(?P<unit>舊水|嚿水|皮嘢|舊(?=[^\s]?水|$)|嚿))"
    rf"|(?P<words>(?P<w>{_FIGURE}|{CHINESE_NUMBER})\s?(?P<half>個半)?"
    r"(?:蚊|文(?![件字化章憑憑])|元|塊錢|块钱|塊(?=[錢钱]?)|港元|港币|港幣|HKD|hkd|hk dollars?|dollars?|bucks?))",
)


def find_amounts(text: str) -> list[tuple[int, int, float]]:
    """Money in a line: (start, end, Hong Kong dollars) of each, in order."""
    found: list[tuple[int, int, float]] = []
    for match in _AMOUNT.finditer(text):
        figure = next(f for f in match.group("d", "c", "l", "s", "w") if f)
        value = read_number(figure)
        if value is None:
            continue
        if match.group("unit"):
            value *= _UNITS[match.group("unit")]
        if match.group("k"):
            value *= 1_000
        if match.group("half"):
            value += 0.5
        found.append((match.start(), match.end(), value))
    return found
