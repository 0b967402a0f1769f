"""The dense feature: one sentence vector a message."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from graph_components import Workbench, lesson, said
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from cantodesk.understanding import encoding_cache
from cantodesk.understanding.sentence_features import SentenceEncoder, written


def vector(message: Message) -> np.ndarray:
    _, sentence = message.get_dense_features(TEXT)
    return np.asarray(sentence.features)


def test_a_message_gets_one_row(data: Path, workbench: Workbench) -> None:
    (message,) = workbench.make(SentenceEncoder).process([said("我想退款")])
    assert vector(message).shape == (1, 512)


def test_lines_of_one_meaning_in_two_writings_are_one(data: Path, workbench: Workbench) -> None:
    first, second = workbench.make(SentenceEncoder).process([said("攞返錢"), said("拿回钱")])
    assert np.allclose(vector(first), vector(second), atol=1e-5)


def test_the_line_as_written_chinese_is_left_for_others(data: Path, workbench: Workbench) -> None:
    (message,) = workbench.make(SentenceEncoder).process([said("幾時攞返")])
    assert written(message) == "什么时候拿回"
    assert written(said("幾時攞返")) == "幾時攞返"


def test_a_message_without_text_gets_none(data: Path, workbench: Workbench) -> None:
    (message,) = workbench.make(SentenceEncoder).process([Message({"intent": "greet"})])
    assert message.features == []


def test_all_training_lines_get_theirs_however_many(
    data: Path, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding_cache, "_BATCH", 2)
    lines = lesson(*[(f"line {i}", "greet") for i in range(5)])
    done = workbench.make(SentenceEncoder).process_training_data(lines)
    assert [len(m.features) for m in done.training_examples] == [1] * 5


def test_an_unknown_encoder_is_refused_before_training() -> None:
    with pytest.raises(ValueError, match="no sentence encoder 'bert'"):
        SentenceEncoder.validate_config({"encoder": "bert"})


def test_it_runs_from_the_model_alone(
    data: Path, workbench: Workbench, without_data: Callable[[], None]
) -> None:
    trained = workbench.make(SentenceEncoder)
    trained.train(lesson(("x", "greet")))
    (before,) = trained.process([said("幾時攞返")])
    without_data()
    (after,) = workbench.load(SentenceEncoder).process([said("幾時攞返")])
    assert np.array_equal(vector(before), vector(after))
