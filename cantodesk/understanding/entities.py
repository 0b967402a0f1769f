"""Graph component: entities by spaCy's rulers, with normalised values and raw offsets."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.understanding.language_files import fingerprint_of, keep, kept
from cantodesk.understanding.lexicon import LEXICON_FILES, Lexicon, read_lexicon
from cantodesk.understanding.normaliser import normalised
from cantodesk.understanding.spacy_yue import build
from cantodesk.understanding.values import VALUE_MODULES


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class HongKongEntities(EntityExtractorMixin, GraphComponent):
    """The entities of the domain; `value` is what services work with."""

    def __init__(self, storage: ModelStorage, resource: Resource, lexicon: Lexicon) -> None:
        self._storage = storage
        self._resource = resource
        self._lexicon = lexicon
        self._nlp = build(lexicon)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HongKongEntities:
        return cls(model_storage, resource, read_lexicon())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HongKongEntities:
        return cls(model_storage, resource, Lexicon.from_data(kept(model_storage, resource)))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        code = (*VALUE_MODULES, "entities", "spacy_yue", "segmentation", "lexicon")
        return fingerprint_of(*LEXICON_FILES, code=code)

    def train(self, training_data: TrainingData) -> Resource:
        keep(self._storage, self._resource, self._lexicon.as_data())
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data  # the annotated entities stand

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                found = self.add_extractor_name(self._find(message))
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _find(self, message: Message) -> list[dict[str, Any]]:
        line = normalised(message)
        found = []
        for entity in self._nlp(line.text).ents:
            start, end = line.raw_span(entity.start_char, entity.end_char)
            value = entity._.value if entity._.value is not None else entity.ent_id_
            found.append(
                {
                    "entity": entity.label_,
                    "start": start,
                    "end": end,
                    "value": value,
                    "text": message.get(TEXT)[start:end],
                    **(entity._.more or {}),
                }
            )
        return found
