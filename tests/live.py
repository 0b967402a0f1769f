"""The whole product as processes, on free ports and in a folder of its own: `LiveStack`."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cantodesk.assembly import Services, assemble
from cantodesk.demo import import_demo
from cantodesk.processes import PROCESSES, command, environment
from cantodesk.settings import Settings
from cantodesk.storage.engine import engine_for
from cantodesk.up import prepared, ready_model

PROJECT = Path(__file__).resolve().parent.parent
WATCH = PROJECT / "tests" / "no_network"
_READY_WITHIN, _STOPPED_WITHIN = 180, 20
_READY = {
    "assistant": "/webhooks/rest/",
    "actions": "/health",
    "desk": "/ready",
}


@dataclass(frozen=True)
class Reply:
    """An HTTP answer: its status and its JSON (None when it is none)."""

    status: int
    body: Any


class LiveStack:
    """Assistant, actions and desk. Use it as a context manager.

    ``calls_outside`` is the file in which every process notes what it calls beyond this
    machine. SQLite in ``folder`` unless a ``database_url`` is given.
    """

    def __init__(self, folder: Path, calls_outside: Path, database_url: str = "") -> None:
        ports = dict(zip(PROCESSES, free_ports(len(PROCESSES)), strict=True))
        self.home = folder / "home"
        self.settings = Settings(
            home=self.home,
            database_url=database_url,
            **{f"{process}_port": port for process, port in ports.items()},
        )
        self._folder = folder
        self._calls_outside = calls_outside
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._services: Services | None = None

    def __enter__(self) -> LiveStack:
        self.home.mkdir(mode=0o700, parents=True)
        business, vault = prepared(self.settings)
        for report in import_demo(vault, business):
            assert report.ok, f"{report.file}: {report.errors[:1]}"
        self._model = ready_model(self.settings, PROJECT)
        try:
            # All at once: the longest, the assistant, then takes no longer than alone.
            for process in PROCESSES:
                self._spawn(process)
            for process in PROCESSES:
                self._wait_until_ready(process)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in list(self._running):
            self.stop(process)
        engine_for(self.settings.database).dispose()

    def start(self, process: str) -> None:
        """Start a process and wait until it answers."""
        self._spawn(process)
        self._wait_until_ready(process)

    def stop(self, process: str, *, at_once: bool = False) -> None:
        """End a process: asked first, unless ``at_once``; killed if it does not listen."""
        running = self._running.pop(process)
        running.send_signal(signal.SIGKILL if at_once else signal.SIGTERM)
        try:
            running.wait(_STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()

    def alive(self, process: str) -> bool:
        """Whether the process that was started last still runs."""
        return self._running[process].poll() is None

    def pid(self, process: str) -> int:
        """The process id."""
        return self._running[process].pid

    def log(self, process: str) -> str:
        """Everything a process has written since the stack began."""
        return self._log_file(process).read_text(encoding="utf-8", errors="replace")

    @property
    def url(self) -> str:
        """Base address of the assistant, for `player.play`."""
        return self.settings.url("assistant")

    @property
    def services(self) -> Services:
        """The business on the same database, to look at what the processes wrote."""
        if self._services is None:
            self._services = assemble(self.settings, _no_sentences)
        return self._services

    def say(self, sender: str, message: str) -> list[dict[str, Any]]:
        """One line of a customer; the replies."""
        answer = self.post({"sender": sender, "message": message})
        assert answer.status == 200, f"{answer.status}: {answer.body}"
        replies: list[dict[str, Any]] = answer.body
        return replies

    def tracker(self, sender: str) -> dict[str, Any]:
        """Rasa's own view of a conversation: its slots and events."""
        address = f"{self.url}/conversations/{sender}/tracker?include_events=ALL"
        found: dict[str, Any] = answer_to(urllib.request.Request(address)).body
        return found

    def post(self, body: object) -> Reply:
        """Send anything to the assistant's REST channel; bytes go as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/webhooks/rest/webhook", raw, headers)
        return answer_to(request)

    def _spawn(self, process: str) -> None:
        known = self.settings
        extra = {
            "CANTODESK_HOME": str(known.home),
            "CANTODESK_DATABASE_URL": known.database_url,
            "CANTODESK_BUSINESS_FILE": str(known.business_file),
            **{f"CANTODESK_{p.upper()}_PORT": str(getattr(known, f"{p}_port")) for p in PROCESSES},
            "CANTODESK_TEST_PROCESS": process,
            "CANTODESK_TEST_CALLS_OUTSIDE": str(self._calls_outside),
            "PYTHONPATH": str(WATCH),
        }
        with self._log_file(process).open("ab") as log:
            self._running[process] = subprocess.Popen(
                command(process, known, self._model if process == "assistant" else None),
                cwd=PROJECT,
                env=environment(known) | extra,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _wait_until_ready(self, process: str) -> None:
        url = self.settings.url(process) + _READY[process]  # type: ignore[arg-type]
        deadline = time.monotonic() + _READY_WITHIN
        running = self._running[process]
        while answer_to(urllib.request.Request(url), patience=2).status != 200:
            assert time.monotonic() < deadline, f"{process} does not answer.\n{self._end(process)}"
            try:
                running.wait(0.25)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"{process} ended.\n{self._end(process)}")

    def _end(self, process: str) -> str:
        return self.log(process)[-3000:]

    def _log_file(self, process: str) -> Path:
        return self._folder / f"{process}.log"


def answer_to(request: urllib.request.Request, patience: float = 90) -> Reply:
    """Send a request; status 0 when nobody answers within ``patience`` seconds."""
    try:
        with urllib.request.urlopen(request, timeout=patience) as answer:
            return Reply(answer.status, parsed(answer.read()))
    except urllib.error.HTTPError as error:
        return Reply(error.code, parsed(error.read()))
    except (OSError, http.client.HTTPException):
        return Reply(0, None)


def parsed(raw: bytes) -> Any:
    """JSON, or None."""
    try:
        return json.loads(raw)
    except ValueError:
        return None


def free_ports(count: int) -> list[int]:
    """Ports nobody has at this moment, all different."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _no_sentences(lines: object) -> Any:
    raise AssertionError("Tests ask the running assistant for answers, not this process.")
