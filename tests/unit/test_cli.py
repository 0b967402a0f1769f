"""The command line: what it says, and its exit code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from business_samples import DEMO, WordEncoder
from typer.testing import CliRunner, Result

from cantodesk import cli, processes
from cantodesk.assembly import assemble
from cantodesk.cli import app
from cantodesk.settings import Settings, get_settings
from cantodesk.storage.engine import engine_for

SENDER = "a-customer"


@pytest.fixture
def settings(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """A home of its own, which the command line finds through the environment."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copy(sqlite_template, home / "cantodesk.sqlite3")
    monkeypatch.setenv("CANTODESK_HOME", str(home))
    monkeypatch.setenv("CANTODESK_BUSINESS_FILE", str(DEMO / "settings.yml"))
    monkeypatch.setenv("CANTODESK_MODELS_DIR", str(tmp_path / "models"))
    get_settings.cache_clear()
    yield get_settings()
    engine_for(get_settings().database).dispose()
    get_settings.cache_clear()


def run(*line: str) -> Result:
    result = CliRunner().invoke(app, list(line))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


# --- import ---


def test_a_good_file_is_imported_and_counted(settings: Settings) -> None:
    first = run("import", "products", str(DEMO / "products.csv"))
    assert first.exit_code == 0
    assert " new, 0 changed, 0 as they were." in first.output
    again = run("import", "products", str(DEMO / "products.csv"))
    assert "0 new, 0 changed, " in again.output


def test_a_bad_file_says_line_and_column_and_imports_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    lines = (DEMO / "products.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "products.csv"
    path.write_text("\n".join([*lines[:3], lines[3].replace(",368,", ",cheap,")]), encoding="utf-8")
    result = run("import", "products", str(path))
    assert result.exit_code == 1
    assert f"{path}: line 4, price_hkd: " in result.output
    assert "Nothing was imported: 1 to mend." in result.output
    assert "2 new" in _import(tmp_path, lines[:3])


def _import(folder: Path, lines: list[str]) -> str:
    path = folder / "mended.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return run("import", "products", str(path)).output


def test_an_unknown_kind_is_refused_with_those_there_are(settings: Settings) -> None:
    result = run("import", "prices", str(DEMO / "products.csv"))
    assert result.exit_code == 1
    assert "There is no kind `prices`. Choose one of products, customers" in result.output


def test_a_file_that_is_not_there_is_refused(settings: Settings) -> None:
    assert run("import", "products", "/no/such.csv").exit_code == 2


# --- hand-overs ---


@pytest.fixture
def waiting(settings: Settings) -> int:
    """A customer who waits for a person; the hand-over's number."""
    line = {"event": "user", "text": "搵真人呀", "timestamp": 5.0, "parse_data": {}}
    state = {"slots": {"language": "yue", "order_id": "HK20261234"}, "events": [line]}
    services = assemble(settings, WordEncoder())
    assert services.people.call(SENDER, state, "request_human")
    (held,) = services.handovers.list("queued")
    return held.id


def test_nobody_may_be_waiting(settings: Settings) -> None:
    result = run("handovers")
    assert (result.exit_code, result.output.strip()) == (0, "Nobody is waiting.")


def test_who_waits_is_listed(waiting: int) -> None:
    result = run("handovers")
    assert result.exit_code == 0
    (line,) = result.output.splitlines()
    assert line.split()[0] == str(waiting)
    assert "queued" in line
    assert "request_human" in line
    assert " T-" in line
    assert SENDER not in line


def test_one_is_shown_with_all_that_is_known(waiting: int) -> None:
    result = run("handovers", "--show", str(waiting))
    head, _, packet = result.output.partition("\n")
    assert "request_human" in head
    assert json.loads(packet)["slots"]["order_id"] == "HK20261234"


def test_one_that_is_not_there_is_said(settings: Settings) -> None:
    assert run("handovers", "--show", "99").output.strip() == "There is no hand-over 99."
    assert run("handovers", "--resolve", "99").output.strip() == "Hand-over 99: not found."


def test_one_that_is_resolved_waits_no_longer(waiting: int) -> None:
    assert run("handovers", "--resolve", str(waiting)).output.strip() == (
        f"Hand-over {waiting}: resolved."
    )
    assert run("handovers").output.strip() == "Nobody is waiting."
    assert "resolved" in run("handovers", "--all").output
    assert run("handovers", "--resolve", str(waiting)).output.strip() != (
        f"Hand-over {waiting}: resolved."
    )


def test_without_a_database_it_is_one_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "postgresql+psycopg2://nobody:secret@127.0.0.1:1/none"
    monkeypatch.setenv("CANTODESK_DATABASE_URL", nowhere)
    get_settings.cache_clear()
    result = run("handovers")
    assert result.exit_code == 1
    assert result.output.startswith("The database does not answer")
    assert "secret" not in result.output


def test_a_new_home_has_nobody_waiting(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANTODESK_HOME", str(tmp_path / "new"))
    get_settings.cache_clear()
    result = run("handovers")
    assert (result.exit_code, result.output.strip()) == (0, "Nobody is waiting.")


# --- processes and the rest ---


def test_an_unknown_process_is_refused_with_those_there_are(settings: Settings) -> None:
    result = run("run", "worker")
    assert result.exit_code == 1
    assert result.output.strip() == (
        "There is no process `worker`. Choose one of assistant, actions, desk."
    )


def test_the_assistant_without_a_model_says_how_to_make_one(
    settings: Settings, tmp_path: Path
) -> None:
    result = run("run", "assistant")
    assert result.exit_code == 1
    assert "cantodesk train" in result.output


def test_a_known_process_is_become(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    become: list[list[str]] = []
    monkeypatch.setattr(processes, "replace_this_process", lambda line, _: become.append(line))
    assert run("run", "desk").exit_code == 0
    assert become[0][-1] == "cantodesk.desk"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CANTODESK_DESK_PORT", "0", "CANTODESK_DESK_PORT: "),
        ("CANTODESK_PROFILE", "staging", "CANTODESK_PROFILE: "),
        ("CANTODESK_PROFILE", "production", "CANTODESK_MASTER_KEYS is not set"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    result = run("migrate")
    assert result.exit_code == 1
    assert result.output.startswith(said)
    assert len(result.output.splitlines()) == 1
    monkeypatch.undo()
    get_settings.cache_clear()


def test_the_database_is_brought_up_to_date(settings: Settings) -> None:
    assert run("migrate").output.strip() == "The database is up to date."


@pytest.mark.parametrize(("problems", "code"), [((), 0), (("a", "b"), 1)])
def test_what_is_to_mend_is_listed_and_counted(
    monkeypatch: pytest.MonkeyPatch, problems: tuple[str, ...], code: int
) -> None:
    import cantodesk.checking

    monkeypatch.setattr(cantodesk.checking, "check_project", lambda _folder: problems)
    result = run("check")
    assert result.exit_code == code
    assert result.output.splitlines() == ([*problems, "2 to mend."] if problems else ["All good."])


def test_broken_yaml_is_said_before_anything_is_started(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    import cantodesk.checking

    monkeypatch.setattr(cantodesk.checking, "yaml_problems", lambda _folder: ["domain.yml: line 3"])
    result = run("up")
    assert (result.exit_code, result.output.strip()) == (1, "domain.yml: line 3")


def test_without_a_command_there_is_help() -> None:
    assert "handovers" in CliRunner().invoke(app, []).output
    assert Path() == cli.PROJECT
