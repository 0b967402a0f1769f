"""The normaliser in the pipeline: the line as read stands beside the raw text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graph_components import Workbench, lesson, said
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from cantodesk.understanding.normaliser import NORMALISED, Normaliser, normalised


def test_the_raw_text_stays_as_it_was(data: Path, workbench: Workbench) -> None:
    (message,) = workbench.make(Normaliser).process([said("我想揾ＨＫ１")])
    assert message.get(TEXT) == "我想揾ＨＫ１"
    assert message.get(NORMALISED).text == "我想搵HK1"


def test_training_lines_are_read_too(data: Path, workbench: Workbench) -> None:
    examples = workbench.make(Normaliser).process_training_data(lesson(("黐線", "complain")))
    assert examples.training_examples[0].get(NORMALISED).text == "痴線"


def test_a_message_without_text_is_left_alone(data: Path, workbench: Workbench) -> None:
    (message,) = workbench.make(Normaliser).process([Message({"intent": "greet"})])
    assert message.get(NORMALISED) is None


def test_a_message_that_never_met_it_is_read_without_variants() -> None:
    assert normalised(said("揾ＨＫ")).text == "揾HK"
    assert normalised(Message({})).text == ""


def test_it_runs_from_the_model_alone(
    data: Path, workbench: Workbench, without_data: Callable[[], None]
) -> None:
    workbench.make(Normaliser).train(lesson(("x", "greet")))
    without_data()
    (message,) = workbench.load(Normaliser).process([said("m goi 幫我揾")])
    assert message.get(NORMALISED).text == "唔該 幫我搵"
