"""Which sender ids are let in."""

from __future__ import annotations

import unicodedata

from cantodesk.conversations.failures import BadSenderId

MAX_LENGTH = 255

# Control characters, halves of a surrogate pair, line and paragraph separators. None of them
# comes from a channel; they come from people who look for a crash or forge a log line.
_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})


def checked_sender_id(sender_id: object) -> str:
    """The sender id itself.

    Raises:
        BadSenderId: when it is not text, empty or blank, longer than 255
            characters, or holds a character that no channel sends.
    """
    if not isinstance(sender_id, str):
        raise BadSenderId("A sender id is text.")
    if not sender_id.strip():
        raise BadSenderId("A sender id is not empty.")
    if len(sender_id) > MAX_LENGTH:
        raise BadSenderId(f"A sender id has at most {MAX_LENGTH} characters.")
    if any(unicodedata.category(sign) in _REFUSED for sign in sender_id):
        raise BadSenderId("A sender id has no control characters and no broken ones.")
    return sender_id
