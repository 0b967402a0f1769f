"""Turns over REST: one after the other, and several connections at once."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

import httpx

from bench.conversations import CONVERSATIONS, Conversation, Line
from bench.figures import Load, Turns, percentiles
from bench.replies import Answers

WEBHOOK = "/webhooks/rest/webhook"
_WITHIN = 60.0


@dataclass(frozen=True)
class Turn:
    """One line sent. ``shown``: whether an order was, None where none was asked for."""

    seconds: float
    answered: bool
    shown: bool | None


@dataclass(frozen=True)
class Customers:
    """Where the lines go and how their replies are judged."""

    assistant: str
    answers: Answers

    def one_by_one(self, count: int) -> list[Turn]:
        """Play conversations over one connection until so many turns are done."""
        return asyncio.run(self._one_by_one(count))

    def at_once(self, connections: int, seconds: float) -> Load:
        """Play conversations over several connections for some seconds."""
        return asyncio.run(self._at_once(connections, seconds))

    async def _one_by_one(self, count: int) -> list[Turn]:
        async with self._client() as client:
            turns = self._turns(client, itertools.cycle(CONVERSATIONS))
            # Whole turns, not whole conversations: the next call begins a new one.
            return [await anext(turns) for _ in range(count)]

    async def _at_once(self, connections: int, seconds: float) -> Load:
        started = time.monotonic()
        done = await asyncio.gather(
            *(self._until(started + seconds, number) for number in range(connections))
        )
        elapsed = time.monotonic() - started
        turns = [turn for of_one in done for turn in of_one]
        return Load(
            connections=connections,
            seconds=round(elapsed, 1),
            count=len(turns),
            unanswered=unanswered(turns),
            per_second=round(len(turns) / elapsed, 1),
            milliseconds=percentiles([turn.seconds for turn in turns]),
        )

    async def _until(self, deadline: float, number: int) -> list[Turn]:
        # Each connection begins with another conversation, so that the mix is even at any moment.
        first = number % len(CONVERSATIONS)
        order = itertools.cycle(CONVERSATIONS[first:] + CONVERSATIONS[:first])
        turns: list[Turn] = []
        async with self._client() as client:
            async for turn in self._turns(client, order):
                turns.append(turn)
                if time.monotonic() >= deadline:
                    break
        return turns

    async def _turns(
        self, client: httpx.AsyncClient, conversations: Iterator[Conversation]
    ) -> AsyncIterator[Turn]:
        for conversation in conversations:
            sender = f"bench-{uuid4().hex}"
            for line in conversation:
                yield await self._turn(client, sender, line)

    async def _turn(self, client: httpx.AsyncClient, sender: str, line: Line) -> Turn:
        started = time.perf_counter()
        try:
            response = await client.post(WEBHOOK, json={"sender": sender, "message": line.text})
            replies = self.answers.replied(response)
        except httpx.HTTPError:
            replies = None
        seconds = time.perf_counter() - started
        shown = line.shows in "\n".join(replies or ()) if line.shows else None
        return Turn(seconds, replies is not None, shown)

    def _client(self) -> httpx.AsyncClient:
        # No proxy of the environment may stand between us and our own machine.
        return httpx.AsyncClient(base_url=self.assistant, timeout=_WITHIN, trust_env=False)


def unanswered(turns: Sequence[Turn]) -> int:
    """How many turns got no answer."""
    return sum(not turn.answered for turn in turns)


def summary(turns: Sequence[Turn]) -> Turns:
    """The figures of turns one after the other.

    Raises:
        ValueError: there are none.
    """
    return Turns(
        count=len(turns),
        unanswered=unanswered(turns),
        orders_asked=sum(turn.shown is not None for turn in turns),
        orders_shown=sum(turn.shown is True for turn in turns),
        milliseconds=percentiles([turn.seconds for turn in turns]),
    )
