"""Talking to Rasa over its REST channel."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx

from cantodesk.desk.writing import language_of

logger = logging.getLogger(__name__)

# Seconds.
ANSWER_TIMEOUT = 20.0
_CONNECT_TIMEOUT = 2.0
_READY_TIMEOUT = 3.0


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a reply: what is shown, and what Rasa is told."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One bubble of the assistant. ``image`` is an address; ``language`` is yue, en or zh."""

    text: str
    buttons: tuple[Button, ...] = ()
    image: str | None = None
    language: str = "yue"


class AnswerStatus(StrEnum):
    """How the assistant took a line."""

    ANSWERED = "answered"
    # A turn that failed inside Rasa, or one that a person is to answer.
    SILENT = "silent"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Answer:
    """The assistant's replies to one line, in their order."""

    status: AnswerStatus
    replies: tuple[Reply, ...] = ()


class Assistant:
    """The assistant's process, seen from the desk."""

    def __init__(
        self,
        base_url: str,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = ANSWER_TIMEOUT,
    ) -> None:
        """``timeout`` is the number of seconds one whole answer may take."""
        self._timeout = timeout
        self._http = httpx.AsyncClient(
            base_url=base_url,
            transport=transport,
            timeout=httpx.Timeout(timeout, connect=_CONNECT_TIMEOUT),
            # A proxy of the environment must never see what customers write.
            trust_env=False,
        )

    async def ask(self, sender: str, message: str, page_language: str) -> Answer:
        """Give the assistant one line and wait for its replies. Never raises."""
        body = {
            "sender": sender,
            "message": message,
            "metadata": {"page_language": page_language},
        }
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._http.post("/webhooks/rest/webhook", json=body)
            if response.status_code != httpx.codes.OK:
                logger.warning("the assistant answered with status %d", response.status_code)
                return Answer(AnswerStatus.UNREACHABLE)
            content = response.json()
        except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as error:
            logger.warning("the assistant cannot be reached: %s", type(error).__name__)
            return Answer(AnswerStatus.UNREACHABLE)
        replies = read_replies(content, page_language)
        return Answer(AnswerStatus.ANSWERED if replies else AnswerStatus.SILENT, replies)

    async def is_ready(self) -> bool:
        """Whether the assistant would answer. Never raises."""
        try:
            async with asyncio.timeout(_READY_TIMEOUT):
                status = await self._http.get("/status")
                if status.status_code == httpx.codes.OK:
                    return True
                if status.status_code == httpx.codes.CONFLICT:
                    return False  # alive, and without a model
                # /status is there only where Rasa's own API is switched on.
                return (await self._http.get("/")).status_code == httpx.codes.OK
        except (httpx.HTTPError, TimeoutError):
            return False

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()


def read_replies(content: Any, page_language: str) -> tuple[Reply, ...]:
    """What Rasa's collecting channel gave, without what a page cannot show."""
    if not isinstance(content, list):
        return ()
    replies = []
    for item in content:
        if not isinstance(item, dict):
            continue
        text, image = _text(item.get("text")).strip(), _text(item.get("image"))
        buttons = read_buttons(item.get("buttons"))
        if text or buttons or image:
            language = language_of(text, page_language)
            replies.append(Reply(text, buttons, image or None, language))
    return tuple(replies)


def read_buttons(content: Any) -> tuple[Button, ...]:
    """Buttons that have a title and a payload; a payload left out is the title."""
    if not isinstance(content, list | tuple):
        return ()
    read = []
    for item in content:
        if isinstance(item, dict) and (title := _text(item.get("title")).strip()):
            read.append(Button(title, _text(item.get("payload")).strip() or title))
    return tuple(read)


def _text(value: Any) -> str:
    """Text that can be written as UTF-8, whatever came."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
