"""The sparse features: n-grams of letters or of words, of the line as read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from graph_components import Workbench, lesson, said
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from cantodesk.understanding.ngram_features import NgramFeatures, folded

LINES = lesson(("我想退款", "refund"), ("想退款呀", "refund"), ("訂單去咗邊", "order"))


def row(message: Message) -> np.ndarray:
    _, sentence = message.get_sparse_features(TEXT)
    return np.asarray(sentence.features.todense())


def test_scripts_cases_and_digits_are_folded() -> None:
    assert folded("訂單 HK20261234") == folded("订单 hk99999999") == "订单 hk00000000"


def test_a_message_gets_one_row(workbench: Workbench) -> None:
    component = workbench.make(NgramFeatures, min_lines=1)
    component.train(LINES)
    (message,) = component.process([said("想退款")])
    assert row(message).shape[0] == 1
    assert np.isclose(np.linalg.norm(row(message)), 1, atol=1e-5)


def test_rare_ngrams_are_left_out(workbench: Workbench) -> None:
    component = workbench.make(NgramFeatures, min_lines=2)
    component.train(LINES)
    unknown, order, refund = component.process([said("qq"), said("訂單"), said("退款")])
    assert np.array_equal(row(order), row(unknown))
    assert not np.array_equal(row(refund), row(unknown))


@pytest.mark.parametrize("sizes", [{"min_n": 0}, {"min_n": 3, "max_n": 2}])
def test_senseless_sizes_are_refused(sizes: dict[str, int]) -> None:
    with pytest.raises(InvalidConfigException, match="1 <= min_n <= max_n"):
        NgramFeatures.validate_config(sizes)


@pytest.mark.parametrize("option", [{"unit": "syllables"}, {"reading": "aloud"}])
def test_unknown_choices_are_refused_with_those_there_are(option: dict[str, str]) -> None:
    with pytest.raises(InvalidConfigException, match=r"has no \w+ '\w+'\. Use one of: \w+, \w+"):
        NgramFeatures.validate_config(option)


def test_words_tell_what_letters_within_words_cannot(workbench: Workbench) -> None:
    rows = {}
    for unit in ("letters", "words"):
        component = workbench.make(NgramFeatures, unit=unit, min_lines=1)
        component.train(lesson(("don't cancel change", "a"), ("don't change cancel", "b")))
        rows[unit] = component.process([said("don't cancel change"), said("don't change cancel")])
    assert np.allclose(row(rows["letters"][0]), row(rows["letters"][1]))
    assert not np.allclose(row(rows["words"][0]), row(rows["words"][1]))


def test_it_runs_from_the_model_alone(
    data: Path, workbench: Workbench, without_data: Callable[[], None]
) -> None:
    trained = workbench.make(NgramFeatures, min_lines=1)
    trained.train(LINES)
    (before,) = trained.process([said("退款去咗邊")])
    without_data()
    (after,) = workbench.load(NgramFeatures, min_lines=1).process([said("退款去咗邊")])
    assert np.array_equal(row(before), row(after))
