"""Starting commands, ending them with all they started, and what they take."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil  # type: ignore[import-untyped]

_POLITE, _FORCED = 20.0, 5.0
_LINES_SHOWN = 15


class BenchFailed(Exception):
    """A step failed. The message is a sentence, with the end of the step's log."""


@contextlib.contextmanager
def running(
    line: Sequence[str], folder: Path, environment: dict[str, str], log: Path
) -> Iterator[psutil.Popen]:
    """A command in a folder; when the block ends, however it ends, so does all it started."""
    with log.open("wb") as out:
        process = psutil.Popen(
            line,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            # A Ctrl-C is ours to pass on, once.
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end_tree(process)


def finished(
    line: Sequence[str], folder: Path, environment: dict[str, str], log: Path, within: float
) -> float:
    """Run a command to its end; the seconds it took.

    Raises:
        BenchFailed: an exit code other than 0, or not done in time.
    """
    started = time.monotonic()
    with running(line, folder, environment, log) as process:
        try:
            code = process.wait(within)
        except psutil.TimeoutExpired:
            raise failure(f"{log.stem} was not done in {within:.0f} s", log) from None
        seconds = time.monotonic() - started
    if code != 0:
        raise failure(f"{log.stem} ended with code {code}", log)
    return seconds


def failure(sentence: str, log: Path) -> BenchFailed:
    """The exception for a step, with the end of its log."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES_SHOWN:]
    return BenchFailed("\n  ".join([f"{sentence}. Its last lines:", *lines]))


def end_tree(process: psutil.Process) -> None:
    """End a process and everything below it: politely, then by force."""
    with uninterrupted():
        try:
            below = process.children(recursive=True)
            process.terminate()
        except psutil.NoSuchProcess:
            below = []
        # The root passes the signal on; only what it leaves behind is ended one by one.
        with contextlib.suppress(psutil.TimeoutExpired):
            process.wait(_POLITE)
        end_all([process, *below])


def end_strays(folder: Path) -> None:
    """End whatever still works in a folder of ours: what lost its parent on the way."""
    inside = folder.resolve()
    strays = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(inside):
                strays.append(process)
    with uninterrupted():
        end_all(strays)


def end_all(processes: Sequence[psutil.Process]) -> None:
    """SIGTERM to those still there, SIGKILL to those who do not mind."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, left = psutil.wait_procs(processes, timeout=_FORCED)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=_FORCED)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """A second Ctrl-C does not stop the cleaning."""
    before = {name: signal.signal(name, signal.SIG_IGN) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def memory(roots: Sequence[psutil.Process]) -> dict[str, float]:
    """Resident MB of each process below some roots, by its name."""
    taken: dict[str, float] = {}
    for root in roots:
        for process in [root, *root.children(recursive=True)]:
            name = name_of(process.cmdline())
            # honcho forks a small watcher for each process: what they share with it counts once.
            first = name != "starter" or name not in taken
            bytes_ = process.memory_info().rss if first else process.memory_full_info().uss
            taken[name] = taken.get(name, 0.0) + bytes_ / 1e6
    return {name: round(mb, 1) for name, mb in taken.items()}


def name_of(command_line: Sequence[str]) -> str:
    """Which process of ours a command line is; `starter` for what only starts the others."""
    words = set(command_line)
    # Ours starts Rasa through a door of its own; the stock side starts it as it is.
    if "run" in words and words & {"rasa", "cantodesk.channels"}:
        return "assistant"
    if "actions" in words:
        return "actions"
    return "desk" if "cantodesk.desk" in words else "starter"
