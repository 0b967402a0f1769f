"""What is measured, as plain values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Asked of both; the stock pipeline has no desk and no starting command.
ANSWERING = ("assistant", "actions")


@dataclass(frozen=True)
class Percentiles:
    """Milliseconds from sending a line to having all its replies."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True)
class Turns:
    """Turns one after the other. ``orders``: tracked orders, shown of those asked for."""

    count: int
    unanswered: int
    orders_asked: int
    orders_shown: int
    milliseconds: Percentiles


@dataclass(frozen=True)
class Load:
    """Turns of several connections at once."""

    connections: int
    seconds: float
    count: int
    unanswered: int
    per_second: float
    milliseconds: Percentiles


@dataclass(frozen=True)
class Accuracy:
    """Lines of a test file whose intent was found; ``top``: also counting those below the threshold."""

    lines: int
    right: int
    top: int


@dataclass(frozen=True)
class Training:
    """Seconds of the whole command, the start of Python included."""

    from_nothing: float
    after_edit: float


@dataclass(frozen=True)
class Running:
    """A stack that answers. Memory in MB (10^6 bytes) by process, accuracy by language."""

    start_seconds: float
    memory_mb: dict[str, float]
    turns: Turns
    load: Load
    accuracy: dict[str, Accuracy]


@dataclass(frozen=True)
class Measured:
    """Everything of one run. ``first_start_seconds`` holds database, demo and training."""

    ours_training: Training
    stock_training: Training
    first_start_seconds: float
    ours: Running
    postgresql: Running | None
    stock: Running
    install_seconds: float | None


def percentile(sorted_values: Sequence[float], share: int) -> float:
    """The smallest value that at least ``share`` per cent do not exceed (nearest rank).

    Raises:
        ValueError: there are no values.
    """
    if not sorted_values:
        raise ValueError("no values")
    return sorted_values[max(math.ceil(share / 100 * len(sorted_values)), 1) - 1]


def percentiles(seconds: Sequence[float]) -> Percentiles:
    """The percentiles of some seconds, in milliseconds.

    Raises:
        ValueError: there are no values.
    """
    ordered = sorted(seconds)
    p50, p95, p99 = (round(1000 * percentile(ordered, share), 1) for share in (50, 95, 99))
    return Percentiles(p50, p95, p99)


def answering_memory(running: Running) -> float:
    """MB of the processes that both have."""
    return sum(running.memory_mb.get(name, 0.0) for name in ANSWERING)
