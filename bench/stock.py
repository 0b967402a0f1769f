"""Rasa's stock pipeline on the same data: trained, started and asked like ours."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from bench.figures import Running, Training
from bench.plan import Plan
from bench.starting import answering, measured
from bench.training import trained_twice
from bench.workspace import HOST, Place, copy_of_project

_FILES = Path(__file__).with_name("stock")
_WITHIN = 600.0


def laid_out(work: Path, epochs: int) -> Place:
    """A copy of the project with the stock files in the place of ours."""
    place = copy_of_project(work, "stock")
    config = (_FILES / "config.yml").read_text(encoding="utf-8")
    (place.folder / "config.yml").write_text(
        config.replace("epochs: 100", f"epochs: {epochs}"), encoding="utf-8"
    )
    shutil.copy(_FILES / "endpoints.yml", place.folder)
    shutil.copy(_FILES / "credentials.yml", place.folder)
    shutil.copy(_FILES / "stories.yml", place.folder / "data")
    return place


def train(place: Place) -> Training:
    """`rasa train`, twice; the model before the edit is the one to run."""
    return trained_twice(place, _training("stock"), _training("edited"))


def run(place: Place, business_home: Path, plan: Plan) -> Running:
    """The stock assistant with our action server on a database that has the demo in it."""
    host, port = HOST, place.ports[0]
    assistant = (
        *(sys.executable, "-m", "rasa", "run", "--enable-api"),
        *("--interface", host, "--port", str(port)),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
        *("--model", "models/stock.tar.gz"),
    )
    commands = {"actions": (sys.executable, "-m", "actions"), "assistant": assistant}
    with answering(replace(place, home=business_home), commands, _WITHIN) as stack:
        return measured(stack, plan)


def _training(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "rasa", "train", "--fixed-model-name", name, "--out", "models")
