"""Graph component: which of yue, en, zh a line is in, and how surely.

Three kinds of evidence: signs that stand in the letters (``signs.py``); Cantonese in
Latin letters, which the normaliser has read; and what was learnt from the designers'
own files, where a line of ``nlu.yue.yml`` is Cantonese. What is written the same way
in several languages (查訂單, ok, HK20261234) comes out unsure, and the conversation
keeps the language it had.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
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
from cantodesk.understanding.lexicon import LEXICON_FILES, read_lexicon
from cantodesk.understanding.linear import Linear, Ngrams
from cantodesk.understanding.normaliser import normalised
from cantodesk.understanding.signs import is_cantonese, is_formal, is_mandarin
from cantodesk.understanding.written import has_simplified

LANGUAGE = "language"
_CODE = ("language", "lexicon", "linear", "signs", "written")
# What signs alone decide; the most a line without them may claim, under the 0.8 from which a
# conversation changes its language; and what a word nobody has seen may claim.
_BY_SIGN, _UNSIGNED, _UNKNOWN = 0.9, 0.75, 0.5
# Traditional script with an English verb and without any sign is Hong Kong's: 想book會所.
_MIXED = 0.9
# With a sign of Mandarin, this much of the classifier's belief is enough to call it so.
_SPOKEN = 0.1
_HAN = re.compile("[\u3400-\u9fff]")
_LETTER = re.compile("[a-z]", re.IGNORECASE)
_WORD = re.compile("[a-z]+")
_ANNOTATION = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# A word of English lines that is this often in Cantonese ones is everybody's: order, refund, thx.
_SHARED_FROM, _SHARED_RATE = 2, 0.05
_EVERYBODYS = frozenset(
    re.findall(
        "[a-z]+",
        "hi hey hello hihi bye thanks thank you thx ty ok okay pls plz please sorry yes no yep yeah nope help",
    )
)
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


def decided(
    line: str,
    found: dict[str, float],
    *,
    romanised: bool = False,
    english: frozenset[str] = frozenset(),
) -> tuple[str, float]:
    """Language and confidence of a surface, from its signs and the classifier's probabilities.

    ``romanised``: Cantonese in Latin letters was read in it. ``english``: words that only
    English lines have.
    """
    likely = max(found, key=found.__getitem__)
    han, letters = len(_HAN.findall(line)), len(_LETTER.findall(line))
    if not (han or letters):
        return likely, 0.0  # a number or an emoji is in no language
    cantonese = romanised or is_cantonese(line)
    if cantonese and not (is_mandarin(line) and found["zh"] > found["yue"]):
        return "yue", max(found["yue"], _BY_SIGN)
    if 3 * han <= letters and (not han or likely == "en"):
        return _in_latin(line, likely, found[likely], english)
    if cantonese:
        return "zh", min(found["zh"], _UNSIGNED)
    if has_simplified(line):
        return "zh", max(found["zh"], _BY_SIGN)
    return _in_traditional(line, found, mixed=bool(letters))


def _in_latin(
    line: str, likely: str, confidence: float, english: frozenset[str]
) -> tuple[str, float]:
    words = _WORD.findall(line)
    if english.intersection(words):
        return likely, confidence
    # Names, keys pressed at random, `refund pls`: a talk in Cantonese stays in Cantonese.
    known = _EVERYBODYS.intersection(words)
    return likely, min(confidence, _UNSIGNED if known else _UNKNOWN)


def _in_traditional(line: str, found: dict[str, float], mixed: bool) -> tuple[str, float]:
    # Written Chinese in Traditional script is everybody's unless it speaks like Mandarin.
    if is_mandarin(line):
        if not is_formal(line) and found["zh"] >= _SPOKEN:
            return "zh", found["zh"]
    elif mixed and found["yue"] >= _MIXED:
        return "yue", found["yue"]
    code = "zh" if found["zh"] > _UNKNOWN else "yue"
    return code, min(found[code], _UNSIGNED)


def english_words(lines: Iterable[tuple[str, str]], names: Iterable[str]) -> frozenset[str]:
    """Words of English lines that Cantonese lines mixed with English do not use, nor ``names``."""
    seen = {code: Counter[str]() for code in LANGUAGES}
    for code, line in lines:
        seen[code].update(set(_WORD.findall(line)))
    english, cantonese = seen["en"], seen["yue"]
    shared = {w for w, n in cantonese.items() if n >= max(_SHARED_FROM, _SHARED_RATE * english[w])}
    shared.update(*(_WORD.findall(name.lower()) for name in names))
    return frozenset(w for w, n in english.items() if n > 1 and w not in shared | _EVERYBODYS)


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
        english: Sequence[str] = (),
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._ngrams = ngrams
        self._model = model
        self._english = frozenset(english)

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
        content = kept(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            model = Linear.load(folder / "language.npz")
        ngrams = Ngrams.from_data(content["ngrams"])
        return cls(model_storage, resource, ngrams, model, content["english"])

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        digest = hashlib.sha256(fingerprint_of(*LEXICON_FILES, code=_CODE).encode())
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
        self._english = english_words(zip(codes, surfaces, strict=True), read_lexicon().spellings())
        content = {"ngrams": self._ngrams.as_data(), "english": sorted(self._english)}
        keep(self._storage, self._resource, content)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / "language.npz")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                message.set(LANGUAGE, self._identify(message), add_to_output=True)
        return messages

    def _identify(self, message: Message) -> dict[str, Any]:
        text = message.get(TEXT)
        line = surface(text)
        if self._ngrams is None or self._model is None:
            return {"code": LANGUAGES[0], "confidence": 0.0}
        row = self._model.probabilities(self._ngrams.rows([line]))[0]
        found = dict(zip(self._model.labels, (float(p) for p in row), strict=True))
        # More Chinese characters than were typed: m goi was read as 唔該.
        romanised = len(_HAN.findall(normalised(message).text)) > len(_HAN.findall(text))
        code, confidence = decided(line, found, romanised=romanised, english=self._english)
        return {"code": code, "confidence": round(confidence, 4)}
