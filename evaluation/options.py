"""What a run of the evaluation is asked to do."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.workspace import PROJECT
from evaluation.floors import FILE
from evaluation.lines import EvaluationFailed
from evaluation.pipelines import STOCK, chosen_stock

PRESENT = "present"


@dataclass(frozen=True)
class Options:
    """One run. ``model``: None to train ours, too; `present` for the one `make train` made."""

    model: str | None
    stock: tuple[str, ...]
    stock_epochs: int
    public: Path | None
    tests: Path
    floors: Path
    out: Path
    show_test_lines: bool


def options_from(arguments: Sequence[str] | None = None) -> Options:
    """The options of a command line.

    Raises:
        SystemExit: an option is not known, or help was asked for.
        EvaluationFailed: there is no such stock pipeline, or no such number of epochs.
    """
    parser = argparse.ArgumentParser(
        prog="python -m evaluation",
        description="How well does it understand? Writes a page and a JSON file, and fails below a floor.",
    )
    add = parser.add_argument
    add(
        "--model",
        metavar="FILE",
        help="a trained model of ours, or `present` for that of the present data; without it ours is trained, twice",
    )
    add(
        "--stock",
        default=",".join(STOCK),
        metavar="NAMES",
        help="stock pipelines to train and compare: none, or some of %(default)s",
    )
    add("--stock-epochs", type=int, default=100, metavar="N", help="epochs of DIET (%(default)s)")
    add("--public", type=Path, metavar="FOLDER", help="a folder with public test sets")
    add("--tests", type=Path, default=PROJECT / "tests/nlu", metavar="FOLDER")
    add("--floors", type=Path, default=FILE, metavar="FILE")
    add("--out", type=Path, default=PROJECT / "reports/understanding", metavar="FOLDER")
    add(
        "--show-test-lines",
        action="store_true",
        help="show the wrong lines of the held-out set too; tune on them and it is held out no more",
    )
    given = parser.parse_args(arguments)
    if given.stock_epochs < 1:
        raise EvaluationFailed("--stock-epochs must be 1 or more.")
    return Options(
        model=given.model or None,
        stock=chosen_stock(given.stock),
        stock_epochs=given.stock_epochs,
        public=given.public,
        tests=given.tests,
        floors=given.floors,
        out=given.out,
        show_test_lines=given.show_test_lines,
    )
