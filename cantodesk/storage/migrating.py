"""Bringing a database to the tables this version of CantoDesk works with."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, func, select

from cantodesk.storage import business_tables, conversation_tables  # noqa: F401
from cantodesk.storage.base import Base

# PostgreSQL's name for "this database is being migrated": any number that is ours.
_MIGRATING = 20_250_701


def configuration() -> Config:
    """Alembic's configuration; there is no alembic.ini, the settings say where the database is."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(engine: Engine) -> None:
    """Run all migrations that this database has not seen. Processes may do it at once."""
    config = configuration()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Held to the end of the transaction. SQLite's own write lock does the same.
            connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def new_migration(engine: Engine, message: str) -> None:
    """Write a migration for what the tables say and the database does not have."""
    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message=message, autogenerate=True)


def differences(engine: Engine) -> list[object]:
    """What a migrated database and the tables disagree about; empty when all is well."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))
