"""What a run does: its options, and how long each load is."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """One run. ``parse_every``: only every so manieth test line is parsed for the accuracy."""

    quick: bool
    install: bool
    warm_up: int
    turns: int
    memory_after: int
    connections: int
    load_seconds: float
    stock_epochs: int
    parse_every: int


def plan_from(arguments: Sequence[str] | None = None) -> Plan:
    """The plan that a command line asks for.

    Raises:
        SystemExit: an option is not known, or help was asked for.
    """
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure training, start, memory, turns and accuracy, beside Rasa's stock pipeline.",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a short load and 5 epochs for the stock pipeline: to see it work, not to quote",
    )
    parser.add_argument(
        "--install",
        action="store_true",
        help="also the first `make up` of a fresh clone; downloads every package again",
    )
    parser.add_argument(
        "--stock-epochs",
        type=int,
        metavar="N",
        help="epochs of the stock pipeline's models; 100 without it, as Rasa recommends",
    )
    chosen = parser.parse_args(arguments)
    short: bool = chosen.quick
    return Plan(
        quick=short,
        install=chosen.install,
        warm_up=10 if short else 40,
        turns=60 if short else 400,
        memory_after=30 if short else 200,
        connections=4,
        load_seconds=5.0 if short else 20.0,
        stock_epochs=chosen.stock_epochs or (5 if short else 100),
        parse_every=10 if short else 1,
    )
