"""The language model of Han characters: probabilities that add up, small, and without pickles."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.language_model import EDGE, Corpus, LanguageModel, tokens_of

LINES = ["我想查單", "我想退貨", "我想查下張單", "張單去咗邊", "HK20261234去咗邊"]


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel.fit([Corpus(LINES, 2)])


def context_of(model: LanguageModel, text: str) -> int:
    context = model.start
    for token in tokens_of(text):
        context = model.after(context, model.id_of(token.char))
    return context


def log_probability_of(model: LanguageModel, line: str) -> float:
    total, context = 0.0, model.start
    for char in [*(token.char for token in tokens_of(line)), EDGE]:
        total += model.log_probability(context, model.id_of(char))
        context = model.after(context, model.id_of(char))
    return total


def test_letters_figures_and_marks_are_only_signs() -> None:
    assert [t.char for t in tokens_of("我cut單, 20蚊")] == ["我", "a", "單", "\n", "0", "蚊"]
    assert [t.is_han for t in tokens_of("我a1!")] == [True, False, False, False]


@given(st.text())
def test_tokens_cover_a_line_without_gaps(line: str) -> None:
    tokens = tokens_of(line)
    assert "".join(line[t.start : t.end] for t in tokens) == line


@pytest.mark.parametrize("before", ["", "我想", "張單", "冇見過", "HK1"])
def test_after_any_context_the_probabilities_add_up_to_one(
    model: LanguageModel, before: str
) -> None:
    context = context_of(model, before)
    characters = range(len(model._characters))
    total = sum(math.exp(model.log_probability(context, char)) for char in characters)
    assert total == pytest.approx(1.0, abs=1e-4)


def test_what_was_read_is_likelier_than_what_was_not(model: LanguageModel) -> None:
    assert log_probability_of(model, "我想查單") > log_probability_of(model, "我想單查")
    assert log_probability_of(model, "查張單") > log_probability_of(model, "查張貨")


def test_a_line_that_counts_for_more_is_likelier() -> None:
    even = LanguageModel.fit([Corpus(["查單", "查詢"])])
    ours = LanguageModel.fit([Corpus(["查詢"]), Corpus(["查單"], 5)])
    assert log_probability_of(ours, "查單") > log_probability_of(even, "查單")


def test_a_character_never_seen_is_unlikely_and_no_error(model: LanguageModel) -> None:
    assert model.id_of("龘") == model.id_of("?")
    assert -20 < model.log_probability(model.start, model.id_of("龘")) < -2


def test_rare_long_contexts_are_forgotten() -> None:
    kept = LanguageModel.fit([Corpus(LINES)], fewest=1)
    forgotten = LanguageModel.fit([Corpus(LINES)], fewest=3)
    assert log_probability_of(kept, "張單去咗邊") > log_probability_of(forgotten, "張單去咗邊")


def test_nothing_read_is_still_a_model() -> None:
    assert math.isfinite(log_probability_of(LanguageModel.fit([Corpus([])]), "我"))


def test_it_is_kept_as_plain_arrays(model: LanguageModel, tmp_path: Path) -> None:
    model.save(tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays)
    again = LanguageModel.load(tmp_path / "m.npz")
    for line in (*LINES, "冇見過"):
        assert log_probability_of(again, line) == log_probability_of(model, line)
