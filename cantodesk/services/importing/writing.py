"""Checked rows into a table: all of them or none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, insert, inspect, select, update

from cantodesk.services.importing.checking import CheckedRow
from cantodesk.services.importing.report import ImportKind
from cantodesk.services.importing.rows import ImportRow
from cantodesk.services.importing.tables import ImportPlan, Values
from cantodesk.services.orders import CANCELLABLE
from cantodesk.services.revisions import count_up, hold_revision
from cantodesk.storage.business_tables import Order, OrderStatus
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault


class Written(NamedTuple):
    """How many rows were new, changed, and as they were."""

    inserted: int
    updated: int
    unchanged: int


def write_rows(
    engine: Engine,
    vault: Vault,
    kind: ImportKind,
    plan: ImportPlan,
    checked: Sequence[CheckedRow],
    now: datetime,
) -> Written:
    """Insert what is new, update what differs from its last import, leave the rest alone.

    A row is compared with the row last imported, not with the table: importing the
    same file again must not undo what customers did meanwhile.

    Raises:
        SQLAlchemyError: with nothing written.
    """
    # Sealed and hashed before the transaction: the vault has transactions of its own.
    rows = [_values(vault, kind, plan, item.row) for item in checked]
    primary = [str(column.key) for column in inspect(plan.table).primary_key]
    with session(engine) as opened:
        counter = hold_revision(engine, opened, kind)
        names = list(dict.fromkeys([*plan.natural_key, *primary, "imported_hash"]))
        columns = [getattr(plan.table, name) for name in names]
        held = {
            tuple(row[: len(plan.natural_key)]): dict(zip(names, row, strict=True))
            for row in opened.execute(select(*columns))
        }
        cancelled: set[str] = set()
        if kind is ImportKind.ORDERS:
            cancelled.update(
                opened.scalars(select(Order.order_id).where(Order.cancelled_at.is_not(None)))
            )
        new: list[Values] = []
        changed: list[Values] = []
        for values in rows:
            before = held.get(tuple(values[name] for name in plan.natural_key))
            if before is None:
                new.append(values)
            elif before["imported_hash"] != values["imported_hash"]:
                kept = {name: before[name] for name in primary}
                changed.append(_still_cancelled({**values, **kept}, cancelled))
        if new:
            opened.execute(insert(plan.table), new)
        if changed:
            opened.execute(update(plan.table), changed)
        if new or changed:
            count_up(counter, now)
    return Written(len(new), len(changed), len(rows) - len(new) - len(changed))


def _values(vault: Vault, kind: ImportKind, plan: ImportPlan, row: ImportRow) -> Values:
    content = json.dumps(row.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    # Keyed, because a plain hash of a row with a telephone number could be guessed.
    return {
        **plan.values(row, vault),
        "imported_hash": vault.lookup_hash(f"import {kind}", content),
    }


def _still_cancelled(values: dict[str, Any], cancelled: set[str]) -> dict[str, Any]:
    """An export from before the customer's cancellation does not bring the order back.

    One that says the order was packed or sent does: the warehouse knows better.
    """
    if values.get("order_id") in cancelled and values.get("status") in CANCELLABLE:
        return {**values, "status": OrderStatus.CANCELLED}
    return values
