"""The figures side by side: a table to read and a JSON file to keep."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.figures import ANSWERING, Measured, Running, answering_memory
from bench.machine import Machine
from bench.plan import Plan

_LANGUAGES = {"yue": "Cantonese", "en": "English", "zh": "Mandarin"}


@dataclass(frozen=True)
class Row:
    """One figure of all three; None where it was not measured. ``key`` names its ratio in the JSON."""

    key: str
    label: str
    ours: float | None
    postgresql: float | None = None
    stock: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours on SQLite divided by stock."""
        if self.ours is None or not self.stock:
            return None
        return round(self.ours / self.stock, 3)


def rows_of(measured: Measured) -> list[Row]:
    """All rows, in the order of a newcomer's day."""
    ours, stock = measured.ours_training, measured.stock_training
    rows = [
        Row("training", "Training from nothing, s", ours.from_nothing, None, stock.from_nothing),
        Row("retraining", "Training after an edit, s", ours.after_edit, None, stock.after_edit),
        Row("first_start", "First start, training included, s", measured.first_start_seconds),
    ]
    if measured.install_seconds is not None:
        rows.append(Row("install", "First `make up` of a clone, s", measured.install_seconds))
    return [*rows, *_running_rows(measured)]


def _running_rows(measured: Measured) -> Iterator[Row]:
    def row(key: str, label: str, figure: Callable[[Running], float | None]) -> Row:
        other = measured.postgresql
        return Row(
            key,
            label,
            figure(measured.ours),
            None if other is None else figure(other),
            figure(measured.stock),
        )

    yield row("start", "Start to first answer, s", lambda r: r.start_seconds)
    for name in (*ANSWERING, "desk", "starter"):
        yield row(f"memory_{name}", f"Memory {name}, MB", partial(_memory, name))
    yield row("memory", "Memory assistant + actions, MB", answering_memory)
    yield row("p50", "Turn p50, ms", lambda r: r.turns.milliseconds.p50)
    yield row("p95", "Turn p95, ms", lambda r: r.turns.milliseconds.p95)
    yield row("p99", "Turn p99, ms", lambda r: r.turns.milliseconds.p99)
    yield row("per_second", "Turns a second under load", lambda r: r.load.per_second)
    yield row("load_p50", "Turn p50 under load, ms", lambda r: r.load.milliseconds.p50)
    yield row("load_p99", "Turn p99 under load, ms", lambda r: r.load.milliseconds.p99)
    yield row("unanswered", "Turns not answered", lambda r: r.turns.unanswered + r.load.unanswered)
    yield row("orders", "Orders shown, %", _orders)
    for code, name in _LANGUAGES.items():
        yield row(f"right_{code}", f"Intents right, {name}, %", partial(_right, code))
    for code, name in _LANGUAGES.items():
        yield row(f"top_{code}", f"… threshold aside, {name}, %", partial(_top, code))


def _memory(name: str, running: Running) -> float | None:
    return running.memory_mb.get(name)


def _orders(running: Running) -> float | None:
    return _share(running.turns.orders_shown, running.turns.orders_asked)


def _right(language: str, running: Running) -> float | None:
    found = running.accuracy.get(language)
    return None if found is None else _share(found.right, found.lines)


def _top(language: str, running: Running) -> float | None:
    found = running.accuracy.get(language)
    return None if found is None else _share(found.top, found.lines)


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text; columns that nobody has a figure in are left out."""
    columns: list[tuple[str, list[str]]] = [
        ("ours", [_shown(row.ours) for row in rows]),
        ("ours, PostgreSQL", [_shown(row.postgresql) for row in rows]),
        ("stock", [_shown(row.stock) for row in rows]),
        ("ours / stock", ["-" if row.ratio is None else f"{row.ratio:.2f}" for row in rows]),
    ]
    columns = [(head, cells) for head, cells in columns if set(cells) != {"-"}]
    labels = max(len(row.label) for row in rows)
    lines = [" " * labels + "".join(f"  {head:>12}" for head, _ in columns)]
    for number, row in enumerate(rows):
        cells = "".join(f"  {cells[number]:>{max(12, len(head))}}" for head, cells in columns)
        lines.append(f"{row.label:<{labels}}{cells}")
    return "\n".join(lines)


def _shown(figure: float | None) -> str:
    if figure is None:
        return "-"
    return f"{figure:,.0f}" if figure == int(figure) or figure >= 1000 else f"{figure:,.1f}"


def heading(machine: Machine, plan: Plan) -> str:
    """Whose figures these are, in three lines, and a warning where they are not to be quoted."""
    lines = [
        f"{machine.date}  Python {machine.python}, Rasa {machine.rasa}, {machine.system}",
        f"{machine.cpu}, {machine.cores} cores, {machine.memory_gb} GB; "
        f"load average {machine.load_average} before the run",
        f"Stock pipeline: {plan.stock_epochs} epochs.",
    ]
    if plan.quick:
        lines.append("A quick run: it shows that the benchmark works and no more.")
    return "\n".join(lines)


def document(machine: Machine, plan: Plan, measured: Measured) -> dict[str, Any]:
    """Everything for the JSON file: machine, plan, figures, and ratios ours / stock by row."""
    rows = rows_of(measured)
    return {
        "machine": asdict(machine),
        "plan": asdict(plan),
        "measured": asdict(measured),
        "ratios": {row.key: row.ratio for row in rows if row.ratio is not None},
    }


def write(path: Path, content: dict[str, Any]) -> None:
    """Write the JSON file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
