"""Which lines to write next, and what stands near a missed one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from evaluation_samples import line, parse

from evaluation.lines import Line
from evaluation.write_next import Matrix, Near, neighbours, write_next

TRAINING = [
    Line("near", "track_order", "yue", "data/orders/nlu.yue.yml"),
    Line("far", "track_order", "en", "data/orders/nlu.en.yml"),
    Line("other", "greet", "yue", "data/conversation/nlu.yue.yml"),
    Line("unconcerned", "stop", "yue", "data/conversation/nlu.yue.yml"),
]
PLACES = {"missed": (1.0, 0.0), "near": (0.8, 0.6), "far": (0.0, 1.0), "other": (0.6, 0.8)}


def encode(texts: Sequence[str]) -> Matrix:
    return np.array([PLACES[text] for text in texts], dtype=np.float32)


def test_most_errors_first_then_the_most_scattered() -> None:
    dev = [line(t, "track_order") for t in ("a", "b")] + [line(t, "greet") for t in ("c", "d")]
    test = [line("e", "stop"), line("f", "stop"), line("g", "stop"), line("h", "greet")]
    parses = {t: parse(("inform", 0.5)) for t in "abcdefg"} | {"h": parse(("greet", 0.9))}
    parses["b"] = parse(("thank", 0.5))
    found = write_next({"dev": dev, "test": test}, parses, TRAINING)
    assert [(row.intent, row.all_errors, row.spread) for row in found] == [
        ("stop", 3, 1),
        ("track_order", 2, 2),
        ("greet", 2, 1),
    ]
    assert found[0].errors == {"dev": 0, "test": 3}
    assert (found[2].tested, found[2].training_lines) == (3, 1)
    assert found[1].file == "data/orders/nlu.yue.yml"


def test_nothing_missed_is_nothing_to_write() -> None:
    assert write_next({"dev": [line("a", "greet")]}, {"a": parse(("greet", 1.0))}, TRAINING) == []


def test_the_nearest_lines_of_the_right_and_of_the_wrong_intent() -> None:
    missed = line("missed", "track_order")
    found = neighbours([missed], {"missed": parse(("greet", 0.5))}, TRAINING, encode)
    assert found["missed"].right == (Near("near", "yue", 0.8), Near("far", "en", 0.0))
    assert found["missed"].wrong == (Near("other", "yue", 0.6),)


def test_an_intent_without_training_lines_has_no_neighbours() -> None:
    missed = line("missed", "thank")
    found = neighbours([missed], {"missed": parse(("bye", 0.5))}, TRAINING, encode)
    assert (found["missed"].right, found["missed"].wrong) == ((), ())
    assert neighbours([], {}, TRAINING, encode) == {}
