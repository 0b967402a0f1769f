"""How much a word means like a name: learnt from the sentence encoder's rows of single words.

鋼琴 is in no list, but it lies near 鍵盤 and far from 幾時. A ridge regression from the
word's row to "mostly a product, mostly a district, mostly neither" turns that into two
small grades, which the tagger takes as a feature. Words of the training lines have their
grades in the model; a new word is encoded once.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cantodesk.understanding.encoders import Encoder, encoder_named
from cantodesk.understanding.encoding_cache import encode_for_training

NAMES = ("product", "district")
_NEITHER = "O"
_EDGES = (0.0, 0.07, 0.15, 0.25, 0.4, 0.6)
_RIDGE = 3.0
_PARTS = 5
# Names are rare among words.
_WEIGHT_OF_A_NAME = 2.0
# New words encoded for one line, and remembered at all.
_MOST_NEW = 24
_MOST_REMEMBERED = 4096

Weights = NDArray[np.float64]


@dataclass
class WordMeanings:
    """Grades of words, such as ``50``: much like a product, not at all like a district."""

    encoder_name: str
    weights: Weights
    known: dict[str, str]
    _new: dict[str, str] = field(default_factory=dict)

    @classmethod
    def learn(cls, encoder_name: str, lines: Iterable[Sequence[tuple[str, str]]]) -> WordMeanings:
        """From lines of (word, entity or "O")."""
        counts: dict[str, Counter[str]] = {}
        for line in lines:
            for word, entity in line:
                counts.setdefault(word, Counter())[entity] += 1
        words = sorted(counts)
        if not words:
            return cls(
                encoder_name, np.zeros((encoder_named(encoder_name).dimension + 1, len(NAMES))), {}
            )
        labels = [max(counts[w], key=lambda e: (counts[w][e], e)) for w in words]
        rows = _with_bias(encode_for_training(encoder_named(encoder_name), words))
        weights, scores = _cross_fitted(rows, words, labels)
        known = dict(zip(words, _grades(scores), strict=True))
        return cls(encoder_name, weights, known)

    def of(self, words: Iterable[str]) -> Mapping[str, str]:
        """The grade of each word; a word beyond the number encoded for one line has none."""
        wanted = list(dict.fromkeys(words))
        new = [w for w in wanted if w not in self.known and w not in self._new][:_MOST_NEW]
        if new:
            if len(self._new) > _MOST_REMEMBERED:
                self._new.clear()
            encoder: Encoder = encoder_named(self.encoder_name)
            scores = _with_bias(encoder.encode(new)) @ self.weights
            self._new.update(zip(new, _grades(scores), strict=True))
        return {w: g for w in wanted if (g := self.known.get(w) or self._new.get(w))}

    def as_data(self) -> dict[str, Any]:
        """JSON form, for the model."""
        return {
            "encoder": self.encoder_name,
            "weights": self.weights.tolist(),
            "known": self.known,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> WordMeanings:
        """Back from :meth:`as_data`."""
        return cls(data["encoder"], np.array(data["weights"]), data["known"])


def _with_bias(rows: Any) -> NDArray[np.float64]:
    return np.hstack([np.asarray(rows, dtype=np.float64), np.ones((len(rows), 1))])


def _grades(scores: NDArray[np.float64]) -> list[str]:
    return ["".join(map(str, grades)) for grades in np.digitize(scores, _EDGES).tolist()]


def _cross_fitted(
    rows: NDArray[np.float64], words: Sequence[str], labels: Sequence[str]
) -> tuple[Weights, NDArray[np.float64]]:
    """Weights from all words, and scores each from the other words only.

    A word that graded itself would look surer in training than any new word ever does.
    """
    wanted = np.array([[float(label == entity) for entity in NAMES] for label in labels])
    wanted = wanted.reshape(len(words), len(NAMES))
    weight = np.array([1.0 if label == _NEITHER else _WEIGHT_OF_A_NAME for label in labels])
    part = np.array([_part(word) for word in words])
    size = rows.shape[1]
    squares, sums = np.zeros((_PARTS, size, size)), np.zeros((_PARTS, size, len(NAMES)))
    for p in range(_PARTS):
        inside = rows[part == p] if len(words) else rows[:0]
        weighted = (inside * weight[part == p][:, None]).T if len(words) else inside.T
        squares[p], sums[p] = weighted @ inside, weighted @ wanted[part == p]
    ridge = np.eye(size) * _RIDGE
    scores = np.zeros((len(words), len(NAMES)))
    for p in range(_PARTS):
        others = np.linalg.solve(
            squares.sum(axis=0) - squares[p] + ridge, sums.sum(axis=0) - sums[p]
        )
        scores[part == p] = rows[part == p] @ others
    return np.linalg.solve(squares.sum(axis=0) + ridge, sums.sum(axis=0)), scores


def _part(word: str) -> int:
    return (
        hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] % _PARTS
    )
