"""A first guess at a line's language by its script, before anything is loaded or parsed."""

from __future__ import annotations

import re

from cantodesk.understanding.language import surface
from cantodesk.understanding.signs import has_han, is_cantonese
from cantodesk.understanding.written import has_simplified


def likely_language(line: str) -> str:
    """yue, en or zh: good enough for the greeting; the model decides from then on."""
    if not has_han(line):
        # An order number or an address alone is in no language.
        return "en" if re.search("[a-z]", surface(line)) and not line.startswith("/") else "yue"
    if is_cantonese(line):
        return "yue"
    return "zh" if has_simplified(line) else "yue"
