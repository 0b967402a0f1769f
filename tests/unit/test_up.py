"""One command starts everything, or says in one sentence why not."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from business_samples import DEMO

from cantodesk import demo, up
from cantodesk.model import TrainingFailed
from cantodesk.settings import Settings
from cantodesk.storage.engine import engine_for
from cantodesk.up import (
    announce,
    answers,
    check_ports,
    is_empty,
    load_demo,
    prepared,
    quoted,
    ready_model,
    run_all,
)


@pytest.fixture
def settings(tmp_path: Path, sqlite_template: Path) -> Iterator[Settings]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copy(sqlite_template, home / "cantodesk.sqlite3")
    made = Settings(home=home, business_file=DEMO / "settings.yml", models_dir=tmp_path / "models")
    yield made
    engine_for(made.database).dispose()


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said on the error output: a line, not a traceback."""
    said = capsys.readouterr().err.strip()
    assert "\n" not in said
    assert "Traceback" not in said
    return said


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("process", ["assistant", "actions", "desk"])
def test_a_port_that_is_taken_is_named_with_the_variable_that_moves_it(
    process: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("assistant", "actions", "desk")
    ports = {f"{name}_port": free_port() for name in names}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = ports[f"{process}_port"] = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            check_ports(Settings(**ports))  # type: ignore[arg-type]
    said = one_sentence(capsys)
    assert ended.value.code == 1
    assert f"Port {port} on 127.0.0.1 is taken" in said
    assert f"CANTODESK_{process.upper()}_PORT" in said


def test_free_ports_are_fine() -> None:
    check_ports(
        Settings(assistant_port=free_port(), actions_port=free_port(), desk_port=free_port())
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("variables: [", "line 1"),
        ("- a\n- b\n", "variables and opening_hours"),
        ("variables: {company: X}\nopening_hours: {customer_service: {mon-fri: ['9-6']}}\n", "opening_hours"),
        (None, "CANTODESK_BUSINESS_FILE"),
    ],
)  # fmt: skip
def test_a_broken_business_file_is_one_sentence_that_names_it(
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
    problem: str,
) -> None:
    path = tmp_path / "business.yml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        prepared(settings.model_copy(update={"business_file": path}))
    said = one_sentence(capsys)
    assert ended.value.code == 1
    assert str(path) in said
    assert problem in said


def test_a_database_that_is_away_is_one_sentence(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = "postgresql+psycopg2://somebody:secret@127.0.0.1:1/none"
    with pytest.raises(SystemExit) as ended:
        prepared(settings.model_copy(update={"database_url": nowhere}))
    said = one_sentence(capsys)
    assert ended.value.code == 1
    assert "CANTODESK_DATABASE_URL" in said
    assert "secret" not in said


def test_a_key_file_others_can_read_is_one_sentence(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(settings)
    settings.key_file.chmod(0o644)
    with pytest.raises(SystemExit) as ended:
        prepared(settings)
    assert ended.value.code == 1
    assert str(settings.key_file) in one_sentence(capsys)


def test_an_empty_shop_gets_the_demo_once(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "DEMO", DEMO)
    business, vault = prepared(settings)
    assert is_empty(vault.engine)
    load_demo(settings, vault, business)
    assert not is_empty(vault.engine)
    assert "demo business" in capsys.readouterr().out
    load_demo(settings, vault, business)
    assert capsys.readouterr().out == ""


def test_production_is_never_filled_with_the_demo(settings: Settings) -> None:
    business, vault = prepared(settings)
    load_demo(settings.model_copy(update={"profile": "production"}), vault, business)
    assert is_empty(vault.engine)


def test_a_demo_that_does_not_import_is_one_sentence(
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = tmp_path / "demo"
    shutil.copytree(DEMO, broken)
    (broken / "products.csv").write_text("sku,price\nX,1\n", encoding="utf-8")
    monkeypatch.setattr(demo, "DEMO", broken)
    business, vault = prepared(settings)
    with pytest.raises(SystemExit) as ended:
        load_demo(settings, vault, business)
    assert ended.value.code == 1
    assert "products.csv" in one_sentence(capsys)


def test_a_model_that_is_there_is_not_trained_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = tmp_path / "held.tar.gz"
    held.write_text("model")
    monkeypatch.setattr(up, "model_path", lambda *_: held)
    monkeypatch.setattr(up, "train", lambda *_: pytest.fail("trained again"))
    assert ready_model(settings, tmp_path) == held


def test_a_missing_model_is_trained(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made.tar.gz"
    monkeypatch.setattr(up, "model_path", lambda *_: made)
    monkeypatch.setattr(up, "train", lambda *_: (made, 61.0))
    assert ready_model(settings, tmp_path) == made


def test_a_training_that_fails_is_one_sentence(
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise TrainingFailed("Training failed: YamlException: line 3.")

    monkeypatch.setattr(up, "model_path", lambda *_: tmp_path / "none")
    monkeypatch.setattr(up, "train", fails)
    with pytest.raises(SystemExit) as ended:
        ready_model(settings, tmp_path)
    assert ended.value.code == 1
    assert one_sentence(capsys) == "Training failed: YamlException: line 3."


def test_one_process_that_ends_takes_the_others_with_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays = "import signal; signal.pause()"
    programs = {"assistant": "raise SystemExit(3)", "actions": stays, "desk": stays}
    monkeypatch.setattr(up, "command", lambda name, *_: [sys.executable, "-c", programs[name]])
    monkeypatch.setattr(up, "announce", lambda *_: None)
    assert run_all(settings, tmp_path / "model") == 3


def test_a_command_line_reaches_its_program_without_a_shell_in_between() -> None:
    assert quoted(["/a b/python", "-m", "it's"]) == """exec '/a b/python' -m 'it'"'"'s'"""


class Page(BaseHTTPRequestHandler):
    """Ready, or not."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/ready" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def page() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_only_success_is_an_answer(page: int) -> None:
    assert answers(f"http://127.0.0.1:{page}/ready")
    assert not answers(f"http://127.0.0.1:{page}/busy")
    assert not answers("http://127.0.0.1:1/ready")


def test_where_everything_is_is_said_once_it_answers(
    page: int, capsys: pytest.CaptureFixture[str]
) -> None:
    announce(Settings(desk_port=page, assistant_port=5005))
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:{page}/" in said
    assert "http://127.0.0.1:5005/webhooks/rest/webhook" in said
