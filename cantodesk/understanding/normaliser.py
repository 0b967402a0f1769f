"""Graph component: puts the line as read beside the raw text (see ``normalisation.py``)."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.understanding.language_files import fingerprint_of, keep, kept, read_language_file
from cantodesk.understanding.normalisation import NormalisedText, Variants, normalise

NORMALISED = "normalised"


def normalised(message: Message) -> NormalisedText:
    """The line as read; a message that never met the normaliser is read without variants."""
    stored = message.get(NORMALISED)
    if isinstance(stored, NormalisedText):
        return stored
    return normalise(message.get(TEXT) or "")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Normaliser(GraphComponent):
    """Unicode, invisible characters and Hong Kong spellings; the raw text stays as it was."""

    def __init__(self, storage: ModelStorage, resource: Resource, data: dict[str, Any]) -> None:
        self._storage = storage
        self._resource = resource
        self._data = data
        self._variants = Variants.from_data(data)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        return cls(model_storage, resource, read_language_file("variants"))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Normaliser:
        return cls(model_storage, resource, kept(model_storage, resource))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return fingerprint_of("variants", code=("normalisation", "normaliser"))

    def train(self, training_data: TrainingData) -> Resource:
        keep(self._storage, self._resource, self._data)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if isinstance(text, str):
                message.set(NORMALISED, normalise(text, self._variants))
        return messages
