"""A first guess at a line's language by its script, before anything is loaded or parsed."""

from __future__ import annotations

import re

from cantodesk.understanding.language import surface
from cantodesk.understanding.written import has_simplified

_HAN = re.compile("[\u3400-\u9fff]")
_CANTONESE = re.compile("[唔冇嘅咗喺佢哋啲嗰嚟咩嘢攞搵俾畀啱㗎喎]")


def likely_language(line: str) -> str:
    """yue, en or zh: good enough for the greeting; the model decides from then on."""
    if not _HAN.search(line):
        # An order number or an address alone is in no language.
        return "en" if re.search("[a-z]", surface(line)) and not line.startswith("/") else "yue"
    if _CANTONESE.search(line):
        return "yue"
    return "zh" if has_simplified(line) else "yue"
