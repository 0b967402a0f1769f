"""A throw-away database on the PostgreSQL of this machine, if there is one."""

from __future__ import annotations

import contextlib
import getpass
from collections.abc import Iterator
from uuid import uuid4

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from bench.processes import uninterrupted
from bench.workspace import HOST

_PORT = 5432


@contextlib.contextmanager
def throw_away_database() -> Iterator[str | None]:
    """The address of a new, empty database that is dropped at the end; None without a server."""
    server = _server()
    if server is None:
        yield None
        return
    name = f"cantodesk_bench_{uuid4().hex[:12]}"
    _run(server, f'CREATE DATABASE "{name}"')
    try:
        yield server.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with uninterrupted():
            _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')
            server.dispose()


def _server() -> Engine | None:
    for user in ("postgres", getpass.getuser()):
        url = URL.create("postgresql+psycopg2", user, host=HOST, port=_PORT, database="postgres")
        engine = create_engine(
            url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2}
        )
        with contextlib.suppress(SQLAlchemyError), engine.connect() as connection:
            asked = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = user"
            if connection.scalar(text(asked)):
                return engine
        engine.dispose()
    return None


def _run(server: Engine, statement: str) -> None:
    with server.connect() as connection:
        connection.execute(text(statement))
