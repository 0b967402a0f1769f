"""The intent from all sentence features together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from graph_components import Workbench, lesson, said
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.understanding.intent_classifier import LinearIntentClassifier
from cantodesk.understanding.ngram_features import NgramFeatures
from cantodesk.understanding.sentence_features import SentenceEncoder

PAIRS = (
    ("我想退款", "request_refund"),
    ("退返錢俾我", "request_refund"),
    ("refund please", "request_refund"),
    ("訂單去咗邊", "track_order"),
    ("我張單寄咗未", "track_order"),
    ("where is my order", "track_order"),
    ("你好", "greet"),
    ("hello", "greet"),
)


class Pipeline:
    """N-grams and encoder before the classifier, as in config.yml."""

    def __init__(self, workbench: Workbench) -> None:
        self._ngrams = workbench.make(NgramFeatures, min_lines=1)
        self._encoder = workbench.make(SentenceEncoder)
        self._ngrams.train(lesson(*PAIRS))

    def featurised(self, *lines: str) -> list[Message]:
        return self._encoder.process(self._ngrams.process([said(ln) for ln in lines]))  # type: ignore[no-any-return]

    def lesson(self) -> TrainingData:
        messages = self.featurised(*(line for line, _ in PAIRS))
        for message, (_, intent) in zip(messages, PAIRS, strict=True):
            message.set(INTENT, intent)
        return TrainingData(messages)


@pytest.fixture
def featurising(data: Path, workbench: Workbench) -> Pipeline:
    return Pipeline(workbench)


def test_it_learns_and_ranks(featurising: Pipeline, workbench: Workbench) -> None:
    classifier = workbench.make(LinearIntentClassifier)
    classifier.train(featurising.lesson())
    (message,) = classifier.process(featurising.featurised("幫我退款"))
    ranking = message.get(INTENT_RANKING_KEY)
    assert message.get(INTENT) == ranking[0]
    assert ranking[0]["name"] == "request_refund"
    assert [r["name"] for r in ranking[1:]] != []
    assert sum(r["confidence"] for r in ranking) == pytest.approx(1, abs=1e-5)
    assert [r["confidence"] for r in ranking] == sorted(
        (r["confidence"] for r in ranking), reverse=True
    )


def test_a_message_without_features_is_left_alone(
    featurising: Pipeline, workbench: Workbench
) -> None:
    classifier = workbench.make(LinearIntentClassifier)
    classifier.train(featurising.lesson())
    (message,) = classifier.process([said("hi")])
    assert message.get(INTENT) is None


def test_it_runs_from_the_model_alone(
    featurising: Pipeline, workbench: Workbench, without_data: Callable[[], None]
) -> None:
    trained = workbench.make(LinearIntentClassifier)
    trained.train(featurising.lesson())
    (before,) = trained.process(featurising.featurised("我張單呢"))
    without_data()
    (after,) = workbench.load(LinearIntentClassifier).process(featurising.featurised("我張單呢"))
    assert after.get(INTENT_RANKING_KEY) == before.get(INTENT_RANKING_KEY)
