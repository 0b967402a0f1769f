"""Seconds of training, from nothing and after a small edit."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Training
from bench.processes import finished
from bench.workspace import Place, copy_of_project, edit_one_line

_WITHIN = 4 * 3600.0
OURS = (sys.executable, "-m", "cantodesk.cli", "train")


def ours(work: Path) -> Training:
    """`cantodesk train` in a copy of the project, twice."""
    return trained_twice(copy_of_project(work, "training"), OURS, OURS)


def trained_twice(place: Place, first: Sequence[str], second: Sequence[str]) -> Training:
    """Train on an empty cache, edit one line, and train again on the cache that is left.

    Raises:
        BenchFailed: a training failed.
    """
    environment = place.environment()
    cold = finished(first, place.folder, environment, place.log("training"), _WITHIN)
    edit_one_line(place.folder)
    warm = finished(second, place.folder, environment, place.log("training again"), _WITHIN)
    return Training(round(cold, 1), round(warm, 1))
