"""Migrations make the tables the code works with, once, and leave what is in them alone."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from business_samples import ROOT
from conversation_samples import a_store, bot_says, customer_says, say, session_start
from sqlalchemy import (
    Column,
    Engine,
    Index,
    Integer,
    MetaData,
    Table,
    create_engine,
    inspect,
    make_url,
    select,
    text,
)

from cantodesk.conversations.handovers import HandOvers
from cantodesk.services.shop import Shop
from cantodesk.storage.base import Base
from cantodesk.storage.business_tables import Ticket
from cantodesk.storage.engine import engine_for
from cantodesk.storage.migrating import configuration, differences, migrate
from cantodesk.storage.vault import Vault


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it, once of each kind."""
    if request.param == "sqlite":
        engine = engine_for(f"sqlite:///{tmp_path / 'new.sqlite3'}")
        yield engine
        engine.dispose()
        return
    name = f"cantodesk_new_{uuid.uuid4().hex[:12]}"
    address = request.getfixturevalue("postgres_server")
    server = create_engine(address, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine = engine_for(make_url(address).set(database=name).render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


def schema(engine: Engine) -> dict[str, Any]:
    """Columns, keys and indexes of every table, as the database tells them."""
    seen = inspect(engine)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(name)],
            seen.get_pk_constraint(name)["constrained_columns"],
            sorted(str(key) for key in seen.get_foreign_keys(name)),
            sorted((i["name"], i["column_names"], i["unique"]) for i in seen.get_indexes(name)),
            sorted(str(unique) for unique in seen.get_unique_constraints(name)),
        )
        for name in seen.get_table_names()
    }


def rows(engine: Engine) -> dict[str, list[Any]]:
    """Everything in every table."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            name: sorted(map(str, connection.execute(select(table))))
            for name, table in found.tables.items()
        }


def told(engine: Engine) -> list[tuple[str, str]]:
    """Kind and name of what `differences` finds."""
    return [(found[0], found[-1].name) for found in differences(engine)]


def test_migrated_tables_are_those_of_the_code(new_database: Engine) -> None:
    migrate(new_database)
    assert differences(new_database) == []
    assert set(inspect(new_database).get_table_names()) == {
        *Base.metadata.tables,
        "alembic_version",
    }


def test_a_table_the_migrations_forgot_would_be_told(engine: Engine) -> None:
    forgotten = Table("forgotten", Base.metadata, Column("id", Integer, primary_key=True))
    try:
        assert told(engine) == [("add_table", "forgotten")]
    finally:
        Base.metadata.remove(forgotten)


def test_so_would_an_index(engine: Engine) -> None:
    forgotten = Index("ix_forgotten", Ticket.__table__.c.number)
    try:
        assert told(engine) == [("add_index", "ix_forgotten")]
    finally:
        Ticket.__table__.indexes.discard(forgotten)


def test_a_column_that_is_not_the_codes_is_told(new_database: Engine) -> None:
    migrate(new_database)
    with new_database.begin() as connection:
        connection.execute(text("ALTER TABLE tickets ADD COLUMN left_over INTEGER"))
    assert told(new_database) == [("remove_column", "left_over")]


def test_an_empty_database_differs_in_every_table(new_database: Engine) -> None:
    missing = {name for kind, name in told(new_database) if kind == "add_table"}
    assert missing == set(Base.metadata.tables)


def test_there_is_one_line_of_migrations() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


async def test_migrating_again_changes_nothing_and_data_survive(
    engine: Engine, vault: Vault, shop: Shop
) -> None:
    store = a_store(engine, vault)
    await say(store, *session_start(), customer_says("我叫陳大文"), bot_says("你好呀"))
    HandOvers(engine, vault).open("web:customer-1", "request_human", {"slots": {"a": 1}})
    tables, content = schema(engine), rows(engine)
    assert len(content["orders"]) > 50
    migrate(engine)
    assert schema(engine) == tables
    assert rows(engine) == content
    # What was sealed before opens afterwards.
    tracker = await store.retrieve("web:customer-1")
    assert tracker.latest_message.text == "我叫陳大文"
    (call,) = HandOvers(engine, vault).list()
    file = HandOvers(engine, vault).get(call.id)
    assert file is not None
    assert file.packet is not None
    assert file.packet["slots"] == {"a": 1}


_MIGRATES = """
import sys
from cantodesk.storage.engine import engine_for
from cantodesk.storage.migrating import migrate
engine = engine_for(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(engine)
"""


def test_processes_that_start_at_once_on_a_new_database_do_not_collide(
    new_database: Engine,
) -> None:
    url = new_database.url.render_as_string(hide_password=False)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _MIGRATES, url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    assert [process.stdout and process.stdout.readline() for process in started] == ["ready\n"] * 4
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0] * 4, said
    assert differences(new_database) == []
    with new_database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
