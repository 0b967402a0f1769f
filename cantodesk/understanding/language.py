"""Graph component: which of yue, en, zh a line is in, and how surely.

Learnt from the designers' own files: a line of ``nlu.yue.yml`` is Cantonese.
What is written the same way in several languages (查訂單, ok) comes out unsure,
and the conversation keeps the language it had.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from cantodesk.settings import LANGUAGES, get_settings
from cantodesk.understanding.language_files import fingerprint_of, keep, kept
from cantodesk.understanding.linear import Linear, Ngrams
from cantodesk.understanding.written import has_simplified

LANGUAGE = "language"
_CANTONESE = re.compile(
    "[唔冇嘅咗喺佢哋啲嗰咁嚟係乜咩嘢攞搵睇俾畀啱㗎喎囉嘞喇啩咋嗮哂晒諗嬲]|點解|點樣|幾時|幾多|幾錢|邊度|邊個|聽日|尋日|而家"
)
_MANDARIN = re.compile("[的了吗嗎么麼您这這没沒们們吧把哪啥]|还是|還是|什么|怎么|为什么")
# Confidence of what the script alone decides, and of what nothing decides.
_BY_SCRIPT, _UNDECIDED = 0.9, 0.5
_HAN = re.compile("[\u3400-\u9fff]")
_LETTER = re.compile("[a-z]", re.IGNORECASE)
_ANNOTATION = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# What says nothing of the language around it: numbers, addresses of mail and web, order numbers.
_LANGUAGELESS = re.compile(
    # The address and no more of the line: in 我電郵係a@b.hk no space parts it from the words.
    r"(?<![a-z0-9])[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9.-]{1,253}|https?://[!-~]+"
    # Nor does a space part 單hk2026 from its number, so edges are those of Latin words only.
    r"|(?<![a-z0-9])hk[\s-]?\d[\d\s-]*|(?<![a-z0-9])t-?\d{6}(?!\d)|[\d$#%+:/.,-]+",
    re.IGNORECASE,
)


def surface(text: str) -> str:
    """What the language is read from: the raw line without variants, since spelling is a sign of it."""
    plain = _LANGUAGELESS.sub(" ", unicodedata.normalize("NFKC", text).lower())
    # Runs of Han and of Latin apart, so that n-grams do not reach across: cut單 is two words.
    return " ".join(re.sub("([\u3400-\u9fff]+)", r" \1 ", plain).split())


def is_neutral(line: str) -> bool:
    """Whether a surface is written the same way by everybody: ok, 你好, 查訂單.

    Without a character of only one script and a word of only one of the two Chinese
    languages, the classifier knows no more than which file happened to hold the line.
    """
    if not _HAN.search(line):
        return len(line) < 4
    return not (_CANTONESE.search(line) or _MANDARIN.search(line) or has_simplified(line))


def decided(line: str, found: dict[str, float]) -> tuple[str, float]:
    """Language and confidence of a surface, from the classifier's probabilities and the script."""
    if not (_HAN.search(line) or _LETTER.search(line)):
        return max(found, key=found.__getitem__), 0.0  # a number or an emoji is in no language
    if _HAN.search(line) and not _CANTONESE.search(line):
        if has_simplified(line):
            # Simplified characters and nothing Cantonese: Mandarin, whatever the words.
            return "zh", max(found["zh"], _BY_SCRIPT)
        if not _MANDARIN.search(line):
            # Written Chinese in Traditional script is everybody's; it changes no Chinese conversation.
            return "yue", _UNDECIDED
    code = max(found, key=found.__getitem__)
    return code, min(found[code], _UNDECIDED) if is_neutral(line) else found[code]


def training_files() -> list[tuple[str, Path]]:
    """(language, file) of every NLU file beside the language files."""
    data = get_settings().language_dir.parent
    return [(code, p) for code in LANGUAGES for p in sorted(data.glob(f"*/nlu.{code}.yml"))]


def training_lines() -> list[tuple[str, str]]:
    """(language, line) of every NLU example, annotations resolved."""
    lines = []
    for code, path in training_files():
        for block in YAML(typ="safe").load(path.read_text(encoding="utf-8")).get("nlu", []):
            for line in str(block.get("examples", "")).splitlines():
                if line.startswith("- "):
                    lines.append((code, _ANNOTATION.sub(r"\1", line[2:])))
    return lines


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Puts ``language: {"code": "yue|en|zh", "confidence": 0..1}`` into the parse."""

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        ngrams: Ngrams | None = None,
        model: Linear | None = None,
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._ngrams = ngrams
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        ngrams = Ngrams.from_data(kept(model_storage, resource))
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, ngrams, Linear.load(folder / "language.npz"))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        digest = hashlib.sha256(fingerprint_of(code=("language", "linear", "written")).encode())
        for _, path in training_files():
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        codes, lines = zip(*training_lines(), strict=True)
        surfaces = [surface(line) for line in lines]
        self._ngrams = Ngrams(1, 3, min_df=2).fit(surfaces)
        self._model = Linear.fit(
            self._ngrams.rows(surfaces), codes, inverse_regularisation=30.0, balanced=True
        )
        keep(self._storage, self._resource, self._ngrams.as_data())
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / "language.npz")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                message.set(LANGUAGE, self._identify(message.get(TEXT)), add_to_output=True)
        return messages

    def _identify(self, text: str) -> dict[str, Any]:
        line = surface(text)
        if self._ngrams is None or self._model is None:
            return {"code": LANGUAGES[0], "confidence": 0.0}
        row = self._model.probabilities(self._ngrams.rows([line]))[0]
        found = dict(zip(self._model.labels, (float(p) for p in row), strict=True))
        code, confidence = decided(line, found)
        return {"code": code, "confidence": round(confidence, 4)}
