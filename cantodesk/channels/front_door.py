"""The door every message comes in and every reply goes out by.

A customer who writes always gets an answer: what fails inside ends in a polite
sentence in their language, never in silence.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from cantodesk.channels.question_back import answer_to, open_question
from cantodesk.channels.script import likely_language
from cantodesk.conversations.failures import BadSenderId, StorageFailed
from cantodesk.conversations.sender_ids import checked_sender_id
from cantodesk.dialogue.picking import LONGEST_ANSWER
from cantodesk.settings import DEFAULT_LANGUAGE, LANGUAGES

logger = logging.getLogger(__name__)

LONGEST_LINE = 2_000
# How a line may have been put in; what was dictated is read with a recogniser's mistakes in mind.
INPUT_MODES = ("text", "voice")
# How far back a button may still be pressed: the replies of the last few turns.
_BUTTONS_FROM = 40
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Refused(Exception):
    """The message cannot be accepted; the text says why, in the sender's program's terms."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


class FrontDoor:
    """One turn in, all its replies out. ``agent`` is Rasa's, once it is loaded."""

    def __init__(
        self,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        agent: Callable[[], Any],
        report: Callable[[str, str], str | None] | None = None,
    ) -> None:
        """``report(sender, language)`` opens a ticket for a turn that failed; its number or None."""
        self._on_new_message = on_new_message
        self._agent = agent
        self._report = report

    async def turn(
        self, sender_id: str, text: str, channel: str, metadata: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Handle one line of a customer; the replies, at least one.

        Raises:
            Refused: the sender id or the text is not acceptable.
        """
        sender, line = checked_sender(sender_id), checked_line(text)
        language = metadata.get("page_language") or likely_language(line)
        language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        about = {"language": language}
        if metadata.get("input_mode") in INPUT_MODES:
            about["input_mode"] = metadata["input_mode"]
        try:
            return await self._answer(sender, line, channel, about)
        except Exception as error:
            # The class only: messages of exceptions may quote what the customer wrote.
            logger.error("a turn failed: %s", type(error).__name__)
            # A database that just failed takes no ticket either; waiting for it again helps nobody.
            return [await self._sorry(sender, language, write=not isinstance(error, StorageFailed))]

    async def _answer(
        self, sender: str, line: str, channel: str, about: dict[str, str]
    ) -> list[dict[str, Any]]:
        agent = self._agent()
        line, parse = await self._read(agent, sender, line, about)
        collector = CollectingOutputChannel()
        await self._on_new_message(
            UserMessage(line, collector, sender, parse, input_channel=channel, metadata=about)
        )
        if collector.messages:
            return list(collector.messages)
        tracker = await agent.tracker_store.retrieve(sender)
        if tracker is not None and tracker.is_paused():
            return [await self._say("utter_waiting_for_person", tracker)]
        logger.error("a turn gave no reply")
        return [await self._sorry(sender, about["language"])]

    async def _read(
        self, agent: Any, sender: str, line: str, about: dict[str, str]
    ) -> tuple[str, dict[str, Any] | None]:
        """The line as Rasa may have it, and its parse where it answers a question of ours.

        A line with a leading slash is a command only if we offered it as a button just now.
        """
        if len(line) > LONGEST_ANSWER and not line.startswith("/"):
            return line, None
        tracker = await agent.tracker_store.retrieve(sender)
        if line.startswith("/") and (tracker is None or line not in offered_payloads(tracker)):
            # Rasa obeys any text that begins with a slash. The full-width one is only a character.
            return "／" + line[1:], None
        question = open_question(tracker)
        if question is None:
            return line, None

        async def understood() -> dict[str, Any]:
            said = UserMessage(line, sender_id=sender, metadata=about)
            parse: dict[str, Any] = await agent.processor.parse_message(said)
            return parse

        return line, await answer_to(question, line, understood)

    async def _sorry(self, sender: str, language: str, write: bool = True) -> dict[str, Any]:
        agent = self._agent()
        tracker = DialogueStateTracker.from_events(sender, [], slots=agent.domain.slots)
        tracker.update(SlotSet("language", language))
        ticket = None
        if self._report is not None and write:
            try:
                ticket = await asyncio.to_thread(self._report, sender, language)
            except Exception as error:
                logger.error("no ticket for a failed turn: %s", type(error).__name__)
        if ticket is None:
            return await self._say("utter_unavailable", tracker)
        return await self._say("utter_unavailable_ticket", tracker, ticket=ticket)

    async def _say(
        self, response: str, tracker: DialogueStateTracker, **variables: Any
    ) -> dict[str, Any]:
        reply = await self._agent().nlg.generate(response, tracker, "rest", **variables)
        return {"recipient_id": tracker.sender_id, "text": (reply or {}).get("text", "")}


def checked_sender(sender_id: object) -> str:
    """The sender id if it is one.

    Raises:
        Refused: empty, too long, control characters or half a character.
    """
    try:
        return checked_sender_id(sender_id)
    except BadSenderId as error:
        raise Refused(f"sender: {error}") from None


def checked_line(text: object) -> str:
    """A customer's line if it is one.

    Raises:
        Refused: not a text, empty, longer than 2,000 characters, half a character, control characters.
    """
    if not isinstance(text, str):
        raise Refused("message: a text is expected")
    if len(text) > LONGEST_LINE:
        raise Refused(f"message: longer than {LONGEST_LINE} characters", status=413)
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise Refused("message: half of a surrogate pair")
    # Rasa strips a line before it looks for a command's slash, so we look at the stripped one too.
    line = _CONTROL.sub(" ", text).strip()
    if not line:
        raise Refused("message: a text is expected")
    return line


def offered_payloads(tracker: DialogueStateTracker) -> set[str]:
    """Payloads of the buttons in the latest replies of this conversation."""
    latest = list(tracker.events)[-_BUTTONS_FROM:]
    return {
        str(button.get("payload"))
        for event in latest
        if isinstance(event, BotUttered)
        for button in (event.data or {}).get("buttons") or []
    }
