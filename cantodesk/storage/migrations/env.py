"""Alembic's entry: runs migrations on the connection that ``storage.migrating`` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from cantodesk.storage import business_tables, conversation_tables
from cantodesk.storage.base import Base

# Importing the tables is what fills the metadata.
_TABLES = (business_tables, conversation_tables)


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations stand alone: our own column types are written as what they are in the database."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def run() -> None:
    """Run online, in one transaction, with SQLite's batch mode for column changes."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
