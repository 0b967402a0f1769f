"""No process of the product spoke to anybody outside this machine. Runs last."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import psutil
import pytest
from live import LiveStack

from cantodesk.processes import PROCESSES


def noted(calls_outside: Path) -> list[str]:
    return calls_outside.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("process", PROCESSES)
def test_every_process_was_watched(process: str, live: LiveStack, calls_outside: Path) -> None:
    assert f"{process} watched" in noted(calls_outside)


def test_nobody_outside_was_called(live: LiveStack, calls_outside: Path) -> None:
    called = [line for line in noted(calls_outside) if not line.endswith(" watched")]
    assert called == []


@pytest.mark.parametrize("process", PROCESSES)
def test_no_connection_leads_outside(process: str, live: LiveStack) -> None:
    # Sees also what was opened without Python.
    connections = psutil.Process(live.pid(process)).net_connections("inet")
    far = [c.raddr.ip for c in connections if c.raddr and not is_here(c.raddr.ip)]
    assert far == []


def is_here(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback
