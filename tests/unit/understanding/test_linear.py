"""The two plain models: n-grams, and a linear classifier."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cantodesk.understanding.linear import Linear, Ngrams

LINES = ["退款幾時到", "退款去咗邊", "訂單去咗邊", "訂單幾時到"]
LABELS = ["refund", "refund", "order", "order"]


def fitted(labels: list[str] | None = None) -> tuple[Ngrams, Linear]:
    ngrams = Ngrams(1, 2).fit(LINES)
    return ngrams, Linear.fit(ngrams.rows(LINES), labels or LABELS, inverse_regularisation=10.0)


def test_rows_are_of_unit_length() -> None:
    rows = Ngrams(1, 3).fit(LINES).rows(LINES)
    assert rows.dtype == np.float32
    assert np.allclose(np.sqrt(rows.multiply(rows).sum(axis=1)), 1, atol=1e-5)


def test_unknown_words_are_all_alike() -> None:
    rows = Ngrams(1, 2).fit(LINES).rows(["zzz", "qqq"])
    assert (rows[0] != rows[1]).nnz == 0


@pytest.mark.parametrize("unit", Ngrams.UNITS)
def test_a_line_alone_has_the_row_it_has_among_others(unit: str) -> None:
    lines = [*LINES, "", "qqq", "refund refund 退退退款 pls, don't"]
    ngrams = Ngrams(1, 3, unit=unit).fit([*LINES, lines[-1]])
    for line, among in zip(lines, ngrams.rows(lines), strict=True):
        alone = ngrams.rows([line])
        assert alone.shape == among.shape
        assert alone.dtype == among.dtype
        assert np.allclose(alone.todense(), among.todense(), atol=1e-6)


def test_ngrams_survive_being_written_as_json() -> None:
    ngrams = Ngrams(1, 3, min_df=2).fit(LINES)
    read = Ngrams.from_data(json.loads(json.dumps(ngrams.as_data())))
    assert (ngrams.rows(LINES) != read.rows(LINES)).nnz == 0


def test_ngrams_of_words_know_the_order_of_words_and_of_characters() -> None:
    ngrams = Ngrams(1, 2, unit="words").fit(["don't cancel it", "取消it"])
    known = ngrams.as_data()["ngrams"]
    assert known == sorted(
        ["don't", "don't cancel", "cancel", "cancel it", "it", "取", "取 消", "消", "消 it"]
    )
    read = Ngrams.from_data(json.loads(json.dumps(ngrams.as_data())))
    assert (ngrams.rows(["cancel 消 it"]) != read.rows(["cancel 消 it"])).nnz == 0


@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_margins_are_those_of_one_machine_a_label(count: int) -> None:
    from sklearn.svm import LinearSVC

    labels = [f"label {k % count}" for k in range(60)]
    rows = (
        np.random.default_rng(0).normal(size=(60, count)) + 2 * np.eye(count)[np.arange(60) % count]
    )
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    model = Linear.fit_margins(rows, labels, 0.3)
    theirs = LinearSVC(C=0.3, tol=0.01, max_iter=300, random_state=0).fit(rows, labels)
    expected = theirs.decision_function(rows)
    ours = model.scores(rows)
    if count == 2:
        expected, ours = expected[:, None], ours[:, 1:] - ours[:, :1]
    assert model.labels == tuple(theirs.classes_)
    assert np.allclose(ours, expected, atol=1e-4)


@pytest.mark.parametrize("labels", [LABELS, ["refund", "where", "order", "when"]])
def test_it_learns_two_labels_and_more(labels: list[str]) -> None:
    ngrams, model = fitted(labels)
    rows = model.probabilities(ngrams.rows(LINES))
    assert [model.labels[i] for i in rows.argmax(axis=1)] == labels
    assert np.allclose(rows.sum(axis=1), 1)


def test_two_labels_have_the_probabilities_of_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression

    ngrams, model = fitted()
    theirs = LogisticRegression(C=10.0, max_iter=300).fit(ngrams.rows(LINES), LABELS)
    ours = model.probabilities(ngrams.rows(LINES))
    assert np.allclose(ours, theirs.predict_proba(ngrams.rows(LINES)), atol=1e-4)


def test_training_twice_gives_the_same_model() -> None:
    assert np.array_equal(fitted()[1].weights, fitted()[1].weights)


def test_great_scores_do_not_overflow() -> None:
    model = Linear(("a", "b"), np.array([[1e4, -1e4]], np.float32), np.zeros(2, np.float32))
    assert model.probabilities(np.array([[1.0]])).tolist() == [[1.0, 0.0]]


def test_a_model_survives_being_written(tmp_path: Path) -> None:
    ngrams, model = fitted()
    model.save(tmp_path / "model.npz")
    read = Linear.load(tmp_path / "model.npz")
    assert read.labels == model.labels
    rows = ngrams.rows(LINES)
    assert np.array_equal(read.probabilities(rows), model.probabilities(rows))


def test_a_pickle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    np.savez(path, labels=np.array([{"a": 1}], dtype=object), weights=np.eye(1), bias=np.eye(1))
    with pytest.raises(ValueError, match="allow_pickle"):
        Linear.load(path)
