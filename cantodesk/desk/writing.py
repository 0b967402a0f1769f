"""Which language a line is written in, by its signs alone.

Only for the ``lang`` attribute, so that screen readers choose the right voice
and fonts the right shapes. Understanding has its own, learnt, answer.
"""

from __future__ import annotations

import re

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003134f]")
_LATIN = re.compile("[A-Za-z]")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+|\b(?:HK\d{8}|T-\d{6})\b")
# Written in Cantonese and hardly ever in Mandarin.
_CANTONESE = frozenset("嘅咗喺冇啲嗰嚟佢哋唔咩畀嘢攞乜噉咁喎㗎喇嘞咪嘥哂晒揾搵諗鍾瞓嘩吖")
# Simplified shapes that no traditional text uses.
_SIMPLIFIED = frozenset(
    "们这说单请问货订发对时间没过还谢务费电话钱样买卖应处让给开关账户号码优长东车专业网络帮实际总续运"
    "达么吗会动员为产价门种类约预术设备换办选择维护邮页览链现您进递终点击输验证码错误复询查题级积"
) - frozenset("您查")


def language_of(text: str, otherwise: str) -> str:
    """``yue``, ``en`` or ``zh``; ``otherwise`` when the signs do not tell.

    >>> language_of("我想 cancel 個 order，唔要喇", "en")
    'yue'
    """
    if not _HAN.search(text):
        return "en" if _LATIN.search(_ADDRESS.sub(" ", text)) else otherwise
    signs = set(text)
    if signs & _CANTONESE:
        return "yue"
    if signs & _SIMPLIFIED:
        return "zh"
    # Formal written Chinese in traditional shapes is read aloud in Cantonese in Hong Kong.
    return otherwise if otherwise == "zh" else "yue"
