"""From the command to the first answer, and everything that is asked of a stack that answers."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import psutil  # type: ignore[import-untyped]

from bench.accuracy import accuracy_of
from bench.figures import Running
from bench.plan import Plan
from bench.processes import failure, memory, running
from bench.replies import Answers, answers_of
from bench.turns import WEBHOOK, Customers, summary
from bench.workspace import Place

UP = (sys.executable, "-m", "cantodesk.cli", "up")
# A question from the knowledge base: assistant, action server and database all take part.
_FIRST_LINE = "送貨要幾耐"
_POLL = 0.1
_ANSWER_WITHIN = 30.0


@dataclass(frozen=True)
class Stack:
    """Processes that answer, how long they took to, and where."""

    place: Place
    roots: tuple[psutil.Process, ...]
    start_seconds: float
    answers: Answers


@contextlib.contextmanager
def answering(
    place: Place, commands: Mapping[str, Sequence[str]], within: float
) -> Iterator[Stack]:
    """Start commands, by the names of their steps, and wait for the first answer.

    Raises:
        BenchFailed: a command ended, or none answered in time.
    """
    answers = answers_of(place.folder / "domain.yml")
    with contextlib.ExitStack() as started:
        begin = time.monotonic()
        processes = {
            place.log(step): started.enter_context(
                running(line, place.folder, place.environment(), place.log(step))
            )
            for step, line in commands.items()
        }
        wait_for_answer(place.assistant, answers, processes, begin + within)
        seconds = round(time.monotonic() - begin, 1)
        yield Stack(place, tuple(processes.values()), seconds, answers)


def wait_for_answer(
    assistant: str, answers: Answers, processes: dict[Path, psutil.Process], deadline: float
) -> None:
    """Ask a question again and again, each time as a new customer, until it is answered.

    Raises:
        BenchFailed: a process ended, or the time is over.
    """
    with httpx.Client(base_url=assistant, timeout=_ANSWER_WITHIN, trust_env=False) as client:
        while True:
            body = {"sender": f"bench-{uuid4().hex}", "message": _FIRST_LINE}
            with contextlib.suppress(httpx.HTTPError):
                if answers.replied(client.post(WEBHOOK, json=body)) is not None:
                    return
            for log, process in processes.items():
                if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                    raise failure(f"{log.stem} ended before it answered", log)
                if time.monotonic() >= deadline:
                    raise failure(f"{log.stem} did not answer in time", log)
            time.sleep(_POLL)


def seconds_to_answer(place: Place, step: str, within: float) -> float:
    """`cantodesk up` to its first answer, then ended again."""
    with answering(place, {step: UP}, within) as stack:
        return stack.start_seconds


def measured(stack: Stack, plan: Plan) -> Running:
    """Turns, memory, load and accuracy of a stack, in this order."""
    customers = Customers(stack.place.assistant, stack.answers)
    customers.one_by_one(plan.warm_up)
    turns = customers.one_by_one(plan.memory_after)
    taken = memory(stack.roots)
    turns += customers.one_by_one(plan.turns - plan.memory_after)
    return Running(
        start_seconds=stack.start_seconds,
        memory_mb=taken,
        turns=summary(turns),
        load=customers.at_once(plan.connections, plan.load_seconds),
        accuracy=accuracy_of(stack.place.assistant, plan.parse_every),
    )
