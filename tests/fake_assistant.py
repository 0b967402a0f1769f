"""A stand-in for Rasa's REST channel and for the ledger, as the desk sees them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from cantodesk.desk.assistant import read_buttons
from cantodesk.desk.earlier_talk import EarlierLine, EarlierTalk, Reading
from cantodesk.desk.writing import language_of
from cantodesk.storage.conversation_tables import ConversationState, Role

BUSINESS = """
variables:
  company: {yue: 好日子, en: GoodDay, zh: 好日子}
  hotline: 2345 6000
opening_hours:
  customer_service: {mon-fri: ["09:00-18:00"], sat: [], sun: [], holidays: []}
"""

Replies = list[dict[str, Any]]


def business_file(folder: Path) -> Path:
    """A small business file in a folder."""
    path = folder / "business.yml"
    path.write_text(BUSINESS, encoding="utf-8")
    return path


@dataclass
class FakeAssistant:
    """Answers by ``reply``; keeps what was asked and, like the ledger, what was said.

    ``fail`` raises or gives a response in place of an answer. ``gate`` holds
    answers back until it is set. ``ledger_answers`` is whether the talk can be read again.
    """

    reply: Callable[[str], Replies] = lambda message: [{"text": f"ok {message}"}]
    fail: Callable[[httpx.Request], httpx.Response] | None = None
    gate: asyncio.Event | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    said: dict[str, list[EarlierLine]] = field(default_factory=dict)
    state: ConversationState = ConversationState.BOT
    ledger_answers: bool = True
    at_once: int = 0
    most_at_once: int = 0

    @property
    def messages(self) -> list[str]:
        """What the assistant was told, in order."""
        return [question["message"] for question in self.asked]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """Take one request of the desk."""
        if request.method == "GET":
            known = request.url.path == "/" and self.fail is None
            return httpx.Response(200 if known else 404, text="Hello from Rasa")
        question = json.loads(request.content)
        self.asked.append(question)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            # Lets other turns overlap with this one if the desk lets them.
            await asyncio.sleep(0)
            if self.gate is not None:
                await self.gate.wait()
            if self.fail is not None:
                return self.fail(request)
            replies = self.reply(question["message"])
        finally:
            self.at_once -= 1
        self.keep(question, replies)
        return httpx.Response(200, json=replies)

    def read_earlier(self, sender: str) -> EarlierTalk:
        """The talk of a sender, as the ledger would give it."""
        if not self.ledger_answers:
            return EarlierTalk(Reading.UNAVAILABLE)
        return EarlierTalk(Reading.FOUND, tuple(self.said.get(sender, ())), self.state)

    def keep(self, question: dict[str, Any], replies: Replies) -> None:
        """Write a turn into the ledger."""
        lines = self.said.setdefault(question["sender"], [])
        at = datetime(2026, 11, 24, 6, 0, tzinfo=UTC) + timedelta(seconds=len(lines))
        titles = {b.payload: b.title for line in lines for b in line.buttons}
        text = titles.get(question["message"], question["message"])
        lines.append(EarlierLine(Role.CUSTOMER, text, at, language_of(text, "yue")))
        for reply in replies:
            words, buttons = reply.get("text", ""), read_buttons(reply.get("buttons"))
            language = language_of(words, question["metadata"]["page_language"])
            lines.append(EarlierLine(Role.BOT, words, at, language, buttons))

    @property
    def transport(self) -> httpx.MockTransport:
        """For ``create_app(transport=…)``."""
        return httpx.MockTransport(self.__call__)
