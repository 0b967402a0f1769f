"""Every way in which the product is started: it reports to nobody and listens to this machine only."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sentry_sdk
import uvicorn
from business_samples import ROOT
from pydantic import SecretStr
from rasa import telemetry
from ruamel.yaml import YAML

import actions.__main__ as action_server
from bench.workspace import Place
from cantodesk import model, processes, up
from cantodesk.desk import app as desk
from cantodesk.processes import PROCESSES, command, environment, replace_this_process
from cantodesk.settings import Settings

REPORTING = "RASA_TELEMETRY_ENABLED"
Start = Callable[[Settings, Path, pytest.MonkeyPatch], list[dict[str, str]]]


@pytest.fixture(autouse=True)
def _a_machine_that_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst case: the machine itself asks for reports."""
    monkeypatch.setenv(REPORTING, "true")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", models_dir=tmp_path / "models")


# --- nothing is reported ---


class RecordingManager:
    """Honcho, without starting anything."""

    returncode = 0

    def __init__(self) -> None:
        self.started: dict[str, dict[str, str]] = {}

    def add_process(self, name: str, _line: str, env: dict[str, str]) -> None:
        self.started[name] = env

    def loop(self) -> None:
        """Nothing runs."""


def by_up(settings: Settings, folder: Path, patch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """`make up`."""
    manager = RecordingManager()
    patch.setattr(up, "Manager", lambda: manager)
    patch.setattr(up, "announce", lambda _settings: None)
    up.run_all(settings, folder / "model.tar.gz")
    assert set(manager.started) == set(PROCESSES)
    return list(manager.started.values())


def by_run(settings: Settings, folder: Path, patch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """`cantodesk run …`, what the Procfile says."""
    seen: list[dict[str, str]] = []
    patch.setattr(processes.os, "execve", lambda _program, _line, env: seen.append(env))
    for process in PROCESSES:
        replace_this_process(command(process, settings), settings)
    return seen


def by_train(settings: Settings, folder: Path, patch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """`make train`."""
    tells = f"import os; print('Error', {REPORTING!r} + '=' + os.environ[{REPORTING!r}])"
    patch.setattr(model, "rasa", lambda *_: [sys.executable, "-c", tells])
    with pytest.raises(model.TrainingFailed) as failed:
        model.train(settings, ROOT)
    told = re.search(rf"{REPORTING}=(\w+)", str(failed.value))
    assert told is not None
    return [{REPORTING: told[1]}]


def by_bench(settings: Settings, folder: Path, patch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """`make bench`, Rasa's stock pipeline too."""
    return [Place(folder, settings.home, (1, 2, 3)).environment()]


@pytest.mark.parametrize("start", [by_up, by_run, by_train, by_bench])
def test_no_process_reports_usage_or_crashes(
    start: Start, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variables in start(settings, tmp_path, monkeypatch):
        assert variables[REPORTING] == "false"


@pytest.mark.parametrize(("told", "reports"), [("as we start it", False), ("as it comes", True)])
def test_rasa_listens_to_what_it_is_told(
    told: str, reports: bool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Any] = []
    monkeypatch.setattr(sentry_sdk, "init", lambda *_, **__: called.append("crash reports"))
    monkeypatch.setattr(telemetry, "sentry_write_key", lambda: "a-key")
    monkeypatch.setattr(telemetry, "get_telemetry_id", lambda: None)
    if told == "as we start it":
        monkeypatch.setenv(REPORTING, environment(settings)[REPORTING])
    telemetry.initialize_error_reporting()
    assert called == (["crash reports"] if reports else [])
    assert telemetry.is_telemetry_enabled() is reports


def test_nothing_else_looks_outside_by_itself(settings: Settings) -> None:
    variables = environment(settings)
    assert variables["HF_HUB_OFFLINE"] == "1"
    assert variables["DO_NOT_TRACK"] == "1"


def outside_make(**more: str) -> dict[str, str]:
    """This environment as it is when nobody's `make` runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "VENV"))}
    return {**kept, **more}


def test_no_target_of_the_makefile_reports() -> None:
    tells = f"told: ; @echo $${REPORTING}"
    line = ["make", "--silent", "--no-print-directory", "--eval", tells, "told"]
    done = subprocess.run(
        line, cwd=ROOT, env=outside_make(), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "false"


TOOL = f"""#!/usr/bin/env bash
echo "${REPORTING} $(basename "$0") $*" >> "$NOTES"
models="${{CANTODESK_MODELS_DIR:-models}}"
[ "$*" != train ] || {{ mkdir -p "$models"; touch "$models/cantodesk-0.tar.gz"; }}
"""
MAKE = """#!/usr/bin/env bash
mkdir -p "$VENV/bin"
for tool in $TOOLS; do cp "$TOOL" "$VENV/bin/$tool"; done
"""


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_no_step_of_make_test_reports(tmp_path: Path) -> None:
    # The real script, in a folder of its own, with tools that only note how they were called.
    script = tmp_path / "project" / "scripts" / "test.sh"
    script.parent.mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "test.sh", script)
    tools = set(re.findall(r'"\$bin/([\w-]+)"', script.read_text(encoding="utf-8")))
    program(tmp_path / "fake" / "make", MAKE)
    notes = tmp_path / "notes.txt"
    variables = outside_make(
        PATH=f"{tmp_path / 'fake'}:/usr/local/bin:/usr/bin:/bin",
        NOTES=str(notes),
        TOOL=str(program(tmp_path / "tool", TOOL)),
        TOOLS=" ".join(tools),
    )
    done = subprocess.run(["bash", str(script)], env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    calls = notes.read_text(encoding="utf-8").splitlines()
    assert any("-m rasa test nlu" in call for call in calls)
    assert any("-m pytest" in call for call in calls)
    assert [call for call in calls if not call.startswith("false ")] == []


def test_ci_starts_our_code_by_make_only() -> None:
    workflow = YAML(typ="safe").load(ROOT / ".github" / "workflows" / "ci.yml")
    steps = [step for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    commands = [
        shlex.split(line)
        for step in steps
        for whole in step["run"].splitlines()
        for line in whole.split("&&")
    ]
    ours = [line for line in commands if line[:2] != ["sudo", "apt-get"]]
    assert ours == [["make", "test"]]
    assert REPORTING not in str(workflow)


# --- only this machine is listened to ---


def assistant_listens(settings: Settings, _patch: pytest.MonkeyPatch) -> tuple[str, int]:
    line = command("assistant", settings)
    assert environment(settings)["SANIC_HOST"] == settings.host
    return line[line.index("--interface") + 1], int(line[line.index("--port") + 1])


def actions_listen(settings: Settings, patch: pytest.MonkeyPatch) -> tuple[str, int]:
    bound: list[tuple[str, int]] = []
    server = SimpleNamespace(run=lambda host, port, **_: bound.append((host, port)))
    patch.setattr(action_server, "server", lambda: server)
    patch.setattr(action_server, "get_settings", lambda: settings)
    action_server.main()
    return bound[0]


def desk_listens(settings: Settings, patch: pytest.MonkeyPatch) -> tuple[str, int]:
    bound: list[tuple[str, int]] = []

    def run(server: uvicorn.Server) -> None:
        bound.append((server.config.host, server.config.port))

    patch.setattr(uvicorn.Server, "run", run)
    patch.chdir(ROOT)
    desk.serve(settings)
    return bound[0]


@pytest.mark.parametrize(
    ("listens", "port"), [(assistant_listens, 5005), (actions_listen, 5055), (desk_listens, 8000)]
)
def test_a_process_listens_on_loopback_unless_told_otherwise(
    listens: Callable[[Settings, pytest.MonkeyPatch], tuple[str, int]],
    port: int,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert listens(settings, monkeypatch) == ("127.0.0.1", port)
    elsewhere = settings.model_copy(update={"host": "10.0.0.1"})
    assert listens(elsewhere, monkeypatch) == ("10.0.0.1", port)


def test_the_procfile_starts_the_same_three() -> None:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{process}: cantodesk run {process}" for process in PROCESSES]


# --- production ---


@pytest.mark.parametrize(("profile", "offered"), [("local", True), ("production", False)])
def test_rasas_own_interface_is_not_offered_in_production(profile: Any, offered: bool) -> None:
    # It can read and change every conversation, and asks for no password.
    key = SecretStr("k")
    known = Settings(profile=profile, master_keys=key, lookup_key=key, database_url="sqlite://")
    assert ("--enable-api" in command("assistant", known)) is offered
