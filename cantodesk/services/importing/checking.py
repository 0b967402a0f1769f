"""Rows of texts become checked rows; everything wrong becomes a sentence with its line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from cantodesk.services.business import Business
from cantodesk.services.importing.reading import RawRow
from cantodesk.services.importing.report import RowError
from cantodesk.services.importing.rows import ImportRow
from cantodesk.services.importing.tables import ImportPlan


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row and the line it stands on."""

    line: int
    row: ImportRow


def check_rows(
    plan: ImportPlan, raw: Iterable[RawRow], business: Business
) -> tuple[list[CheckedRow], list[RowError]]:
    """Every row by itself, and no key twice."""
    checked: list[CheckedRow] = []
    errors: list[RowError] = []
    first_line: dict[tuple[Any, ...], int] = {}
    for item in raw:
        try:
            row = plan.row.model_validate(item.cells, context=business)
        except ValidationError as error:
            errors.extend(_row_errors(item.line, error))
            continue
        key = tuple(getattr(row, name) for name in plan.row.key)
        if key in first_line:
            names = " and ".join(plan.row.key)
            reason = f"The same {names} stands on line {first_line[key]} already."
            errors.append(RowError(item.line, plan.row.key[0], reason))
            continue
        first_line[key] = item.line
        checked.append(CheckedRow(item.line, row))
    return checked, errors


def check_references(
    opened: Session, plan: ImportPlan, checked: Sequence[CheckedRow]
) -> list[RowError]:
    """What the rows refer to must have been imported before."""
    errors: list[RowError] = []
    for name, column in plan.references:
        known = set(opened.scalars(select(column)))
        table = column.class_.__tablename__
        errors.extend(
            RowError(item.line, name, f"Nothing in {table} has this {name}. Import {table} first.")
            for item in checked
            if getattr(item.row, name) not in known
        )
    return errors


def _row_errors(line: int, error: ValidationError) -> Iterable[RowError]:
    for problem in error.errors(include_input=False, include_url=False):
        column = str(problem["loc"][0]) if problem["loc"] else None
        if problem["type"] == "enum":
            reason = f"expected one of {problem['ctx']['expected']}".replace("'", "")
        else:
            reason = problem["msg"].removeprefix("Value error, ")
        yield RowError(line, column, f"{reason[:1].upper()}{reason[1:]}.")
