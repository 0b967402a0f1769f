"""Rasa's tokens: words as read, places in the raw text."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest
from graph_components import Workbench, lesson, said
from hypothesis import given
from hypothesis import strategies as st
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import INTENT, TEXT

from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.lexicon import read_lexicon
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.normaliser import NORMALISED
from cantodesk.understanding.tokenizer import HongKongTokenizer

SPELLINGS = Variants.from_data(read_language_file("variants"))


@lru_cache(maxsize=1)
def tokenizer() -> HongKongTokenizer:
    config = HongKongTokenizer.get_default_config()
    words = sorted(read_lexicon().spellings())
    return HongKongTokenizer(config, None, None, words)  # type: ignore[arg-type]


def tokens(raw: str) -> list[Token]:
    message = said(raw)
    message.set(NORMALISED, normalise(raw, SPELLINGS))
    return tokenizer().tokenize(message, TEXT)


def behind(raw: str) -> list[str]:
    """The raw text behind each token."""
    return [raw[t.start : t.end] for t in tokens(raw)]


def test_tokens_are_words_as_read_at_their_raw_places() -> None:
    raw = "我想揾返ＨＫ２０２６１２３４"
    assert [t.text for t in tokens(raw)][-1] == "HK20261234"
    assert behind(raw)[-1] == "ＨＫ２０２６１２３４"
    assert "".join(behind(raw)) == raw


def test_what_a_rewriting_made_of_one_span_is_one_token() -> None:
    raw = "mgoi sai 幫我"
    first = tokens(raw)[0]
    assert (first.text, first.start, first.end) == ("唔該晒", 0, 8)


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        ("單號HK 2026 1234呀", "HK 2026 1234"),
        ("聽日下晝三點半送", "下晝三點半"),
        ("電話9123 4567", "9123 4567"),
        ("T 004213點呀", "T 004213"),
        ("買咗$1,299", "$1,299"),
    ],
)
def test_a_value_is_one_token(raw: str, whole: str) -> None:
    assert whole in behind(raw)


def test_other_attributes_are_read_without_the_lines_own_reading() -> None:
    message = said("x", intent="track_order")
    assert [t.text for t in tokenizer().tokenize(message, INTENT)] == ["track_order"]


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="m goi晒哂揾0o既ＨＫhk12３４ \u200b#-:點半聽日蚊$T恤鞋對一三"),
    )
)
def test_tokens_of_any_line_are_inside_the_raw_text_in_order_and_apart(raw: str) -> None:
    done = 0
    for token in tokens(raw):
        assert done <= token.start < token.end <= len(raw)
        assert token.text
        done = token.end


def test_it_runs_from_the_model_alone(
    data: Path, workbench: Workbench, without_data: Callable[[], None]
) -> None:
    line = "部風筒喺旺角 FPS"
    trained = workbench.make(HongKongTokenizer)
    trained.train(lesson((line, "track_order")))
    before = trained.tokenize(said(line), TEXT)
    without_data()
    loaded = workbench.load(HongKongTokenizer)
    assert [(t.text, t.start, t.end) for t in before] == [
        (t.text, t.start, t.end) for t in loaded.tokenize(said(line), TEXT)
    ]
