"""The machine of a run, without which no figure says anything."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Machine:
    """Where and when. ``load_average``: of the last minute before the run; above 0.5 it was not quiet."""

    date: str
    python: str
    rasa: str
    system: str
    cpu: str
    cores: int
    memory_gb: float
    load_average: float


def this_machine() -> Machine:
    """The machine we are on, now."""
    return Machine(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        python=platform.python_version(),
        rasa=version("rasa"),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        cpu=cpu_model(),
        cores=os.cpu_count() or 1,
        memory_gb=round(psutil.virtual_memory().total / 1e9, 1),
        load_average=round(os.getloadavg()[0], 2),
    )


def cpu_model(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's own name where the system tells it."""
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown"
