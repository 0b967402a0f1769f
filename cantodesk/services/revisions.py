"""The counter by which readers notice a new import."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cantodesk.storage.business_tables import ImportRevision
from cantodesk.storage.upsert import insert_if_absent


def revision_of(opened: Session, kind: str) -> int:
    """How often a file of ``kind`` has changed something; 0 before the first."""
    found = opened.scalar(select(ImportRevision.revision).where(ImportRevision.kind == kind))
    return found or 0


def hold_revision(engine: Engine, opened: Session, kind: str) -> ImportRevision:
    """The counter's row, held until the transaction ends: imports of a kind queue here."""
    fresh = {"kind": kind, "revision": 0}
    opened.execute(insert_if_absent(engine, ImportRevision, fresh, ["kind"]))
    return opened.scalars(
        select(ImportRevision).where(ImportRevision.kind == kind).with_for_update()
    ).one()


def count_up(row: ImportRevision, now: datetime) -> None:
    """Tell readers that something changed."""
    row.revision += 1
    row.imported_at = now
