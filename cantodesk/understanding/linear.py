"""The two plain models everything here is made of: weighted n-grams and a linear classifier.

Both are kept as numbers and strings only (JSON and .npz without pickles), so
that reading a model runs no code from it.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC


class Ngrams:
    """TF-IDF of n-grams; rows of unit length.

    Of ``letters`` within words and Chinese runs, or of ``words``: Latin words (*don't* is
    one) and single Chinese characters, in their order.
    """

    UNITS = ("letters", "words")
    _WORD = r"[^\W_\u4e00-\u9fff]+(?:['’][^\W_\u4e00-\u9fff]+)*|[\u4e00-\u9fff]"

    def __init__(self, min_n: int, max_n: int, *, unit: str = "letters", **more: Any) -> None:
        self._sizes = (min_n, max_n)
        self._unit = unit
        if unit == "words":
            more["token_pattern"] = self._WORD
        self._vectorizer = TfidfVectorizer(
            analyzer="word" if unit == "words" else "char_wb",
            ngram_range=self._sizes,
            sublinear_tf=True,
            lowercase=False,
            dtype=np.float32,
            **more,
        )
        self._ngrams_of = self._vectorizer.build_analyzer()

    def fit(self, lines: Sequence[str]) -> Ngrams:
        """Learn the n-grams and their rarity."""
        self._vectorizer.fit(lines)
        return self

    def rows(self, lines: Sequence[str]) -> csr_matrix:
        """Sparse rows, shape (lines, n-grams)."""
        # A customer's line comes alone: scikit-learn's checks would cost five times what it does.
        if len(lines) == 1:
            return self._row(lines[0])
        return csr_matrix(self._vectorizer.transform(lines))

    def _row(self, line: str) -> csr_matrix:
        vocabulary, rarity = self._vectorizer.vocabulary_, self._vectorizer.idf_
        found = map(vocabulary.get, self._ngrams_of(line))
        counts = Counter(column for column in found if column is not None)
        columns = np.array(sorted(counts), dtype=np.int32)
        often = np.array([counts[column] for column in columns.tolist()], dtype=np.float64)
        values = (1 + np.log(often)) * rarity[columns]
        values /= np.linalg.norm(values) or 1.0
        ends = np.array([0, len(columns)], dtype=np.int32)
        return csr_matrix((values.astype(np.float32), columns, ends), shape=(1, len(rarity)))

    def as_data(self) -> dict[str, Any]:
        """JSON form, for the model."""
        vocabulary = self._vectorizer.vocabulary_
        return {
            "unit": self._unit,
            "sizes": list(self._sizes),
            "ngrams": sorted(vocabulary, key=vocabulary.__getitem__),
            "idf": self._vectorizer.idf_.tolist(),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Ngrams:
        """Back from :meth:`as_data`."""
        vocabulary = {n: i for i, n in enumerate(data["ngrams"])}
        ngrams = cls(*data["sizes"], unit=data["unit"])
        ngrams._vectorizer.vocabulary_ = vocabulary
        ngrams._vectorizer.idf_ = np.array(data["idf"])
        return ngrams


def softmax(scores: NDArray[Any]) -> NDArray[Any]:
    """Shape (rows, labels): each row made to sum to 1."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Linear:
    """A linear classifier: ``weights`` (features, labels), ``bias`` (labels)."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def fit(
        cls,
        rows: Any,
        labels: Sequence[str],
        inverse_regularisation: float,
        balanced: bool = False,
        max_iter: int = 300,
    ) -> Linear:
        """Multinomial logistic regression on sparse or dense rows; two labels or more; deterministic."""
        model = LogisticRegression(
            C=inverse_regularisation,
            max_iter=max_iter,
            class_weight="balanced" if balanced else None,
        )
        return cls._of(model.fit(rows, list(labels)))

    @classmethod
    def fit_margins(
        cls, rows: Any, labels: Sequence[str], inverse_regularisation: float, max_iter: int = 300
    ) -> Linear:
        """One support-vector machine a label: faster than ``fit`` and righter on many features.

        Its scores are margins; what probability they stand for is the caller's to find.
        """

        def machines(told: Sequence[str]) -> LinearSVC:
            model = LinearSVC(C=inverse_regularisation, tol=0.01, max_iter=max_iter, random_state=0)
            return model.fit(rows, told)

        names = sorted(set(labels))
        # The last few steps of a label or two change no verdict.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            if len(names) <= 2:
                return cls._of(machines(list(labels)))
            # One label's machine has nothing to do with another's, and there are two cores. All of
            # the other half are told under the one name that sorts before theirs.
            halves = names[::2], names[1::2]
            told = [[label if label in half else "" for label in labels] for half in halves]
            with ThreadPoolExecutor(len(halves)) as threads:
                learnt = list(threads.map(machines, told))
        weights = np.empty((rows.shape[1], len(names)), dtype=np.float32)
        bias = np.empty(len(names), dtype=np.float32)
        for start, (half, model) in enumerate(zip(halves, learnt, strict=True)):
            weights[:, start::2] = model.coef_[-len(half) :].T
            bias[start::2] = model.intercept_[-len(half) :]
        return cls(tuple(names), weights, bias)

    @classmethod
    def _of(cls, model: Any) -> Linear:
        weights, bias = model.coef_.T, model.intercept_
        if len(model.classes_) == 2:
            # scikit-learn keeps one column for two labels; two make the softmax below the same thing.
            weights, bias = np.hstack([-weights, weights]) / 2, np.hstack([-bias, bias]) / 2
        names = tuple(str(name) for name in model.classes_)
        return cls(names, weights.astype(np.float32), bias.astype(np.float32))

    def scores(self, rows: Any) -> NDArray[Any]:
        """Shape (rows, labels): how far a row is on a label's side."""
        return np.asarray(rows @ self.weights) + self.bias

    def probabilities(self, rows: Any) -> NDArray[Any]:
        """Shape (rows, labels), each row sums to 1."""
        return softmax(self.scores(rows))

    def save(self, path: Path) -> None:
        """Write as .npz."""
        labels = np.array(self.labels)
        np.savez_compressed(path, labels=labels, weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, path: Path) -> Linear:
        """Back from :meth:`save`; refuses anything but plain arrays."""
        with np.load(path, allow_pickle=False) as arrays:
            labels = tuple(str(name) for name in arrays["labels"])
            return cls(labels, arrays["weights"], arrays["bias"])
