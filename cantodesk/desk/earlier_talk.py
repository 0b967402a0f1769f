"""The talk so far, as the customer saw it, read from the ledger."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cantodesk.conversations.projector import catch_up
from cantodesk.conversations.transcripts import TranscriptLine, transcript
from cantodesk.desk.assistant import Button, read_buttons
from cantodesk.desk.customer_line import is_command
from cantodesk.desk.writing import language_of
from cantodesk.settings import DEFAULT_LANGUAGE
from cantodesk.storage.conversation_tables import Conversation, ConversationState, Role
from cantodesk.storage.crypto import BadKeys, CannotDecrypt
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

logger = logging.getLogger(__name__)

# In these states a customer's line is kept for a person, and silence of the assistant is right.
WAITING_FOR_PERSON = frozenset(
    {ConversationState.QUEUED, ConversationState.HUMAN, ConversationState.AFTER_HOURS}
)


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """One bubble. ``at`` is aware of its time zone."""

    role: Role
    text: str
    at: datetime
    language: str
    buttons: tuple[Button, ...] = ()


class Reading(StrEnum):
    """How the reading went."""

    FOUND = "found"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class EarlierTalk:
    """Lines oldest first; both empty and ``bot`` for a talk that never was."""

    status: Reading
    lines: tuple[EarlierLine, ...] = ()
    state: ConversationState = ConversationState.BOT

    @property
    def waits_for_person(self) -> bool:
        """Whether a person is to answer next."""
        return self.state in WAITING_FOR_PERSON

    def gave_out(self, payload: str) -> bool:
        """Whether one of the assistant's buttons had this payload."""
        return any(button.payload == payload for line in self.lines for button in line.buttons)


# From a Rasa sender id to its talk. Blocks on the database, so callers use a thread.
ReadEarlierTalk = Callable[[str], EarlierTalk]


def from_ledger(vault: Vault) -> ReadEarlierTalk:
    """A reader of the ledger in the vault's database. It raises nothing."""

    def read(sender: str) -> EarlierTalk:
        ref = vault.customer_ref(sender)
        try:
            # The assistant's process projects too, but perhaps a moment later.
            catch_up(vault.engine, vault)
            lines = transcript(vault.engine, vault, ref)
            with session(vault.engine, reading=True) as opened:
                state = opened.scalar(select(Conversation.state).where(Conversation.ref == ref))
        except (SQLAlchemyError, BadKeys, CannotDecrypt) as error:
            logger.error("the earlier talk cannot be read: %s", type(error).__name__)
            return EarlierTalk(Reading.UNAVAILABLE)
        return EarlierTalk(Reading.FOUND, as_seen(lines), state or ConversationState.BOT)

    return read


def as_seen(lines: Sequence[TranscriptLine]) -> tuple[EarlierLine, ...]:
    """The bubbles of these lines: titles in place of the payloads customers clicked.

    Lines that do not open and lines without words or buttons are left out.
    """
    titles: dict[str, str] = {}
    seen: list[EarlierLine] = []
    for line in lines:
        text = (line.text or "").encode("utf-8", "replace").decode().strip()
        if line.role is Role.CUSTOMER:
            shown = titles.get(text, text)
            # A payload whose button is further back than what was read; typed ones never begin so.
            if shown and not is_command(shown):
                seen.append(EarlierLine(line.role, shown, line.at, _language(line, shown)))
            continue
        buttons = read_buttons(line.buttons)
        titles |= {button.payload: button.title for button in buttons}
        # Rasa sends a text without buttons paragraph by paragraph, each a bubble.
        for part in [text] if buttons else _paragraphs(text):
            language = _language(line, part)
            seen.append(EarlierLine(line.role, part, line.at, language, buttons))
    return tuple(seen)


def _paragraphs(text: str) -> Iterable[str]:
    return (part.strip() for part in text.split("\n\n") if part.strip())


def _language(line: TranscriptLine, text: str) -> str:
    return language_of(text, line.language or DEFAULT_LANGUAGE)
