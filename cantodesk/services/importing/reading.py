"""A file as rows of texts with their line numbers, or what is wrong with the file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cantodesk.services.importing.report import RowError

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 100_000
_TOO_MANY = RowError(None, None, f"The file has more than {MOST_ROWS:,} rows. Split it.")
_BLANK = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of one row, trimmed, and the line it begins on."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class RawFile:
    """All rows that could be read, and all errors met."""

    rows: list[RawRow]
    errors: list[RowError]


class _Unreadable(Exception):
    """Carries the one error of a file that cannot be read at all."""

    def __init__(self, error: RowError) -> None:
        super().__init__("the file cannot be read")
        self.error = error


def read_rows(path: Path, columns: Sequence[str], *, as_json: bool = False) -> RawFile:
    """Read a CSV or JSON file that must have exactly ``columns``, in any order."""
    try:
        text = _text_of(path)
        return _read_json(text, columns) if as_json else _read_csv(text, columns)
    except _Unreadable as unreadable:
        return RawFile([], [unreadable.error])


def _text_of(path: Path) -> str:
    try:
        if not path.is_file():
            raise _Unreadable(RowError(None, None, "There is no such file."))
        with path.open("rb") as file:
            # One byte more than allowed is enough to know.
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = f"The file cannot be read ({type(error).__name__})."
        raise _Unreadable(RowError(None, None, reason)) from None
    if len(content) > LARGEST_FILE:
        raise _Unreadable(RowError(None, None, "The file is larger than 10 MB. Split it."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = "The file is not UTF-8. In a spreadsheet, save it as “CSV UTF-8”."
        raise _Unreadable(RowError(line, None, reason)) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        reason = "The file holds a zero byte; it is no plain text."
        raise _Unreadable(RowError(line, None, reason))
    if not text.strip():
        raise _Unreadable(RowError(None, None, "The file is empty."))
    return text


def _read_csv(text: str, columns: Sequence[str]) -> RawFile:
    found = RawFile([], [])
    numbered = _numbered_rows(text)
    line, header = next(numbered)
    names = [name.strip() for name in header]
    found.errors.extend(_header_errors(line, names, columns))
    if found.errors:
        return found
    for line, cells in numbered:
        if not any(cell.strip() for cell in cells):
            continue
        if len(found.rows) >= MOST_ROWS:
            raise _Unreadable(_TOO_MANY)
        if len(cells) != len(names):
            reason = f"The row has {len(cells)} cells, the header has {len(names)}."
            found.errors.append(RowError(line, None, reason))
            continue
        texts = (cell.strip() for cell in cells)
        found.rows.append(RawRow(line, dict(zip(names, texts, strict=True))))
    return found


def _numbered_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they begin on; a cell may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            reason = (
                "From here on this is not CSV: a quotation mark is not closed, stands inside "
                "a cell without being doubled, or a cell is longer than 131,072 characters."
            )
            raise _Unreadable(RowError(line, None, reason)) from None
        yield line, cells


def _header_errors(line: int, names: Sequence[str], columns: Sequence[str]) -> Iterator[RowError]:
    for name in columns:
        if name not in names:
            yield RowError(line, name, "This column is missing.")
    for name in dict.fromkeys(names):
        if name not in columns:
            reason = f"This column is not known. Expected are {', '.join(columns)}."
            yield RowError(line, name[:40], reason)
        elif list(names).count(name) > 1:
            yield RowError(line, name, "This column is there twice.")


def _read_json(text: str, columns: Sequence[str]) -> RawFile:
    """A list of objects; a list of texts in a cell counts as texts separated by ``|``."""
    found = RawFile([], [])
    for line, item in _numbered_items(text):
        if len(found.rows) >= MOST_ROWS:
            raise _Unreadable(_TOO_MANY)
        if not isinstance(item, dict):
            found.errors.append(RowError(line, None, "Expected an object with named cells."))
            continue
        before = len(found.errors)
        found.errors.extend(_header_errors(line, list(item), columns))
        cells: dict[str, str] = {}
        for name in columns:
            cell = _json_cell(item.get(name))
            if cell is None:
                found.errors.append(RowError(line, name, "Expected a text or a list of texts."))
            else:
                cells[name] = cell
        if len(found.errors) == before:
            found.rows.append(RawRow(line, cells))
    return found


def _numbered_items(text: str) -> Iterator[tuple[int, Any]]:
    """The items of a JSON list with the line each begins on."""
    decoder = json.JSONDecoder(object_pairs_hook=_without_repeats)
    at = _after_blank(text, 0)
    if text[at : at + 1] != "[":
        raise _Unreadable(RowError(1, None, "Expected a JSON list: [ {…}, {…} ]."))
    at = _after_blank(text, at + 1)
    line, counted = 1, 0
    if text[at : at + 1] == "]":
        return
    while True:
        line += text.count("\n", counted, at)
        counted = at
        try:
            item, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            reason = "From here on this is not JSON."
            raise _Unreadable(RowError(line, None, reason)) from None
        except _Repeated as repeated:
            reason = "This name is there twice in one object."
            raise _Unreadable(RowError(line, repeated.name[:40], reason)) from None
        yield line, item
        at = _after_blank(text, at)
        if text[at : at + 1] == "]" and not text[at + 1 :].strip():
            return
        if text[at : at + 1] != ",":
            reason = "After this object a comma or the closing bracket is missing."
            raise _Unreadable(RowError(line, None, reason))
        at = _after_blank(text, at + 1)


class _Repeated(Exception):
    def __init__(self, name: str) -> None:
        super().__init__("a name is there twice")
        self.name = name


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Repeated(name)
        found[name] = value
    return found


def _after_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _json_cell(value: Any) -> str | None:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "|".join(part.strip() for part in value)
    return None
