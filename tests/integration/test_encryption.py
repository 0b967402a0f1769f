"""A marker goes through everything that writes; afterwards it must be nowhere."""

from __future__ import annotations

import io
import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from conversation_samples import a_store, bot_says, customer_says, say, session_start, table_away
from rasa.shared.core.events import SlotSet
from sqlalchemy import Engine, text

from cantodesk.conversations.handovers import HandOvers
from cantodesk.conversations.ledger import LedgerBroker, catch_up, transcript
from cantodesk.conversations.tracker_store import ConversationQuarantined, StorageFailed
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

MARKER = "標記MARK7391"
SENDER = f"web:{MARKER}"


def spellings() -> list[bytes]:
    """The marker as it could lie in a file, a dump or a log."""
    escaped = json.dumps(MARKER)[1:-1]
    found = [MARKER.encode(), escaped.encode(), b"MARK7391", MARKER.encode("utf-16-le")]
    found += [escaped.replace("\\", "\\\\").encode(), b"MARK7391".hex().encode()]
    return [*found, MARKER.encode().hex().encode()]


def holds_marker(content: bytes) -> bool:
    return any(spelling in content for spelling in spellings())


def stored(engine: Engine) -> bytes:
    """Every byte of the database: files and WAL, or all rows of all tables as text."""
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database or "")
        found = [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
        assert any(file.name.endswith("-wal") for file in found)
        return b"".join(file.read_bytes() for file in found)
    with engine.connect() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        rows = [
            row
            for table in tables
            for row in connection.scalars(text(f'SELECT t::text FROM "{table}" t'))
        ]
    return "\n".join(rows).encode()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that any logger says, at the most talkative level."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in ("sqlalchemy.engine", "sqlalchemy.pool", "cantodesk"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield said
    for name in ("sqlalchemy.engine", "sqlalchemy.pool", "cantodesk"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    root.setLevel(before)
    root.removeHandler(handler)


def with_locals(error: BaseException) -> str:
    """An error as structlog shows it away from a terminal: each frame with its variables."""
    traces = structlog.tracebacks.extract(
        type(error),
        error,
        error.__traceback__,
        show_locals=True,
        locals_max_string=10_000,
    )
    return repr([
        (frame.name, frame.locals)
        for stack in traces.stacks
        for frame in stack.frames
        if not frame.name.startswith("test_")
    ])  # fmt: skip


async def converse(engine: Engine, vault: Vault) -> None:
    broker = LedgerBroker(engine, vault)
    store = a_store(engine, vault, broker)
    await say(
        store,
        *session_start(),
        SlotSet("language", MARKER),
        customer_says(f"我個電話係 {MARKER}"),
        bot_says(f"收到，{MARKER}"),
        sender=SENDER,
    )
    HandOvers(engine, vault).open(SENDER, "request_human", {"slots": {"name": MARKER}}, "yue")
    await broker.close()


def test_the_search_finds_what_is_not_encrypted(engine: Engine) -> None:
    with session(engine) as opened:
        opened.execute(
            text("INSERT INTO projection_cursors (name, event_id) VALUES (:name, 1)"),
            {"name": SENDER},
        )
    assert holds_marker(stored(engine))


async def test_no_byte_of_a_conversation_is_stored_or_logged(
    engine: Engine, vault: Vault, log: io.StringIO
) -> None:
    await converse(engine, vault)
    ref = vault.customer_ref(SENDER)
    assert MARKER in (transcript(engine, vault, ref)[0].text or "")
    found = await a_store(engine, vault).retrieve(SENDER)
    assert MARKER in found.events[-2].text
    assert list(await a_store(engine, vault).keys()) == [SENDER]
    written = stored(engine)
    assert len(written) > 2000
    assert not holds_marker(written)
    own = "\n".join(line for line in log.getvalue().splitlines() if "cantodesk" in line)
    assert not holds_marker(own.encode())
    assert not holds_marker(log.getvalue().encode())


@pytest.mark.parametrize("table", ["events", "conversations", "customer_keys"])
async def test_a_failing_write_shows_nothing(
    engine: Engine, vault: Vault, log: io.StringIO, table: str
) -> None:
    store = a_store(engine, vault)
    tracker = store.init_tracker(SENDER)
    tracker.update(customer_says(f"我個電話係 {MARKER}"))
    with table_away(engine, table):
        with pytest.raises(StorageFailed) as failed:
            await store.save(tracker)
        HandOvers(engine, vault).open(SENDER, "storage_failed", {"slots": {"name": MARKER}})
    assert not holds_marker("".join(traceback.format_exception(failed.value)).encode())
    assert not holds_marker(with_locals(failed.value).encode())
    assert "OperationalError" in log.getvalue() or "ProgrammingError" in log.getvalue()
    assert not holds_marker(log.getvalue().encode())
    assert not holds_marker(stored(engine))


async def test_an_error_from_inside_the_driver_shows_nothing(
    engine: Engine, vault: Vault, log: io.StringIO
) -> None:
    with session(engine) as opened:
        opened.execute(text("CREATE UNIQUE INDEX one_event ON events (type_name)"))
    try:
        store = a_store(engine, vault)
        with pytest.raises(StorageFailed, match="IntegrityError") as failed:
            await say(store, customer_says(MARKER), customer_says(MARKER), sender=SENDER)
    finally:
        with session(engine) as opened:
            opened.execute(text("DROP INDEX one_event"))
    assert "IntegrityError" in log.getvalue()
    assert not holds_marker(log.getvalue().encode())
    assert not holds_marker("".join(traceback.format_exception(failed.value)).encode())
    assert not holds_marker(stored(engine))


async def test_a_quarantine_names_nobody(engine: Engine, vault: Vault, log: io.StringIO) -> None:
    store = a_store(engine, vault)
    await say(store, customer_says(MARKER), sender=SENDER)
    with session(engine) as opened:
        opened.execute(text("UPDATE events SET uid = 'moved'"))
    with pytest.raises(ConversationQuarantined) as refused:
        await store.retrieve(SENDER)
    assert "quarantined: cannot_decrypt" in log.getvalue()
    assert not holds_marker(log.getvalue().encode())
    assert not holds_marker("".join(traceback.format_exception(refused.value)).encode())


async def test_after_erasure_only_noise_is_left(engine: Engine, vault: Vault) -> None:
    await converse(engine, vault)
    ref = vault.customer_ref(SENDER)
    assert vault.erase(ref) is True
    assert [line.readable for line in transcript(engine, vault, ref)] == [False, False]
    calls = HandOvers(engine, vault)
    found = calls.get(calls.list()[0].id)
    assert found is not None
    assert found.packet is None
    assert await a_store(engine, vault).keys() == []
    assert catch_up(engine, vault) == 0
