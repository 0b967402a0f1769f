from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from cantodesk.storage.conversation_tables import Conversation, ProjectionCursor
from cantodesk.storage.engine import engine_for, session

NOON = datetime(2025, 7, 1, 12, tzinfo=timezone(timedelta(hours=8)))


def conversation(ref: str, at: datetime = NOON) -> Conversation:
    return Conversation(ref=ref, tenant="shop", sender=b"sealed", started_at=at, last_at=at)


def test_an_address_has_one_engine(engine: Engine, database_url: str) -> None:
    assert engine_for(database_url) is engine


def test_a_session_commits_or_leaves_nothing(engine: Engine) -> None:
    with session(engine) as opened:
        opened.add(ProjectionCursor(name="kept", event_id=1))

    def fail() -> None:
        with session(engine) as opened:
            opened.add(ProjectionCursor(name="lost", event_id=2))
            opened.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with session(engine, reading=True) as opened:
        assert opened.scalars(select(ProjectionCursor.name)).all() == ["kept"]


def test_moments_come_back_aware_and_in_utc(engine: Engine) -> None:
    with session(engine) as opened:
        opened.add(conversation("a"))
    with session(engine, reading=True) as opened:
        found = opened.get_one(Conversation, "a").started_at
    assert found == NOON
    assert found.tzinfo is UTC


def test_a_moment_without_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="time zone"), session(engine) as opened:
        opened.add(conversation("a", at=datetime(2025, 7, 1)))


def test_errors_do_not_show_parameters(engine: Engine) -> None:
    insert = text("INSERT INTO projection_cursors (name, event_id) VALUES (:name, :event_id)")
    row = {"name": "a", "event_id": 987656789}
    with session(engine) as opened:
        opened.execute(insert, row)
    with pytest.raises(IntegrityError) as failed, session(engine) as opened:
        opened.execute(insert, row)
    assert "987656789" not in str(failed.value)


def test_rows_of_an_unknown_conversation_are_refused(engine: Engine) -> None:
    insert = text(
        "INSERT INTO events (conversation_ref, uid, type_name, timestamp, body) "
        "VALUES ('nobody', 'u', 'user', 0, :body)"
    )
    with pytest.raises(IntegrityError), session(engine) as opened:
        opened.execute(insert, {"body": b""})


def test_a_new_sqlite_file_is_private_and_uses_wal(tmp_path: Path) -> None:
    path = tmp_path / "home" / "cantodesk.sqlite3"
    engine = engine_for(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        }
        connection.exec_driver_sql("CREATE TABLE t (a)")
        connection.commit()
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        assert len(list(path.parent.iterdir())) == 3
    assert found == {
        "journal_mode": "wal",
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "synchronous": 1,
    }
    assert modes == {0o600}
    engine.dispose()


def test_a_sqlite_session_that_reads_first_already_holds_the_write_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    engine = engine_for(f"sqlite:///{path}")
    with session(engine) as opened:
        opened.execute(text("CREATE TABLE t (a)"))
    other = sqlite3.connect(path, timeout=0)
    with session(engine) as opened:
        opened.execute(text("SELECT a FROM t"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO t VALUES (1)")
    with session(engine, reading=True) as opened:
        opened.execute(text("SELECT a FROM t"))
        other.execute("INSERT INTO t VALUES (1)")
    other.close()
    engine.dispose()


def test_waiting_for_a_database_that_is_not_there_is_short() -> None:
    engine = engine_for("postgresql+psycopg2://nobody@127.0.0.1:1/nothing")
    assert make_url(str(engine.url)).port == 1
    with pytest.raises(OperationalError):
        engine.connect()
