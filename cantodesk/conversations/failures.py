"""What can go wrong with a stored conversation. No message ever holds text or a sender id."""

from __future__ import annotations


class StorageFailed(Exception):
    """A conversation could not be read or written, and nothing was assumed in its place."""


class ConversationQuarantined(Exception):
    """A stored row of this conversation does not open; a person has to take over."""


class BadSenderId(Exception):
    """A sender id that no channel of ours would give."""


class WrongTrackerStore(Exception):
    """Rasa runs with another tracker store than ours."""
