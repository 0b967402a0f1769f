"""Sparse featurizer: TF-IDF of character n-grams of the line as read."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.understanding.language_files import fingerprint_of, keep, kept
from cantodesk.understanding.linear import Ngrams
from cantodesk.understanding.normaliser import normalised
from cantodesk.understanding.written import simplified


def folded(text: str) -> str:
    """Both scripts and both cases share their n-grams; digits are one sign, ids are not intents."""
    return "".join("0" if c.isdigit() else c for c in simplified(text.lower()))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class CharNgrams(SparseFeaturizer, GraphComponent):
    """Adds one sparse sentence vector a message."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        name: str,
        ngrams: Ngrams | None = None,
    ) -> None:
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._ngrams = ngrams

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**SparseFeaturizer.get_default_config(), "min_n": 1, "max_n": 4, "min_lines": 2}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        sizes = {**cls.get_default_config(), **config}
        if not 1 <= sizes["min_n"] <= sizes["max_n"]:
            raise InvalidConfigException(
                f"config.yml: CharNgrams needs 1 <= min_n <= max_n, "
                f"not min_n: {sizes['min_n']}, max_n: {sizes['max_n']}."
            )

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
        ngrams = Ngrams.from_data(kept(model_storage, resource))
        return cls(config, model_storage, resource, execution_context.node_name, ngrams)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return fingerprint_of(code=("char_ngrams", "linear", "written"))

    def train(self, training_data: TrainingData) -> Resource:
        lines = [folded(normalised(m).text) for m in training_data.training_examples if m.get(TEXT)]
        sizes = self._config["min_n"], self._config["max_n"]
        self._ngrams = Ngrams(*sizes, min_df=self._config["min_lines"]).fit(lines)
        keep(self._storage, self._resource, self._ngrams.as_data())
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [m for m in messages if m.get(TEXT)]
        if not spoken or self._ngrams is None:
            return messages
        rows = self._ngrams.rows([folded(normalised(m).text) for m in spoken])
        for index, message in enumerate(spoken):
            message.add_features(
                Features(rows[index].tocoo(), FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            )
        return messages
