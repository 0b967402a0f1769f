"""Entities marked inside a line: `[風筒](product)` or `[聽日]{"entity": "date"}`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_MARKED = re.compile(r"\[([^\[\]]+)\](?:\(([^()\[\]:]+)(?::[^()]*)?\)|(\{[^{}]*\}))")
_BROKEN = re.compile(r"[\[\]]")


def without_annotations(text: str) -> str:
    """The line as a customer would write it."""
    return _MARKED.sub(lambda found: found[1], text)


def entities_in(text: str) -> Iterator[str | None]:
    """The entities marked in a line, in order; None for a mark that cannot be read."""
    for found in _MARKED.finditer(text):
        marked, plain, detailed = found.groups()
        name = plain.strip() if plain else _detailed_name(detailed)
        yield name if marked == marked.strip() else None
    if _BROKEN.search(_MARKED.sub("", text)):
        yield None


def _detailed_name(detailed: str) -> str | None:
    try:
        details = json.loads(detailed)
    except json.JSONDecodeError:
        return None
    name = details.get("entity")
    return name if isinstance(name, str) and name else None
