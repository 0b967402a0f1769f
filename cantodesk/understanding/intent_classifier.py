"""One plain linear classifier over all sentence features."""

from __future__ import annotations

import unicodedata
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
from scipy.sparse import csr_matrix, hstack, vstack

from cantodesk.understanding.language_files import fingerprint_of
from cantodesk.understanding.linear import Linear

_RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Multinomial logistic regression. Kept as three arrays; loading runs no foreign code."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: Linear | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # C: the inverse of the regularisation; dense_weight: how much the encoder counts beside n-grams.
        return {"C": 20.0, "dense_weight": 2.0, "max_iter": 300}

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
            model = Linear.load(folder / "classifier.npz")
        return cls(config, model_storage, resource, model)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return fingerprint_of(code=("intent_classifier", "linear"))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        self._model = Linear.fit(
            self._matrix(examples),
            [m.get(INTENT) for m in examples],
            inverse_regularisation=self._config["C"],
            max_iter=self._config["max_iter"],
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / "classifier.npz")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [m for m in messages if m.get(TEXT) and m.features]
        if not spoken or self._model is None:
            return messages
        probabilities = self._model.probabilities(self._matrix(spoken))
        for message, row in zip(spoken, probabilities, strict=True):
            if not says_something(message.get(TEXT)):
                # Only marks: the classifier would answer with whatever it thinks likeliest of all.
                row = np.full_like(row, 1 / len(row))
            order = np.argsort(-row)[:_RANKED]
            ranking = [{"name": self._model.labels[i], "confidence": float(row[i])} for i in order]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _matrix(self, messages: list[Message]) -> csr_matrix:
        """Sentence features side by side: shape (messages, n-grams + encoder dimension)."""
        rows = []
        for message in messages:
            _, sparse = message.get_sparse_features(TEXT)
            _, dense = message.get_dense_features(TEXT)
            parts = []
            if sparse is not None:
                parts.append(csr_matrix(sparse.features))
            if dense is not None:
                parts.append(csr_matrix(dense.features * self._config["dense_weight"]))
            rows.append(hstack(parts))
        return csr_matrix(vstack(rows))


def says_something(text: str) -> bool:
    """Whether a line has a letter, a digit or an emoji in it."""
    return any(char.isalnum() or unicodedata.category(char) == "So" for char in text)
