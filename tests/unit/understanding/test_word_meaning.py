"""Grades of words: learnt from an encoder's rows, kept as data, new words encoded once."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from cantodesk.understanding import word_meaning
from cantodesk.understanding.word_meaning import WordMeanings


class Sound:
    """An encoder that hears three kinds of words by their first letter."""

    name = "sound"
    dimension = 3

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, lines: Sequence[str]) -> np.ndarray:
        self.asked.extend(lines)
        return np.array([[float(w[0] == c) for c in "pdo"] for w in lines], dtype=np.float32)


LINES = [
    [(f"{letter}{number}", entity)]
    for number in range(40)
    for letter, entity in (("p", "product"), ("d", "district"), ("o", "O"))
]


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Sound:
    sound = Sound()
    monkeypatch.setattr(word_meaning, "encoder_named", lambda name: sound)
    monkeypatch.setattr(word_meaning, "encode_for_training", lambda e, lines: e.encode(lines))
    return sound


def test_a_new_word_is_graded_by_what_it_lies_near(encoder: Sound) -> None:
    grades = WordMeanings.learn("sound", LINES).of(["pear", "district", "of"])
    product, district, other = grades["pear"], grades["district"], grades["of"]
    assert product[0] > other[0] >= "0"
    assert district[1] > other[1]
    assert product[1] < product[0]


def test_a_new_word_is_encoded_once_and_a_known_one_never(encoder: Sound) -> None:
    meanings = WordMeanings.learn("sound", LINES)
    encoder.asked.clear()
    for _ in range(3):
        meanings.of(["p1", "pear"])
    assert encoder.asked == ["pear"]


def test_a_line_of_a_thousand_new_words_encodes_only_some(encoder: Sound) -> None:
    meanings = WordMeanings.learn("sound", LINES)
    encoder.asked.clear()
    assert len(meanings.of([f"pz{i}" for i in range(1000)])) == len(encoder.asked) <= 32


def test_what_is_remembered_of_new_words_is_bounded(
    encoder: Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_meaning, "_MOST_REMEMBERED", 10)
    meanings = WordMeanings.learn("sound", LINES)
    for i in range(100):
        meanings.of([f"pz{i}"])
    assert len(meanings._new) <= 11


def test_it_survives_being_written(encoder: Sound) -> None:
    meanings = WordMeanings.learn("sound", LINES)
    again = WordMeanings.from_data(json.loads(json.dumps(meanings.as_data())))
    assert again.of(["pear", "p1", "other"]) == meanings.of(["pear", "p1", "other"])


def test_of_nothing_nothing_is_learnt(encoder: Sound) -> None:
    assert WordMeanings.learn("sound", []).known == {}
