"""The three processes: how each is started, and the environment they share."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cantodesk.settings import Settings

PROCESSES = ("assistant", "actions", "desk")


def environment(settings: Settings) -> dict[str, str]:
    """Variables for every process of ours: nothing is reported to anybody, nothing speaks outside.

    Rasa reports usage, and crashes with their data, to third parties unless told
    not to; the libraries below look for newer versions of themselves.
    """
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "HF_HUB_OFFLINE": "1",
        "CANTODESK_ACTIONS_URL": f"{settings.url('actions')}/webhook",
        # Rasa speaks of SQLAlchemy's age and TensorFlow of its instruction sets; neither helps anyone.
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "SANIC_HOST": settings.host,
        # One thread a matrix product: lines are short, and three processes share the cores.
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1"),
    }


def command(process: str, settings: Settings, model: Path | None = None) -> list[str]:
    """The command line of a process.

    Raises:
        ValueError: there is no such process.
    """
    if process == "assistant":
        return [*_assistant(settings), *([] if model is None else ["--model", str(model)])]
    if process in PROCESSES:
        module = {"actions": "actions", "desk": "cantodesk.desk"}[process]
        return [sys.executable, "-W", "ignore", "-m", module]
    raise ValueError(f"There is no process {process!r}. Choose one of {', '.join(PROCESSES)}.")


def _assistant(settings: Settings) -> list[str]:
    arguments = [
        *("--interface", settings.host),
        *("--port", str(settings.assistant_port)),
        *("--endpoints", "endpoints.yml"),
        *("--credentials", "credentials.yml"),
        *("--response-timeout", "60"),
    ]
    if settings.profile == "local":
        # /model/parse and friends have no password; in production they stay off.
        arguments.append("--enable-api")
    return rasa("run", *arguments)


def rasa(*arguments: str) -> list[str]:
    """Rasa's own command line, in this very Python and without its libraries' warnings."""
    return [sys.executable, "-m", "cantodesk.channels", *arguments]


def replace_this_process(command_line: Sequence[str], settings: Settings) -> None:
    """Become that process, so that signals reach it directly."""
    sys.stdout.flush()
    os.execve(command_line[0], list(command_line), environment(settings))  # noqa: S606
