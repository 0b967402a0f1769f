"""Sparse featurizer: TF-IDF of n-grams of the line as read, or as written Chinese."""

from __future__ import annotations

from collections.abc import Callable
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
from cantodesk.understanding.sentence_features import written
from cantodesk.understanding.written import simplified

# What the n-grams are taken of.
_READINGS: dict[str, Callable[[Message], str]] = {
    "typed": lambda message: normalised(message).text,
    "written": written,
}


def folded(text: str) -> str:
    """Both scripts and both cases share their n-grams; digits are one sign, ids are not intents."""
    return "".join("0" if c.isdigit() else c for c in simplified(text.lower()))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeatures(SparseFeaturizer, GraphComponent):
    """Adds one sparse sentence vector a message.

    ``unit``: ``letters`` within words and Chinese runs, sure of a word however it is spelt;
    or ``words``, Latin words and Chinese characters, which know *don't cancel* from *cancel*.
    ``reading``: ``typed``, the line as the customer spells it, or ``written``, as written
    Chinese; the second shares what Cantonese and Mandarin say alike, and comes after the
    ``SentenceEncoder`` in the pipeline. ``min_lines``: n-grams of fewer lines are left out.
    """

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
        own = {"unit": "letters", "reading": "typed", "min_n": 1, "max_n": 4, "min_lines": 3}
        return {**SparseFeaturizer.get_default_config(), **own}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        chosen = {**cls.get_default_config(), **config}
        if not 1 <= chosen["min_n"] <= chosen["max_n"]:
            raise InvalidConfigException(
                f"config.yml: NgramFeatures needs 1 <= min_n <= max_n, "
                f"not min_n: {chosen['min_n']}, max_n: {chosen['max_n']}."
            )
        for option, known in (("reading", tuple(_READINGS)), ("unit", Ngrams.UNITS)):
            if chosen[option] not in known:
                raise InvalidConfigException(
                    f"config.yml: NgramFeatures has no {option} {chosen[option]!r}. "
                    f"Use one of: {', '.join(known)}."
                )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeatures:
        return cls(config, model_storage, resource, execution_context.node_name)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeatures:
        ngrams = Ngrams.from_data(kept(model_storage, resource))
        return cls(config, model_storage, resource, execution_context.node_name, ngrams)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return fingerprint_of(code=("ngram_features", "linear", "written"))

    def train(self, training_data: TrainingData) -> Resource:
        lines = [self._read(m) for m in training_data.training_examples if m.get(TEXT)]
        sizes = self._config["min_n"], self._config["max_n"]
        ngrams = Ngrams(*sizes, unit=self._config["unit"], min_df=self._config["min_lines"])
        self._ngrams = ngrams.fit(lines)
        keep(self._storage, self._resource, self._ngrams.as_data())
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [m for m in messages if m.get(TEXT)]
        if not spoken or self._ngrams is None:
            return messages
        rows = self._ngrams.rows([self._read(message) for message in spoken])
        for index, message in enumerate(spoken):
            message.add_features(
                Features(rows[index].tocoo(), FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            )
        return messages

    def _read(self, message: Message) -> str:
        return folded(_READINGS[self._config["reading"]](message))
