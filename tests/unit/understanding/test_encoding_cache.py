"""Training lines are encoded once; what is kept is trusted only while it fits."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from cantodesk.understanding.encoding_cache import encode_for_training


class Counting:
    """An encoder that remembers what it was asked."""

    def __init__(self, name: str = "counting-1", dimension: int = 2) -> None:
        self.name, self.dimension = name, dimension
        self.asked: list[str] = []

    def encode(self, lines: Sequence[str]) -> np.ndarray:
        self.asked += lines
        return np.array([[len(line)] * self.dimension for line in lines], dtype=np.float32)


def test_only_new_lines_are_encoded(local_home: Path) -> None:
    first, second = Counting(), Counting()
    encode_for_training(first, ["a", "bb", "a"])
    rows = encode_for_training(second, ["ccc", "bb"])
    assert first.asked == ["a", "bb"]
    assert second.asked == ["ccc"]
    assert rows.tolist() == [[3, 3], [2, 2]]


def test_another_encoder_has_encodings_of_its_own(local_home: Path) -> None:
    encode_for_training(Counting(), ["a"])
    other = Counting("counting-2")
    encode_for_training(other, ["a"])
    assert other.asked == ["a"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 half"])
def test_a_broken_file_is_made_anew(local_home: Path, content: bytes) -> None:
    encode_for_training(Counting(), ["a"])
    (path,) = (local_home / "encodings").iterdir()
    path.write_bytes(content)
    again = Counting()
    assert encode_for_training(again, ["a"]).tolist() == [[1, 1]]
    assert again.asked == ["a"]
    later = Counting()
    encode_for_training(later, ["a"])
    assert later.asked == []


def test_rows_of_another_length_are_not_used(local_home: Path) -> None:
    encode_for_training(Counting(), ["a"])
    assert encode_for_training(Counting(dimension=3), ["a"]).shape == (1, 3)


def test_no_lines_are_no_rows(local_home: Path) -> None:
    assert encode_for_training(Counting(), []).shape == (0, 2)


def test_a_home_that_cannot_be_written_costs_only_time(local_home: Path) -> None:
    local_home.write_text("a file where the folder should be")
    assert encode_for_training(Counting(), ["a"]).tolist() == [[1, 1]]


def test_the_text_of_a_line_is_not_in_the_file(local_home: Path) -> None:
    encode_for_training(Counting(), ["a very particular line"])
    folder = local_home / "encodings"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(b"particular" not in path.read_bytes() for path in folder.iterdir())
