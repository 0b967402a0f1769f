"""Cantonese read word by word as written Chinese, for encoders that have seen little Cantonese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from opencc import OpenCC


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in Simplified script, character by character where OpenCC has no phrase."""
    return str(_to_simplified().convert(text))


@lru_cache(maxsize=1)
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


@lru_cache(maxsize=4096)
def _only_simplified(char: str) -> bool:
    try:
        char.encode("big5")
    except UnicodeEncodeError:
        return str(_to_traditional().convert(char)) != char
    # 床, 卷 and 里 have another Traditional form too, but Hong Kong writes them every day.
    return False


def has_simplified(text: str) -> bool:
    """Whether a character stands in it that only Simplified script has: 们, 这, 单."""
    return any(_only_simplified(char) for char in text if "\u3400" <= char <= "\u9fff")


class WrittenChinese:
    """Rewrites a normalised line with the designers' pairs; the longest match wins."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = {str(k).lower(): str(v) for k, v in pairs.items()}
        parts = sorted(self._pairs, key=len, reverse=True)
        # Latin words only whole: `order` inside `border` is no order.
        self._pattern = re.compile(
            "|".join(
                rf"(?<![a-z]){re.escape(p)}(?![a-z])" if p[0].isascii() else re.escape(p)
                for p in parts
            )
            or r"(?!)"
        )

    def __call__(self, text: str) -> str:
        """One line, lower case, Simplified script."""
        lowered = text.lower()
        if not re.search("[\u3400-\u9fff]", lowered):
            return lowered  # an English line has nothing to rewrite
        return simplified(self._pattern.sub(lambda m: self._pairs[m.group()], lowered))
