"""What makes Rasa train a component again: its data files and the modules it calls, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from cantodesk.understanding.emotion import EmotionDetector
from cantodesk.understanding.entities import HongKongEntities
from cantodesk.understanding.intent_classifier import LinearIntentClassifier
from cantodesk.understanding.language import LanguageIdentifier
from cantodesk.understanding.ngram_features import NgramFeatures
from cantodesk.understanding.normaliser import Normaliser
from cantodesk.understanding.sentence_features import SentenceEncoder
from cantodesk.understanding.tagger import TAGGER_MODULES
from cantodesk.understanding.tokenizer import HongKongTokenizer
from cantodesk.understanding.values import VALUE_MODULES

LISTS = ("products", "districts", "payment_methods")
COMPONENTS: dict[type, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Normaliser: (("variants",), ("normaliser", "normalisation")),
    HongKongTokenizer: (LISTS, ("tokenizer", "segmentation", "lexicon", *VALUE_MODULES)),
    LanguageIdentifier: (LISTS, ("language", "lexicon", "linear", "signs", "written")),
    EmotionDetector: (
        ("emotion.yue", "emotion.en", "emotion.zh", "anger", "variants", "written"),
        (
            *("emotion", "emotion_features", "emotion_model", "anger_signs"),
            *("encoders", "linear", "normalisation", "written", "signs"),
        ),
    ),
    NgramFeatures: ((), ("ngram_features", "linear", "written")),
    SentenceEncoder: (
        ("written",),
        ("sentence_features", "encoders", "written", "signs", "normalisation"),
    ),
    LinearIntentClassifier: ((), ("intent_classifier", "intent_model", "encoders", "linear")),
    HongKongEntities: (
        (*LISTS, "variants"),
        ("entities", "merging", "spacy_yue", *TAGGER_MODULES, *VALUE_MODULES),
    ),
}
FILES = [(c, f"language/{f}.yml") for c, (files, _) in COMPONENTS.items() for f in files]
FILES += [(LanguageIdentifier, f"orders/nlu.{code}.yml") for code in ("yue", "en", "zh")]
MODULES = [(c, m) for c, (_, modules) in COMPONENTS.items() for m in modules]


def fingerprint(component: type) -> str:
    return str(component.fingerprint_addon({}))  # type: ignore[attr-defined]


def edit(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")


@pytest.mark.parametrize(("component", "name"), FILES, ids=lambda v: getattr(v, "__name__", v))
def test_an_edited_data_file_changes_it(component: type, name: str, data: Path) -> None:
    before = fingerprint(component)
    edit(data / name)
    assert fingerprint(component) != before


@pytest.mark.parametrize(("component", "module"), MODULES, ids=lambda v: getattr(v, "__name__", v))
def test_an_edited_module_changes_it(
    component: type, module: str, data: Path, own_code: Path
) -> None:
    before = fingerprint(component)
    edit(own_code / f"{module}.py")
    assert fingerprint(component) != before


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: c.__name__)
def test_nothing_edited_leaves_it_as_it_was(component: type, data: Path, own_code: Path) -> None:
    before = fingerprint(component)
    edit(own_code / "sentences.py")
    assert fingerprint(component) == before


def test_an_edit_of_another_list_trains_no_normaliser_again(data: Path) -> None:
    before = fingerprint(Normaliser)
    edit(data / "language/products.yml")
    assert fingerprint(Normaliser) == before


def test_a_file_that_goes_away_is_noticed(data: Path) -> None:
    before = fingerprint(SentenceEncoder)
    (data / "language/written.yml").unlink()
    assert fingerprint(SentenceEncoder) != before
