"""Import one file, or a folder of them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from cantodesk.services.business import Business
from cantodesk.services.clock import Clock, utc_now
from cantodesk.services.failures import STORAGE_FAILURES, log_failure
from cantodesk.services.importing.checking import check_references, check_rows
from cantodesk.services.importing.reading import read_rows
from cantodesk.services.importing.report import ImportKind, ImportReport, RowError
from cantodesk.services.importing.tables import PLANS
from cantodesk.services.importing.writing import write_rows
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault


def import_file(
    kind: ImportKind | str,
    path: Path,
    engine: Engine,
    vault: Vault,
    business: Business,
    clock: Clock = utc_now,
) -> ImportReport:
    """Import a CSV file (knowledge also as ``.json``), whole or not at all.

    Importing the same file again changes nothing. Rows that are in the database
    and not in the file stay. Raises ValueError for a kind there is not.
    """
    kind = ImportKind(kind)
    plan = PLANS[kind]
    as_json = kind is ImportKind.KNOWLEDGE and path.suffix.lower() == ".json"
    raw = read_rows(path, plan.row.columns(), as_json=as_json)
    checked, errors = check_rows(plan, raw.rows, business)
    errors = raw.errors + errors
    count = len(raw.rows)
    try:
        with session(engine, reading=True) as opened:
            errors += check_references(opened, plan, checked)
        if errors:
            errors.sort(key=lambda error: error.line or 0)
            return ImportReport(kind, path.name, count, errors=tuple(errors))
        written = write_rows(engine, vault, kind, plan, checked, clock())
    except STORAGE_FAILURES as error:
        log_failure(f"importing {kind}", error)
        reason = "The database did not take the file; nothing was imported."
        return ImportReport(kind, path.name, count, errors=(RowError(None, None, reason),))
    return ImportReport(
        kind, path.name, count, written.inserted, written.updated, written.unchanged
    )


def import_folder(
    path: Path,
    engine: Engine,
    vault: Vault,
    business: Business,
    clock: Clock = utc_now,
) -> tuple[ImportReport, ...]:
    """Import every file of the folder that has a kind's name, in the right order.

    Stops after the first file with an error, because later ones may build on it.
    A folder with none of the files gives no reports.
    """
    reports: list[ImportReport] = []
    for kind in ImportKind:
        names = [path / f"{kind}.csv"]
        if kind is ImportKind.KNOWLEDGE:
            names.append(path / f"{kind}.json")
        for file in names:
            if not file.exists():
                continue
            reports.append(import_file(kind, file, engine, vault, business, clock))
            if not reports[-1].ok:
                return tuple(reports)
    return tuple(reports)
