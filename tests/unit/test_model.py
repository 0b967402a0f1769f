"""The trained model that belongs to the data as they are now."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from cantodesk import model
from cantodesk.model import (
    TrainingFailed,
    fingerprint,
    forget_old,
    last_error,
    model_path,
    sources,
    train,
)
from cantodesk.settings import Settings

ROOM = Path(model.__file__).parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name in (
        "config.yml",
        "domain.yml",
        "data/orders/nlu.yue.yml",
        "data/language/written.yml",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")
    return folder


@pytest.fixture
def own_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of our code, to be edited at will."""
    copy = tmp_path / "cantodesk"
    for room in ("understanding", "dialogue"):
        shutil.copytree(ROOM / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(model, "__file__", str(copy / "model.py"))
    return copy


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", models_dir=tmp_path / "models")


def edit(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")


def test_a_model_is_made_of_configuration_domain_data_and_our_code(project: Path) -> None:
    names = {path.name for path in sources(project)}
    assert {"config.yml", "domain.yml", "nlu.yue.yml", "written.yml"} <= names
    assert {"tokenizer.py", "escalation.py"} <= names


@pytest.mark.parametrize(
    "name", ["config.yml", "domain.yml", "data/orders/nlu.yue.yml", "data/language/written.yml"]
)
def test_an_edit_makes_another_model_necessary(
    project: Path, settings: Settings, name: str
) -> None:
    before = model_path(settings, project)
    edit(project / name)
    assert model_path(settings, project) != before


@pytest.mark.parametrize("name", ["understanding/dates.py", "dialogue/turns.py"])
def test_so_does_an_edit_of_our_code(project: Path, own_code: Path, name: str) -> None:
    before = fingerprint(project)
    edit(own_code / name)
    assert fingerprint(project) != before


def test_so_does_another_file(project: Path) -> None:
    before = fingerprint(project)
    (project / "data/orders/rules.yml").write_text("rules: []\n", encoding="utf-8")
    assert fingerprint(project) != before


def test_nothing_edited_is_the_same_model(project: Path, settings: Settings) -> None:
    assert model_path(settings, project) == model_path(settings, project)
    assert model_path(settings, project).parent == settings.models_dir


def rasa_that(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let this little program stand for `rasa train`; its arguments are Rasa's."""
    monkeypatch.setattr(model, "rasa", lambda *line: [sys.executable, "-c", program, *line])


TRAINS = (
    "import pathlib, sys; line = sys.argv; "
    "name, out = line[line.index('--fixed-model-name') + 1], line[line.index('--out') + 1]; "
    "pathlib.Path(out, name + '.tar.gz').write_text('model')"
)


def test_training_keeps_the_model_where_it_is_looked_for(
    project: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa_that(monkeypatch, TRAINS)
    path, seconds = train(settings, project)
    assert path == model_path(settings, project)
    assert path.exists()
    assert seconds > 0
    assert (settings.home / "train.log").stat().st_mode & 0o777 <= 0o644
    assert settings.home.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("print('noise'); raise SystemExit('YamlException: line 3')", "YamlException: line 3."),
        ("print('all well'); raise SystemExit(2)", "all well."),
        ("raise SystemExit(1)", "no output."),
        ("print('done, but where?')", "done, but where?."),
    ],
)
def test_a_failed_training_says_why_and_where_the_rest_is(
    project: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, program: str, why: str
) -> None:
    rasa_that(monkeypatch, program)
    with pytest.raises(TrainingFailed) as failed:
        train(settings, project)
    assert str(failed.value).startswith(f"Training failed: {why}")
    assert str(settings.home / "train.log") in str(failed.value)


def test_the_last_line_that_names_an_error_is_the_reason(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("FirstError: a\nSecondError: b.\nbye\n", encoding="utf-8")
    assert last_error(log) == "SecondError: b."


def test_old_models_are_forgotten_but_never_the_one_in_use(tmp_path: Path) -> None:
    for age, name in enumerate("abcde"):
        path = tmp_path / f"cantodesk-{name}.tar.gz"
        path.write_text(name)
        os.utime(path, (1000 + age, 1000 + age))
    (tmp_path / "mine.tar.gz").write_text("not ours")
    forget_old(tmp_path, tmp_path / "cantodesk-a.tar.gz")
    kept = sorted(p.name for p in tmp_path.iterdir())
    assert kept == [
        "cantodesk-a.tar.gz",
        "cantodesk-c.tar.gz",
        "cantodesk-d.tar.gz",
        "cantodesk-e.tar.gz",
        "mine.tar.gz",
    ]
