"""Copies of the project, each with its own caches, home, models and ports."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.processes import end_strays

PROJECT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
_COPIED = (
    *("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"),
    *("data", "demo", "actions", "cantodesk"),
)
_EDITED = Path("data/orders/nlu.yue.yml")
# Of the caller's environment: nothing that says where things are, and nothing of an outer `make`.
_FORGOTTEN = (
    "CANTODESK_",
    "RASA_",
    "PYTHONPATH",
    "VENV",
    "VIRTUAL_ENV",
    "MAKE",
    "MFLAGS",
    "UV_PROJECT",
)


@dataclass(frozen=True)
class Place:
    """A folder to run in, the home of its database and keys, and its three ports."""

    folder: Path
    home: Path
    ports: tuple[int, int, int]
    database_url: str = ""

    @property
    def assistant(self) -> str:
        """Base address of the assistant."""
        return f"http://{HOST}:{self.ports[0]}"

    def environment(self) -> dict[str, str]:
        """The variables of every process that runs here."""
        caller = {k: v for k, v in os.environ.items() if not k.startswith(_FORGOTTEN)}
        assistant, actions, desk = map(str, self.ports)
        return {
            **caller,
            "RASA_TELEMETRY_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "HF_HUB_OFFLINE": "1",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONWARNINGS": "ignore",
            "CANTODESK_HOME": str(self.home),
            "CANTODESK_DATABASE_URL": self.database_url,
            "CANTODESK_HOST": HOST,
            "CANTODESK_ASSISTANT_PORT": assistant,
            "CANTODESK_ACTIONS_PORT": actions,
            "CANTODESK_DESK_PORT": desk,
            "CANTODESK_ACTIONS_URL": f"http://{HOST}:{actions}/webhook",
        }

    def log(self, step: str) -> Path:
        """Where a step's output goes: beside the folder, so that logs are not part of a project."""
        return self.folder.parent / f"{self.folder.name} {step}.log"


@contextlib.contextmanager
def workspace() -> Iterator[Path]:
    """A temporary folder. At its end nothing is left in it, and nobody."""
    with tempfile.TemporaryDirectory(prefix="cantodesk-bench-", ignore_cleanup_errors=True) as name:
        try:
            yield Path(name)
        finally:
            end_strays(Path(name))


def copy_of_project(work: Path, name: str) -> Place:
    """What Rasa and our processes read, without any cache, model or database."""
    folder = work / name
    folder.mkdir()
    for part in _COPIED:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    return place_at(folder)


def place_at(folder: Path) -> Place:
    """A folder with a home inside it and free ports."""
    return Place(folder, folder / ".cantodesk", free_ports())


def free_ports() -> tuple[int, int, int]:
    """Three ports that nobody has now."""
    with contextlib.ExitStack() as held:
        found = []
        for _ in range(3):
            probe = held.enter_context(socket.socket())
            probe.bind((HOST, 0))
            found.append(int(probe.getsockname()[1]))
        return found[0], found[1], found[2]


def edit_one_line(folder: Path) -> None:
    """Put one more sign at the end of one training line, as a designer would."""
    path = folder / _EDITED
    before, mark, after = path.read_text(encoding="utf-8").partition("\n    - ")
    line, end, rest = after.partition("\n")
    path.write_text(f"{before}{mark}{line}呀{end}{rest}", encoding="utf-8")
