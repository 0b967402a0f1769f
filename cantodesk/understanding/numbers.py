"""Numbers as Hong Kong people write them: 1,299, 廿五, 三百五, 萬二."""

from __future__ import annotations

import re

import cn2an

CHINESE_DIGITS = "零〇一二三四五六七八九十百千萬万兩两廿卅"
# Bounded, and never from the middle of a longer one: a line of nothing but numerals stays cheap.
CHINESE_NUMBER = rf"(?<![\d{CHINESE_DIGITS}])[{CHINESE_DIGITS}]{{1,12}}"
_FORMS = str.maketrans({"兩": "二", "两": "二", "萬": "万", "〇": "零"})


def read_number(text: str) -> float | None:
    """`1,299` -> 1299.0, `廿五` -> 25.0, `三百五` is 350; None where it is no number."""
    plain = text.replace(",", "").strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return float(plain)
    plain = plain.translate(_FORMS)
    if not re.fullmatch(rf"[{CHINESE_DIGITS}]+|\d+(?:\.\d+)?[百千万][{CHINESE_DIGITS}]*", plain):
        return None
    # 百二, 千八, 萬二: the one in front is not said.
    plain = re.sub("^(?=[百千万])", "一", plain)
    # cn2an does not know the one-character twenties and thirties.
    plain = re.sub("^廿", "二十", plain)
    plain = re.sub("^卅", "三十", plain)
    try:
        # "smart" also reads 三百五 as 350, as it is said.
        return float(cn2an.cn2an(plain, "smart"))
    except (ValueError, LookupError, ArithmeticError):
        # What nobody says, 萬十一, trips cn2an in more ways than one.
        return None
