"""The report's first table as text, for the terminal."""

from __future__ import annotations

from typing import Any

from evaluation.measures import ALL, MEASURES, NAMES

_CODES = tuple(code for code in NAMES if code != ALL)


def summary(document: dict[str, Any]) -> str:
    """Target, reached, met: a row a measure. A figure that misses its target has a mark behind it."""
    rows = [["", "target", *(NAMES[code] for code in _CODES)]]
    for row in document["targets"]:
        measure = MEASURES[row["key"]]
        sign = "≥" if measure.at_least else "≤"
        cells = [_cell(row["reached"].get(code, {}), measure.shown) for code in _CODES]
        rows.append([measure.label, f"{sign} {measure.shown(measure.target)}", *cells])
    for row in document["speed"]:
        rows.append(
            [row["label"], f"≤ {row['target']:.0f}", _cell(row, lambda v: f"{v:.1f}"), "", ""]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in rows
    ]
    return "\n".join([*(line.rstrip() for line in lines), "* misses its target; - not measured"])


def _cell(figure: dict[str, Any], shown: Any) -> str:
    value = figure.get("value")
    if value is None:
        return "- "
    return f"{shown(value)}{' ' if figure['met'] else '*'}"
