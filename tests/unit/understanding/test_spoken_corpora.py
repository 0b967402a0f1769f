"""The corpora are read once; what is kept is used only for the same spelling, and is never needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cantodesk.understanding import spoken_corpora
from cantodesk.understanding.normalisation import Variants
from cantodesk.understanding.spoken_corpora import lessons

PLAIN = Variants.from_data({})
OTHER = Variants.from_data({"always": {"體": "睇"}})


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time the corpus is read from its package."""
    times: list[str] = []

    def lines() -> list[str]:
        times.append("read")
        return ["你食咗飯未", "我想體下"]

    monkeypatch.setattr(spoken_corpora, "_ctcpc_lines", lines)
    return times


def corpus(variants: Variants = PLAIN) -> list[str]:
    return list(lessons([], [], variants, ["ctcpc"]).corpora[0].lines)


def test_it_is_read_once(local_home: Path, read: list[str]) -> None:
    assert corpus() == corpus() == ["你食咗飯未", "我想體下"]
    assert read == ["read"]


def test_another_spelling_reads_it_again_and_keeps_no_old_one(
    local_home: Path, read: list[str]
) -> None:
    corpus()
    assert corpus(OTHER) == ["你食咗飯未", "我想睇下"]
    assert len(read) == 2
    assert len(list((local_home / "corpora").iterdir())) == 1


def test_a_broken_file_is_made_anew(local_home: Path, read: list[str]) -> None:
    corpus()
    (path,) = (local_home / "corpora").iterdir()
    path.write_bytes(b"\xff\xfe half a file")
    assert corpus() == ["你食咗飯未", "我想體下"]
    assert len(read) == 2


def test_what_a_killed_training_left_beside_it_is_not_read(
    local_home: Path, read: list[str]
) -> None:
    corpus()
    (path,) = (local_home / "corpora").iterdir()
    path.rename(path.with_name(f".{path.name}.4711"))
    assert corpus() == ["你食咗飯未", "我想體下"]
    assert len(read) == 2


def test_a_home_that_cannot_be_written_costs_only_time(local_home: Path, read: list[str]) -> None:
    local_home.write_text("a file where the folder should be")
    assert corpus() == ["你食咗飯未", "我想體下"]
