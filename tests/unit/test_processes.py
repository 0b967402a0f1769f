"""How each process is started, and the environment they share."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from cantodesk import processes
from cantodesk.processes import PROCESSES, command, environment, replace_this_process
from cantodesk.settings import Settings

KEY = base64.b64encode(b"k" * 32).decode()


def production() -> Settings:
    return Settings(
        profile="production",
        master_keys=SecretStr(f"1:{KEY}"),
        lookup_key=SecretStr(KEY),
        database_url="postgresql+psycopg2://u@h/d",
    )


def test_nothing_is_reported_to_anybody() -> None:
    variables = environment(Settings())
    assert variables["RASA_TELEMETRY_ENABLED"] == "false"
    assert variables["DO_NOT_TRACK"] == "1"
    assert variables["HF_HUB_OFFLINE"] == "1"


def test_the_assistant_finds_the_action_server() -> None:
    variables = environment(Settings(host="10.0.0.1", actions_port=7055))
    assert variables["CANTODESK_ACTIONS_URL"] == "http://10.0.0.1:7055/webhook"


def test_what_was_set_before_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    monkeypatch.setenv("SOMETHING", "else")
    variables = environment(Settings())
    assert variables["OMP_NUM_THREADS"] == "4"
    assert variables["SOMETHING"] == "else"


@pytest.mark.parametrize("process", PROCESSES)
def test_every_process_runs_in_this_very_python(process: str) -> None:
    assert command(process, Settings())[0] == sys.executable


def test_the_assistant_listens_where_the_settings_say(tmp_path: Path) -> None:
    line = command("assistant", Settings(assistant_port=6005), tmp_path / "m.tar.gz")
    assert line[line.index("--port") + 1] == "6005"
    assert line[line.index("--interface") + 1] == "127.0.0.1"
    assert line[line.index("--model") + 1] == str(tmp_path / "m.tar.gz")


def test_rasas_open_programming_interface_stays_shut_in_production() -> None:
    assert "--enable-api" in command("assistant", Settings())
    assert "--enable-api" not in command("assistant", production())


def test_an_unknown_process_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"'worker'\. Choose one of assistant, actions, desk"):
        command("worker", Settings())


def test_becoming_a_process_hands_over_line_and_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[tuple] = []
    monkeypatch.setattr(processes.os, "execve", lambda *given: called.append(given))
    replace_this_process(["/bin/x", "y"], Settings())
    ((program, line, variables),) = called
    assert (program, line) == ("/bin/x", ["/bin/x", "y"])
    assert variables["RASA_TELEMETRY_ENABLED"] == "false"
