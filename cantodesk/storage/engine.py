"""Connections: one engine for each database address, one transaction for each session."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

# Seconds. A customer waits behind each of these, so they are short.
_CONNECT_TIMEOUT = 3
_POOL_TIMEOUT = 5
_LOCK_TIMEOUT_MS = 5000

_READING = "cantodesk_reading"


@lru_cache(maxsize=16)
def engine_for(url: str) -> Engine:
    """The engine of one database address, made once in a process.

    No connection is opened here. Statements never show their parameters in
    errors or logs (``hide_parameters``). Waiting for a connection raises
    ``sqlalchemy.exc.TimeoutError`` after five seconds, waiting for a lock
    ``sqlalchemy.exc.OperationalError`` after five.
    """
    address = make_url(url)
    options: dict[str, Any] = {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": _POOL_TIMEOUT,
    }
    if address.get_backend_name() == "sqlite":
        _make_private(address.database)
        engine = create_engine(address, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options["connect_args"] = {
        "connect_timeout": _CONNECT_TIMEOUT,
        # A cut cable must not hold a turn for the two hours TCP would wait.
        "tcp_user_timeout": _LOCK_TIMEOUT_MS,
        "options": f"-c lock_timeout={_LOCK_TIMEOUT_MS} -c timezone=UTC",
    }
    return create_engine(address, **options)


@contextmanager
def session(engine: Engine, *, reading: bool = False) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error.

    Objects stay readable after the commit. On SQLite a session takes the write
    lock with its first statement, because a transaction that reads first and writes later
    fails at once when another wrote in between; ``reading=True`` leaves it out
    for a session that only reads. The customer's text is sealed **before** a
    session is opened (see ``Vault``), never inside it.
    """
    bind = engine.execution_options(**{_READING: True}) if reading else engine
    with Session(bind, expire_on_commit=False) as opened, opened.begin():
        yield opened


def _make_private(database: str | None) -> None:
    """Give a new SQLite file, and so its WAL, to its owner alone."""
    if not database or database == ":memory:" or database.startswith("file:"):
        return
    path = Path(database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver would begin transactions by itself, and too late; _begin_sqlite does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_LOCK_TIMEOUT_MS}")
    _switch_to_wal(cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Deleted bytes are overwritten: what was erased must not be found in the file.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _switch_to_wal(cursor: sqlite3.Cursor) -> None:
    """Set the journal mode, which stays with the file.

    Processes that open a new file at once would wait for one another here, so
    SQLite refuses all but one without its busy time-out; we wait in its place.
    """
    until = time.monotonic() + _LOCK_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
