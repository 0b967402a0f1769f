"""The arithmetic of emotion: how sure is it that a line is strong, mild, neutral or positive.

Two models of the same kind. The cheap one reads letters, words and meaning; the fine
one a dearer encoding of the sentence as well, and is asked only where the cheap one is
unsure. Each finds a margin for every degree and turns the margins into probabilities.
How, is learnt on margins of lines that the model at hand had not seen, so that a
probability means the same in every language and in the next training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from cantodesk.understanding.linear import Linear

_FOLDS = 3
# How much the finer encoding counts beside the rest (bench/emotion.py).
_FINE_WEIGHT = 4.0

Degrees = dict[str, float]


@dataclass(frozen=True)
class _Sureness:
    """``margins``: features to one margin a degree; ``chances``: margins to probabilities."""

    margins: Linear
    chances: Linear

    @classmethod
    def fit(
        cls, rows: csr_matrix, labels: NDArray[Any], inverse_regularisation: float
    ) -> _Sureness:
        unseen = _unseen_margins(rows, labels, inverse_regularisation)
        chances = Linear.fit(unseen, labels.tolist(), inverse_regularisation=1.0, balanced=True)
        return cls(one_against_rest(rows, labels, inverse_regularisation), chances)

    def degrees(self, rows: csr_matrix) -> list[Degrees]:
        found = self.chances.probabilities(self.margins.scores(rows))
        return [dict(zip(self.chances.labels, map(float, p), strict=True)) for p in found]


@dataclass(frozen=True)
class EmotionModel:
    """``fine`` is None where the finer encoder is not installed."""

    cheap: _Sureness
    fine: _Sureness | None

    @classmethod
    def fit(
        cls,
        rows: csr_matrix,
        degrees: Sequence[str],
        fine_rows: NDArray[Any] | None,
        inverse_regularisation: float,
    ) -> EmotionModel:
        """Learn from lines; ``fine_rows`` (lines, numbers) or None. Deterministic."""
        labels = np.array(degrees)
        cheap = _Sureness.fit(rows, labels, inverse_regularisation)
        if fine_rows is None:
            return cls(cheap, None)
        centre = fine_rows.mean(axis=0)
        centred = beside(rows, _FINE_WEIGHT * (fine_rows - centre))
        fine = _Sureness.fit(centred, labels, inverse_regularisation)
        # Folded into the bias, so that nobody has to take the centre off again.
        shift = _FINE_WEIGHT * centre @ fine.margins.weights[rows.shape[1] :]
        bias = (fine.margins.bias - shift).astype(np.float32)
        margins = Linear(fine.margins.labels, fine.margins.weights, bias)
        return cls(cheap, _Sureness(margins, fine.chances))

    def degrees(self, rows: csr_matrix, fine_rows: NDArray[Any] | None = None) -> list[Degrees]:
        """The probability of each degree, a dictionary a line."""
        if fine_rows is None or self.fine is None:
            return self.cheap.degrees(rows)
        return self.fine.degrees(beside(rows, _FINE_WEIGHT * fine_rows))

    def save(self, folder: Path) -> None:
        """Write plain arrays."""
        for name, part in (("cheap", self.cheap), ("fine", self.fine)):
            if part is not None:
                part.margins.save(folder / f"{name}_margins.npz")
                part.chances.save(folder / f"{name}_chances.npz")

    @classmethod
    def load(cls, folder: Path) -> EmotionModel:
        """Back from :meth:`save`."""

        def part(name: str) -> _Sureness:
            return _Sureness(
                Linear.load(folder / f"{name}_margins.npz"),
                Linear.load(folder / f"{name}_chances.npz"),
            )

        return cls(part("cheap"), part("fine") if (folder / "fine_margins.npz").exists() else None)


def one_against_rest(
    rows: csr_matrix, labels: NDArray[Any], inverse_regularisation: float
) -> Linear:
    """A linear support vector machine for each label, as one set of weights."""
    names = sorted(set(labels.tolist()))
    weights, bias = [], []
    for name in names:
        machine = LinearSVC(
            C=inverse_regularisation, class_weight="balanced", tol=0.1, max_iter=100, random_state=0
        )
        machine.fit(rows, labels == name)
        weights.append(machine.coef_[0])
        bias.append(machine.intercept_[0])
    return Linear(
        tuple(names), np.array(weights, dtype=np.float32).T, np.array(bias, dtype=np.float32)
    )


def _unseen_margins(
    rows: csr_matrix, labels: NDArray[Any], inverse_regularisation: float
) -> NDArray[Any]:
    """Each line's margins from a model that was not trained on it."""
    folds = min(_FOLDS, *np.unique(labels, return_counts=True)[1])
    if folds < 2:
        return one_against_rest(rows, labels, inverse_regularisation).scores(rows)
    unseen = np.zeros((len(labels), len(set(labels.tolist()))), dtype=np.float32)
    split = StratifiedKFold(folds, shuffle=True, random_state=0)
    for seen, held_out in split.split(rows, labels):
        model = one_against_rest(rows[seen], labels[seen], inverse_regularisation)
        unseen[held_out] = model.scores(rows[held_out])
    return unseen


def beside(*blocks: Any) -> csr_matrix:
    """Feature blocks side by side."""
    return csr_matrix(hstack([csr_matrix(block) for block in blocks]))
