"""Reading what the page sends: bytes of a stranger in, one clean line or an obstacle out."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

from cantodesk.desk.sentences import Obstacle

LONGEST_BODY = 64 * 1024
LONGEST_TEXT = 2000

_LINE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_ALLOWED_CONTROLS = "\n\t"


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One line of a customer.

    ``payload`` is set when a button was clicked; ``text`` is then its title.
    ``line_id`` is the page's own mark of the line: the same mark is the same line.
    """

    text: str
    payload: str | None = None
    line_id: str | None = None


def read_line(body: bytes) -> CustomerLine | Obstacle:
    """The line in a JSON body ``{"text": str, "payload": str | null, "line_id": str | null}``.

    Text and payload have 1 to 2,000 characters after the blanks around them are
    taken off, and no control characters but line feed and tab. Other keys are ignored.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return Obstacle.NOT_READABLE
    if not isinstance(content, dict):
        return Obstacle.NOT_READABLE
    text, payload, line_id = (content.get(key) for key in ("text", "payload", "line_id"))
    if not isinstance(text, str) or not isinstance(payload, str | None):
        return Obstacle.NOT_READABLE
    if line_id is not None and not (isinstance(line_id, str) and _LINE_ID.fullmatch(line_id)):
        return Obstacle.NOT_READABLE
    cleaned = _cleaned(text)
    if isinstance(cleaned, Obstacle):
        return cleaned
    if payload is None:
        return CustomerLine(cleaned, None, line_id)
    order = _cleaned(payload)
    if isinstance(order, Obstacle):
        return order
    return CustomerLine(cleaned, order, line_id)


def as_plain_words(text: str) -> str:
    """The line so that Rasa reads it as words.

    Rasa obeys a text that begins with ``/`` as if a button had been clicked, so
    a customer could type ``/restart``. The full-width stroke looks nearly the same.
    """
    return "／" + text[1:] if text.startswith("/") else text


def is_command(payload: str) -> bool:
    """Whether Rasa would obey this text instead of reading it."""
    return payload.startswith("/")


def _cleaned(text: str) -> str | Obstacle:
    # Length first: the rest takes time in proportion to it.
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text or not any(unicodedata.category(sign) not in _UNSEEN for sign in text):
        return Obstacle.EMPTY
    if len(text) > LONGEST_TEXT:
        return Obstacle.TOO_LONG
    if any(_unreadable(sign) for sign in text):
        return Obstacle.BAD_CHARACTERS
    return text


# Format, blank and line signs, of which a line with nothing else would look empty.
_UNSEEN = frozenset({"Cf", "Zs", "Zl", "Zp"})


def _unreadable(sign: str) -> bool:
    """Control characters and halves of surrogate pairs."""
    return sign not in _ALLOWED_CONTROLS and unicodedata.category(sign) in ("Cc", "Cs")
