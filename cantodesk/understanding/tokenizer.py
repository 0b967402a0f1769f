"""Rasa tokenizer: words of the line as read, with their places in the raw text."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.understanding.language_files import fingerprint_of, keep, kept
from cantodesk.understanding.lexicon import LEXICON_FILES, read_lexicon
from cantodesk.understanding.normalisation import normalise
from cantodesk.understanding.normaliser import normalised
from cantodesk.understanding.segmentation import Segmenter
from cantodesk.understanding.values import VALUE_MODULES, find_values


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class HongKongTokenizer(Tokenizer):
    """pycantonese words for Han runs, words for Latin runs, exact offsets into the raw text."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        words: list[str],
    ) -> None:
        super().__init__(config)
        self._storage = storage
        self._resource = resource
        self._words = words
        self._segment = Segmenter(words)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HongKongTokenizer:
        return cls(config, model_storage, resource, sorted(read_lexicon().spellings()))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HongKongTokenizer:
        return cls(config, model_storage, resource, kept(model_storage, resource))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return fingerprint_of(
            *LEXICON_FILES, code=(*VALUE_MODULES, "segmentation", "lexicon", "tokenizer")
        )

    def train(self, training_data: TrainingData) -> Resource:
        keep(self._storage, self._resource, self._words)
        return self._resource

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        line = normalised(message) if attribute == TEXT else normalise(message.get(attribute))
        tokens = []
        # Which day "tomorrow" is matters not to where the word ends.
        values = find_values(line.text, date(2000, 1, 1))
        for word in self._segment(line.text, [(v.start, v.end) for v in values]):
            start, end = line.raw_span(word.start, word.end)
            tokens.append(Token(word.text, start, end))
        return _one_token_a_span(tokens)


def _one_token_a_span(tokens: list[Token]) -> list[Token]:
    """Join words that a rewriting made of one raw span (m goi → 唔該), which Rasa cannot align."""
    joined: list[Token] = []
    for token in tokens:
        if joined and token.start < joined[-1].end:
            last = joined.pop()
            token = Token(last.text + token.text, last.start, max(last.end, token.end))
        joined.append(token)
    return joined
