"""Options, stock pipelines and exit codes; nothing is trained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from evaluation_samples import write_set
from ruamel.yaml import YAML

import evaluation.__main__ as program
from bench.figures import Training
from bench.processes import BenchFailed
from bench.workspace import PROJECT
from evaluation import asked, pipelines
from evaluation.asked import answers_of, kept_of
from evaluation.lines import EvaluationFailed
from evaluation.options import options_from
from evaluation.parses import parse_from


def test_a_plain_run_trains_ours_and_both_stock_pipelines() -> None:
    options = options_from([])
    assert options.model is None
    assert options.stock == ("whitespace_diet", "jieba_diet")
    assert options.stock_epochs == 100
    assert options.tests == PROJECT / "tests/nlu"
    assert options.out == PROJECT / "reports/understanding"
    assert not options.show_test_lines


@pytest.mark.parametrize(
    ("given", "stock"), [("none", ()), ("jieba_diet", ("jieba_diet",)), ("", ())]
)
def test_stock_pipelines_can_be_chosen(given: str, stock: tuple[str, ...]) -> None:
    assert options_from(["--stock", given]).stock == stock


def test_an_unknown_pipeline_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["--stock", "spacy_diet"]) == 2
    assert "There is no stock pipeline `spacy_diet`" in capsys.readouterr().err


def test_no_epochs_are_refused() -> None:
    with pytest.raises(EvaluationFailed, match="must be 1 or more"):
        options_from(["--stock-epochs", "0"])


@pytest.mark.parametrize(
    ("name", "tokenizer"),
    [("whitespace_diet", "WhitespaceTokenizer"), ("jieba_diet", "JiebaTokenizer")],
)
def test_a_stock_pipeline_is_rasas_own_with_the_epochs_asked_for(name: str, tokenizer: str) -> None:
    config = YAML(typ="safe").load(pipelines.stock_config(name, 7))
    parts = {part["name"]: part for part in config["pipeline"]}
    assert next(iter(parts)) == tokenizer
    assert parts["DIETClassifier"]["epochs"] == 7
    assert parts["FallbackClassifier"]["threshold"] == 0.3
    assert parts["FallbackClassifier"]["ambiguity_threshold"] == 0.1


def test_stock_is_trained_by_rasas_command_in_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[list[str], Path]] = []

    def fake(
        line: Sequence[str], folder: Path, environment: dict[str, str], log: Path, within: float
    ) -> float:
        seen.append((list(line), folder))
        assert "epochs: 3\n" in (folder / "config.yml").read_text(encoding="utf-8")
        assert (folder / "data/orders/nlu.yue.yml").exists()
        assert environment["RASA_TELEMETRY_ENABLED"] == "false"
        return 12.34

    monkeypatch.setattr(pipelines, "finished", fake)
    trained = pipelines.trained_stock(tmp_path, "jieba_diet", 3)
    ((line, folder),) = seen
    assert line[line.index("rasa") :] == [
        *("rasa", "train", "nlu", "--config", "config.yml", "--nlu", "data"),
        *("--domain", "domain.yml", "--fixed-model-name", "jieba_diet", "--out", "models"),
    ]
    assert folder == tmp_path / "jieba_diet"
    assert trained.from_nothing == 12.3
    assert trained.after_edit is None
    assert trained.model == folder / "models/jieba_diet.tar.gz"


def test_ours_is_the_model_from_before_the_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    def fake(place: Any, first: Sequence[str], second: Sequence[str]) -> Training:
        assert first == second == pipelines.OURS
        models = place.folder / "models"
        models.mkdir()
        for when, name in enumerate(("b", "a")):
            (models / f"cantodesk-{name}.tar.gz").write_text(name)
            os.utime(models / f"cantodesk-{name}.tar.gz", (1000 + when, 1000 + when))
        return Training(80.0, 20.0)

    monkeypatch.setattr(pipelines, "trained_twice", fake)
    trained = pipelines.trained_ours(tmp_path)
    assert trained.model.name == "cantodesk-b.tar.gz"
    assert (trained.from_nothing, trained.after_edit) == (80.0, 20.0)


def test_a_missing_model_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(EvaluationFailed, match="There is no model"):
        answers_of(tmp_path / "none.tar.gz", [], [], {}, tmp_path)
    write_set(tmp_path / "nlu/dev")
    code = program.main(
        [
            *("--model", str(tmp_path / "none.tar.gz"), "--stock", "none"),
            *("--tests", str(tmp_path / "nlu"), "--out", str(tmp_path / "out")),
        ]
    )
    assert code == 2
    assert "There is no model" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_model_of_other_code_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fake(line: Sequence[str], *_: object) -> float:
        Path(line[-1]).write_text('{"failed": "The model cannot be loaded."}')
        return 1.0

    monkeypatch.setattr(asked, "finished", fake)
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"of last year")
    with pytest.raises(EvaluationFailed, match="The model cannot be loaded"):
        answers_of(model, ["hello"], [], {}, tmp_path)


def test_a_model_is_asked_with_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fake(line: Sequence[str], folder: Path, environment: dict[str, str], *_: object) -> float:
        assert environment["OMP_NUM_THREADS"] == environment["OPENBLAS_NUM_THREADS"] == "1"
        assert folder == PROJECT
        questions = json.loads(Path(line[-2]).read_text(encoding="utf-8"))
        assert questions == {"warm_up": ["hi"], "lines": ["hello", "thanks"]}
        answer = [["hello", {"intent": {"name": "greet"}}, 5.0], ["thanks", {}, 7.0]]
        found = {"memory_mb": 300.0, "one_core": True, "parses": answer}
        Path(line[-1]).write_text(json.dumps(found))
        return 1.0

    monkeypatch.setattr(asked, "finished", fake)
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"model")
    answers = answers_of(
        model, ["hello", "thanks", "hello"], ["hi"], {"OMP_NUM_THREADS": "2"}, tmp_path
    )
    assert answers.parses["hello"].intent == "greet"
    assert answers.parses["thanks"].milliseconds == 7.0


def test_no_test_lines_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["--model", "x", "--stock", "none", "--tests", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("There are no test lines in")


@pytest.mark.parametrize(("floors", "code"), [([], 0), (["Language: too low."], 1)])
def test_a_broken_floor_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    floors: list[str],
    code: int,
) -> None:
    document = {"targets": [], "speed": [], "broken_floors": floors}
    monkeypatch.setattr(program, "run", lambda _: document)
    monkeypatch.setattr(program, "write", lambda out, _: out / "index.html")
    assert program.main(["--stock", "none"]) == code
    assert all(f"Below the floor. {floor}" in capsys.readouterr().err for floor in floors)


@pytest.mark.parametrize(
    ("error", "code"), [(BenchFailed("Training ended with code 1."), 2), (KeyboardInterrupt(), 130)]
)
def test_a_failed_step_has_its_own_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr(program, "run", fails)
    assert program.main(["--stock", "none"]) == code


def test_what_is_kept_of_a_parse_is_all_the_figures_need() -> None:
    parsed = {
        "text": "hi",
        "intent": {"name": "greet", "confidence": 0.9, "id": 1},
        "intent_ranking": [{"name": f"i{n}", "confidence": 0.1} for n in range(50)],
        "entities": [{"start": 0, "end": 2, "entity": "amount", "value": 5, "extractor": "x"}],
        "language": {"code": "en", "confidence": 1.0},
        "emotion": {"label": "neutral", "score": 0.1},
        "text_tokens": [[0, 2]],
    }
    kept = kept_of(parsed)
    assert kept["entities"] == [{"start": 0, "end": 2, "entity": "amount", "value": "5"}]
    assert len(kept["intent_ranking"]) < 10
    assert parse_from(kept).pair == parse_from(parsed).pair
    assert "text" not in kept
