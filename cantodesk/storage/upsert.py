"""The one statement that SQLite and PostgreSQL spell in their own dialect classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite

from cantodesk.storage.base import Base


def insert_if_absent(
    engine: Engine,
    table: type[Base],
    rows: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    unique: Sequence[str],
) -> sqlite.Insert | postgresql.Insert:
    """``INSERT … ON CONFLICT (unique) DO NOTHING``: whoever comes second changes nothing."""
    values = dict(rows) if isinstance(rows, Mapping) else [dict(row) for row in rows]
    if engine.dialect.name == "postgresql":
        return postgresql.insert(table).values(values).on_conflict_do_nothing(index_elements=unique)
    return sqlite.insert(table).values(values).on_conflict_do_nothing(index_elements=unique)
