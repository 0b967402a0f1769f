"""What the desk remembers of each open talk: the queue, the pace and the buttons given out.

Kept in memory by one process. What is lost with it is small: the buttons are
found again in the ledger, the pace starts anew.
"""

from __future__ import annotations

import asyncio
import math
import re
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from cantodesk.desk.assistant import Answer, Reply

LINES_A_MINUTE = 20
_MINUTE = 60.0
_REMEMBERED_TALKS = 10_000
_REMEMBERED_PAYLOADS = 200
_REMEMBERED_ANSWERS = 8

_TALK_ID = re.compile(r"[A-Za-z0-9_-]{32}")


def new_talk_id() -> str:
    """An id that nobody can guess: 192 random bits in 32 signs."""
    return secrets.token_urlsafe(24)


def is_talk_id(value: str | None) -> bool:
    """Whether this could be an id of ours."""
    return value is not None and _TALK_ID.fullmatch(value) is not None


def sender_of(talk_id: str) -> str:
    """The Rasa sender id of a talk on the web page."""
    return f"web:{talk_id}"


@dataclass
class Talk:
    """One conversation that is going on. ``turn`` lets one line in at a time."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _sent_at: deque[float] = field(default_factory=deque)
    _payloads: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _answers: OrderedDict[str, Answer] = field(default_factory=OrderedDict)

    def seconds_to_wait(self, now: float) -> int:
        """0 and the line is counted; else whole seconds until the next one may come."""
        while self._sent_at and now - self._sent_at[0] >= _MINUTE:
            self._sent_at.popleft()
        if len(self._sent_at) < LINES_A_MINUTE:
            self._sent_at.append(now)
            return 0
        return math.ceil(_MINUTE - (now - self._sent_at[0]))

    def gave_out(self, payload: str) -> bool:
        """Whether a button with this payload was shown in this talk."""
        return payload in self._payloads

    def remember(self, line_id: str | None, answer: Answer) -> None:
        """Keep the buttons of an answer that got through, and itself in case its line comes again."""
        self._remember_payloads(answer.replies)
        if line_id is not None:
            self._answers[line_id] = answer
            while len(self._answers) > _REMEMBERED_ANSWERS:
                self._answers.popitem(last=False)

    def _remember_payloads(self, replies: Iterable[Reply]) -> None:
        for reply in replies:
            for button in reply.buttons:
                self._payloads[button.payload] = None
                self._payloads.move_to_end(button.payload)
        while len(self._payloads) > _REMEMBERED_PAYLOADS:
            self._payloads.popitem(last=False)

    def answer_to(self, line_id: str | None) -> Answer | None:
        """The answer already given to this very line."""
        return self._answers.get(line_id) if line_id is not None else None


class Talks:
    """The talks of this process, the longest unused forgotten first."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, most: int = _REMEMBERED_TALKS
    ) -> None:
        """``clock`` gives seconds that never go back."""
        self._clock = clock
        self._most = most
        self._talks: OrderedDict[str, Talk] = OrderedDict()

    def of(self, talk_id: str) -> Talk:
        """The talk with this id, begun if need be."""
        talk = self._talks.get(talk_id)
        if talk is None:
            talk = self._talks[talk_id] = Talk()
            self._forget_some()
        self._talks.move_to_end(talk_id)
        return talk

    def seconds_to_wait(self, talk: Talk) -> int:
        """See :meth:`Talk.seconds_to_wait`, by this process's clock."""
        return talk.seconds_to_wait(self._clock())

    def forget(self, talk_id: str) -> None:
        """Drop what is remembered of a talk that is over."""
        self._talks.pop(talk_id, None)

    def _forget_some(self) -> None:
        for talk_id in list(self._talks)[: max(0, len(self._talks) - self._most)]:
            # A talk in the middle of a turn must keep its one lock.
            if not self._talks[talk_id].turn.locked():
                del self._talks[talk_id]
