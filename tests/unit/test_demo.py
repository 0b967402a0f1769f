"""The demo business is as fresh on any day as on the day it was written."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from business_samples import DEMO

from cantodesk import demo


def column(folder: Path, file: str, name: str) -> list[str]:
    with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
        return [row[name] for row in csv.DictReader(lines)]


def test_every_day_moves_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "DEMO", DEMO)
    demo.moved_demo(tmp_path, date(2027, 2, 1))
    by = date(2027, 2, 1) - demo.DEMO_DAY
    written = column(DEMO, "orders.csv", "eta")
    assert column(tmp_path, "orders.csv", "eta") == [
        (date.fromisoformat(day) + by).isoformat() if day else "" for day in written
    ]
    for name in ("order_id", "phone", "total_hkd", "tracking_no"):
        assert column(tmp_path, "orders.csv", name) == column(DEMO, "orders.csv", name)
    assert column(tmp_path, "knowledge.csv", "id") == column(DEMO, "knowledge.csv", "id")


def test_a_moment_keeps_its_clock_time_and_zone() -> None:
    moved = demo.moved("2026-11-20T11:04:01+08:00", timedelta(days=10))
    assert moved == "2026-11-30T11:04:01+08:00"
    assert demo.moved("", timedelta(days=10)) == ""
