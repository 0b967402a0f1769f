"""Which language a line is written in, by its signs alone.

Only for the ``lang`` attribute, so that screen readers choose the right voice
and fonts the right shapes. Understanding has its own, learnt, answer.
"""

from __future__ import annotations

import re

from cantodesk.understanding.signs import has_han, is_cantonese
from cantodesk.understanding.written import has_simplified

_LATIN = re.compile("[A-Za-z]")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+|\b(?:HK\d{8}|T-\d{6})\b")


def language_of(text: str, otherwise: str) -> str:
    """``yue``, ``en`` or ``zh``; ``otherwise`` when the signs do not tell.

    >>> language_of("我想 cancel 個 order，唔要喇", "en")
    'yue'
    """
    if not has_han(text):
        return "en" if _LATIN.search(_ADDRESS.sub(" ", text)) else otherwise
    if is_cantonese(text):
        return "yue"
    if has_simplified(text):
        return "zh"
    # Formal written Chinese in traditional shapes is read aloud in Cantonese in Hong Kong.
    return otherwise if otherwise == "zh" else "yue"
