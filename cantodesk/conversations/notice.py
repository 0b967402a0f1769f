"""How a session begins: its language, what is remembered, and whether the collection statement is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cantodesk.settings import LANGUAGES

# The collection statement in the domain, by the month its promises last changed.
NOTICE_VERSION = "2026-11"
NOTICE_RESPONSE = "utter_collection_statement"
# Kept when a customer comes back after an hour. Orders and digits are not: who types then may be
# somebody else.
_CARRIED_OVER = ("language", "language_chosen", "notice_version", "answers_tried")


@dataclass(frozen=True)
class Opening:
    """``slots`` to set in the new session; ``statement``: whether it must be said, first of all."""

    slots: dict[str, Any]
    statement: bool


def opening(slots: Mapping[str, Any]) -> Opening:
    """From the slots of the session before, and the front door's guess of the language."""
    kept = {name: slots[name] for name in _CARRIED_OVER if slots.get(name) is not None}
    hint = (slots.get("session_started_metadata") or {}).get("language")
    if hint in LANGUAGES and not kept.get("language_chosen") and not kept.get("notice_version"):
        kept["language"] = hint
    statement = kept.get("notice_version") != NOTICE_VERSION
    return Opening({**kept, "notice_version": NOTICE_VERSION}, statement)
