"""`python -m bench`: the whole run, step by step."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import httpx

from bench import install, report, starting, stock, training
from bench.figures import Measured, Running
from bench.machine import this_machine
from bench.plan import Plan, plan_from
from bench.postgresql import throw_away_database
from bench.processes import BenchFailed
from bench.workspace import PROJECT, Place, copy_of_project, free_ports, workspace

RESULTS = PROJECT / "results" / "bench.json"
_FIRST_WITHIN, _START_WITHIN = 1200.0, 300.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; the exit code."""
    plan = plan_from(arguments)
    # Being ended is like Ctrl-C: everything is cleaned up on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    machine = this_machine()
    begun = time.monotonic()
    try:
        with workspace() as work:
            measured = run(work, plan)
    except KeyboardInterrupt:
        print("Ended; nothing is left running.", file=sys.stderr)
        return 130
    except BenchFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    except httpx.HTTPError as error:
        print(f"The assistant stopped answering ({type(error).__name__}).", file=sys.stderr)
        return 1
    report.write(RESULTS, report.document(machine, plan, measured))
    print(f"\n{report.heading(machine, plan)}\n\n{report.table(report.rows_of(measured))}\n")
    print(f"{time.monotonic() - begun:.0f} s; also in {RESULTS.relative_to(PROJECT)}")
    return 0


def run(work: Path, plan: Plan) -> Measured:
    """All measurements, one after the other, so that none disturbs another.

    Raises:
        BenchFailed: a step failed.
        httpx.HTTPError: the assistant stopped answering.
    """
    install_seconds = None
    if plan.install:
        say("First `make up` of a fresh clone")
        install_seconds = install.seconds_of_first_up(work)
    say("Ours: training from nothing and after an edit")
    ours_training = training.ours(work)
    say("Ours: first start, with database, demo and training")
    place = copy_of_project(work, "ours")
    first = starting.seconds_to_answer(place, "first start", _FIRST_WITHIN)
    say("Ours: second start, turns, load, accuracy")
    ours = asked(place, "start", plan)
    say("Ours on PostgreSQL")
    postgresql = on_postgresql(place, plan)
    say("Stock: training from nothing and after an edit")
    stock_place = stock.laid_out(work, plan.stock_epochs)
    stock_training = stock.train(stock_place)
    say("Stock: start, turns, load, accuracy")
    stock_running = stock.run(stock_place, place.home, plan)
    return Measured(
        ours_training=ours_training,
        stock_training=stock_training,
        first_start_seconds=first,
        ours=ours,
        postgresql=postgresql,
        stock=stock_running,
        install_seconds=install_seconds,
    )


def asked(place: Place, step: str, plan: Plan) -> Running:
    """Start a place that has its model and its database, and measure it."""
    with starting.answering(place, {step: starting.UP}, _START_WITHIN) as stack:
        return starting.measured(stack, plan)


def on_postgresql(place: Place, plan: Plan) -> Running | None:
    """The same copy and model with a home and a database of its own; None without a server."""
    with throw_away_database() as address:
        if address is None:
            say("… left out: no PostgreSQL on this machine lets us make a database")
            return None
        home = place.folder / ".cantodesk-postgresql"
        there = replace(place, home=home, database_url=address, ports=free_ports())
        # The first start makes the tables and loads the demo; the second is the one that compares.
        starting.seconds_to_answer(there, "first start on PostgreSQL", _START_WITHIN)
        return asked(there, "start on PostgreSQL", plan)


def say(step: str) -> None:
    """What is being done now, with the time, on the error output."""
    print(f"{time.strftime('%H:%M:%S')}  {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
