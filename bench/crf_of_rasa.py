"""Rasa's own CRFEntityExtractor as one of the ways `bench.tagger` compares, with its stock features."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.understanding.lexicon import Entry, Lexicon
from cantodesk.understanding.name_features import Mark
from cantodesk.understanding.segmentation import Segmenter
from cantodesk.understanding.tagger import Example

_TOKENS = "text_tokens"


def learn_rasa(
    examples: Sequence[Example], entries: Sequence[Entry], folder: Path
) -> Callable[[str], list[Mark]]:
    """Train it on words cut with the lists, as ``HongKongTokenizer`` cuts them."""
    segment = Segmenter(Lexicon(tuple(entries)).spellings())
    config = {**CRFEntityExtractor.get_default_config(), "split_entities_by_comma": False}
    extractor = CRFEntityExtractor.create(
        config,
        LocalModelStorage(folder),
        Resource("crf"),
        None,  # type: ignore[arg-type]
    )
    lessons = [_message(segment, e.text, e.marks) for e in examples if re.search(r"\S", e.text)]
    extractor.train(TrainingData(lessons))

    def find(text: str) -> list[Mark]:
        if not text.strip():
            return []
        found = extractor.extract_entities(_message(segment, text))
        return [Mark(f["start"], f["end"], f["entity"]) for f in found]

    return find


def _message(segment: Segmenter, text: str, marks: Sequence[Mark] = ()) -> Message:
    tokens = [Token(w.text, w.start, w.end) for w in segment(text)]
    entities = [
        {"start": m.start, "end": m.end, "entity": m.entity, "value": text[m.start : m.end]}
        for m in marks
    ]
    message = Message({TEXT: text, ENTITIES: entities, "intent": "any", _TOKENS: tokens})
    # It learns only from messages that have features of some kind; its own come from the tokens.
    ones = np.ones((max(1, len(tokens)), 1))
    message.add_features(Features(ones, FEATURE_TYPE_SEQUENCE, TEXT, "bench"))
    return message
