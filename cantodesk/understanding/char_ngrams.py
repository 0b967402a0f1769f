"""Sparse featurizer: TF-IDF of character n-grams of the line as read."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from cantodesk.understanding.language_files import fingerprint_of, keep, kept
from cantodesk.understanding.normaliser import normalised
from cantodesk.understanding.written import simplified


def folded(text: str) -> str:
    """Both scripts and both cases share their n-grams; digits are one sign, ids are not intents."""
    return "".join("0" if c.isdigit() else c for c in simplified(text.lower()))


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True
)
class CharNgrams(SparseFeaturizer, GraphComponent):
    """Adds one sparse sentence vector a message."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        name: str,
        vectorizer: TfidfVectorizer | None = None,
    ) -> None:
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._vectorizer = vectorizer

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**SparseFeaturizer.get_default_config(), "min_n": 1, "max_n": 4, "min_lines": 2}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CharNgrams:
        return cls(config, model_storage, resource, execution_context.node_name)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CharNgrams:
        content = kept(model_storage, resource)
        vectorizer = _vectorizer(config, vocabulary={n: i for i, n in enumerate(content["ngrams"])})
        vectorizer.idf_ = np.array(content["idf"])
        return cls(config, model_storage, resource, execution_context.node_name, vectorizer)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return fingerprint_of(code=("char_ngrams", "written"))

    def train(self, training_data: TrainingData) -> Resource:
        lines = [folded(normalised(m).text) for m in training_data.training_examples if m.get(TEXT)]
        vectorizer = _vectorizer(self._config, min_df=self._config["min_lines"])
        vectorizer.fit(lines)
        self._vectorizer = vectorizer
        ngrams = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
        keep(self._storage, self._resource, {"ngrams": ngrams, "idf": vectorizer.idf_.tolist()})
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [m for m in messages if m.get(TEXT)]
        if not spoken or self._vectorizer is None:
            return messages
        rows = csr_matrix(self._vectorizer.transform([folded(normalised(m).text) for m in spoken]))
        for index, message in enumerate(spoken):
            message.add_features(
                Features(rows[index].tocoo(), FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            )
        return messages


def _vectorizer(config: dict[str, Any], **more: Any) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(config["min_n"], config["max_n"]),
        sublinear_tf=True,
        lowercase=False,
        dtype=np.float32,
        **more,
    )
