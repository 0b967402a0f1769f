"""From a line's features to how likely each intent is: a cheap look, and a dear one if need be.

Two looks and a memory, each plain:

- The **first look** is linear over n-grams and the cheap encoder, and settles most lines.
- The **second look** is linear over the same and a better, dearer encoder. It learns from
  the training lines that the first one finds hardest: a line far from every boundary
  shapes no boundary, and encoding it would only cost time. Its margins add to the first's.
- The **nearest lines**: the training lines most like this one, by the cheap encoder.

Nothing here knows of Rasa, so that ``bench/understanding.py`` measures the very same code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from cantodesk.understanding.encoders import Matrix
from cantodesk.understanding.linear import Linear, softmax

# How many of an intent's nearest training lines speak for it.
_NEIGHBOURS = 3


@dataclass(frozen=True)
class Options:
    """What ``config.yml`` may set; ``bench/understanding.py`` found the defaults."""

    # The inverse of the regularisation of both looks.
    C: float = 0.3
    # How much the encoders count beside n-grams, whose rows are of unit length.
    dense_weight: float = 2.0
    second_weight: float = 4.0
    # Margins times this, made to sum to 1, are probabilities that hold: with one look, with two.
    sharpness: float = 4.5
    sharpness_of_both: float = 2.5
    # Below this probability a line gets the second look.
    second_below: float = 0.9
    # How many training lines the second look learns from.
    second_lines: int = 6000
    # How much the likeness to an intent's nearest lines (0 to 1) adds to its margin.
    nearest_weight: float = 2.0

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Options:
        """Those of a component's configuration."""
        return cls(**{f.name: config[f.name] for f in fields(cls) if f.name in config})


@dataclass(frozen=True)
class IntentModel:
    """What was learnt. ``lines`` (n, dimension) are encodings, ``line_intents`` (n) their labels."""

    options: Options
    first: Linear
    second: Linear | None
    centre: Matrix
    lines: Matrix
    line_intents: NDArray[np.int32]

    @classmethod
    def fit(
        cls,
        letters: csr_matrix,
        meaning: Matrix,
        intents: Sequence[str],
        encode: Callable[[Sequence[int]], Matrix] | None,
        options: Options,
    ) -> IntentModel:
        """Learn.

        Args:
            letters: n-grams, shape (lines, n-grams).
            meaning: the cheap encoder's rows, shape (lines, dimension).
            intents: the label of each line.
            encode: the dear encoder's rows of the lines of these numbers; None: there is none.
            options: see there.
        """
        rows = _side_by_side(letters, meaning * options.dense_weight)
        first = Linear.fit_margins(rows, intents, options.C)
        number = {label: k for k, label in enumerate(first.labels)}
        targets = np.array([number[intent] for intent in intents], dtype=np.int32)
        second, centre = None, np.zeros(0, dtype=np.float32)
        hard = hardest(first.scores(rows), targets, options.second_lines)
        if encode is not None and np.unique(targets[hard]).size > 1:
            dear = encode(hard.tolist())
            # Rows of E5 all point much the same way; what differs is what tells.
            centre = dear.mean(axis=0)
            both = _side_by_side(rows[hard], (dear - centre) * options.second_weight)
            second = Linear.fit_margins(both, [intents[k] for k in hard], options.C)
        # Half the figures' length on disk; rounded here too, so that a loaded model is the same.
        lines = meaning.astype(np.float16).astype(np.float32)
        return cls(options, first, second, centre, lines, targets)

    @property
    def labels(self) -> tuple[str, ...]:
        """The intents, in the order of the columns."""
        return self.first.labels

    def probabilities(
        self, letters: csr_matrix, meaning: Matrix, encode: Callable[[Sequence[int]], Matrix] | None
    ) -> NDArray[Any]:
        """Shape (lines, intents). ``encode`` is asked only for lines the first look is unsure of."""
        rows = _side_by_side(letters, meaning * self.options.dense_weight)
        margins = self.first.scores(rows)
        found = softmax(margins * self.options.sharpness)
        unsure = np.flatnonzero(found.max(axis=1) < self.options.second_below)
        if unsure.size == 0:
            return found
        near = self.likeness(meaning[unsure]) * self.options.nearest_weight
        if self.second is None or encode is None:
            # Against one look's margins the neighbours count as much as against two.
            found[unsure] = softmax((margins[unsure] + near / 2) * self.options.sharpness)
            return found
        dear = (encode(unsure.tolist()) - self.centre) * self.options.second_weight
        both = margins[unsure] + near
        # An intent of easy lines only may be missing among the hardest.
        known = [self.labels.index(label) for label in self.second.labels]
        both[:, known] += self.second.scores(_side_by_side(rows[unsure], dear))
        found[unsure] = softmax(both * self.options.sharpness_of_both)
        return found

    def likeness(self, meaning: Matrix) -> NDArray[np.float32]:
        """How like its nearest training lines a line is, by intent: shape (lines, intents), -1 to 1."""
        alike = meaning @ self.lines.T
        found = np.empty((len(meaning), len(self.labels)), dtype=np.float32)
        for intent in range(len(self.labels)):
            own = alike[:, self.line_intents == intent]
            count = min(_NEIGHBOURS, own.shape[1])
            found[:, intent] = np.partition(own, -count, axis=1)[:, -count:].mean(axis=1)
        return found

    def save(self, folder: Path) -> None:
        """Write into a model's folder: arrays only."""
        self.first.save(folder / "first.npz")
        if self.second is not None:
            self.second.save(folder / "second.npz")
        np.savez(
            folder / "lines.npz",
            centre=self.centre,
            lines=self.lines.astype(np.float16),
            line_intents=self.line_intents,
        )

    @classmethod
    def load(cls, folder: Path, options: Options) -> IntentModel:
        """Back from :meth:`save`; refuses anything but plain arrays."""
        second = folder / "second.npz"
        with np.load(folder / "lines.npz", allow_pickle=False) as arrays:
            return cls(
                options,
                Linear.load(folder / "first.npz"),
                Linear.load(second) if second.exists() else None,
                arrays["centre"],
                arrays["lines"].astype(np.float32),
                arrays["line_intents"],
            )


def hardest(margins: NDArray[Any], targets: NDArray[np.int32], count: int) -> NDArray[np.intp]:
    """The numbers of the ``count`` lines whose own intent is least ahead of the next, ascending."""
    everyone = np.arange(len(targets))
    own = margins[everyone, targets]
    others = margins.copy()
    others[everyone, targets] = -np.inf
    return np.sort(np.argsort(own - others.max(axis=1), kind="stable")[:count])


def _side_by_side(sparse: csr_matrix, dense: Matrix) -> csr_matrix:
    return csr_matrix(hstack([sparse, csr_matrix(dense.astype(np.float32))]))
