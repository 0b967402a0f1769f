"""A whole run but for training and asking: from files to the page, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from evaluation_samples import parse, write_set

import evaluation.__main__ as program
from cantodesk.understanding import sentences
from evaluation import run as running
from evaluation.asked import Answers
from evaluation.pipelines import STOCK, Trained


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project whose models say `greet` to everything, in Cantonese, without being trained."""
    folder = tmp_path / "project"
    (folder / "data/conversation").mkdir(parents=True)
    (folder / "data/conversation/nlu.yue.yml").write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - 早\n- intent: track_order\n  examples: |\n    - 張單呢\n",
        encoding="utf-8",
    )
    (folder / "config.yml").write_text("policies: []\n")
    write_set(folder / "tests/nlu/dev")
    write_set(folder / "tests/nlu/test")

    def asked(model: Path, lines: Sequence[str], warm_up: Sequence[str], *_: object) -> Answers:
        assert model.exists()
        assert list(warm_up) == ["早", "張單呢"]
        return Answers({ln: parse(("greet", 0.9), language="yue") for ln in lines}, 300.0, True)

    def trained(work: Path, name: str, epochs: int) -> Trained:
        (work / name).write_bytes(b"stock")
        return Trained(name, STOCK[name], work / name, 60.0 * epochs)

    monkeypatch.setattr(running, "PROJECT", folder)
    monkeypatch.setattr(running, "answers_of", asked)
    monkeypatch.setattr(running, "trained_stock", trained)
    monkeypatch.setattr(sentences, "encode_sentences", lambda lines: np.ones((len(lines), 2)))
    return folder


def evaluate(project: Path, floor: float, *more: str) -> int:
    (project / "floors.yml").write_text(f"intent_accuracy: {{yue: {floor}}}\n")
    (project / "model.tar.gz").write_bytes(b"model")
    return program.main(
        [
            *("--model", str(project / "model.tar.gz"), "--tests", str(project / "tests/nlu")),
            *("--floors", str(project / "floors.yml"), "--out", str(project / "out")),
            *more,
        ]
    )


def test_a_run_ends_with_a_page_and_a_file(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(project, 0.25, "--stock-epochs", "2") == 0
    document = json.loads((project / "out/report.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in document["pipelines"]] == ["ours", *STOCK]
    assert document["pipelines"][1]["from_nothing"] == 120.0
    assert document["judged"] == {"intents": "test", "emotion": "test"}
    assert (project / "out/index.html").exists()
    told = capsys.readouterr().out
    assert "2 stock pipelines are trained with 2 epochs" in told
    assert "Intents: best guess right" in told


def test_a_floor_that_is_not_kept_fails_the_run_and_the_page_is_there_all_the_same(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(project, 0.3, "--stock", "none") == 1
    told = capsys.readouterr()
    assert "Below the floor. Intents: best guess right, Cantonese: 25.0 %" in told.err
    assert "stock pipelines" not in told.out
    assert "Below the floor." in (project / "out/index.html").read_text(encoding="utf-8")


def test_held_out_lines_stay_out_of_both_unless_asked_for(project: Path) -> None:
    for path in (project / "tests/nlu/dev").iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("睇波", "睇戲"), encoding="utf-8")

    def written() -> str:
        files = [project / "out/report.json", project / "out/index.html"]
        return "".join(file.read_text(encoding="utf-8") for file in files)

    evaluate(project, 0.2, "--stock", "none")
    assert "今晚睇戲" in written()
    assert "今晚睇波" not in written()
    evaluate(project, 0.2, "--stock", "none", "--show-test-lines")
    assert "今晚睇波" in written()


def test_public_sets_are_measured_where_they_are_given(project: Path) -> None:
    folder = project / "public"
    folder.mkdir()
    (folder / "en_oos_clinc.jsonl").write_text('{"text": "plan my trip"}\n')
    assert evaluate(project, 0.2, "--stock", "jieba_diet", "--public", str(folder)) == 0
    document = json.loads((project / "out/report.json").read_text(encoding="utf-8"))
    for each in document["pipelines"]:
        assert each["public"]["out_of_scope"] == {
            "English: CLINC150": {"part": 0, "whole": 1, "share": 0.0}
        }
