from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from pathlib import Path
from typing import Any

import pytest
from conversation_samples import (
    SENDER,
    a_store,
    conversation,
    customer_says,
    lines,
    say,
)
from sqlalchemy import Engine, event, func, select

from cantodesk.conversations.event_log import EVENT, NewEvent, encoded
from cantodesk.conversations.ledger import (
    catch_up,
    transcript,
)
from cantodesk.conversations.tracker_store import EncryptedTrackerStore
from cantodesk.storage.conversation_tables import (
    Message,
)
from cantodesk.storage.crypto import MasterKeys
from cantodesk.storage.engine import engine_for, session
from cantodesk.storage.vault import Vault


@pytest.fixture
def store(engine: Engine, vault: Vault) -> EncryptedTrackerStore:
    return a_store(engine, vault)


async def test_several_that_project_at_once_double_nothing(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    await say(store, *[customer_says(str(number)) for number in range(700)])
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: catch_up(engine, vault), range(4)))
    assert sum(counts) == 700
    assert conversation(engine, vault).customer_turns == 700
    with session(engine, reading=True) as opened:
        assert opened.scalar(select(func.count()).select_from(Message)) == 700


def test_an_event_committed_late_is_not_passed_by(postgres_url: str, keys: MasterKeys) -> None:
    engine = engine_for(postgres_url)
    vault = Vault(engine, keys, "shop")
    store = a_store(engine, vault)
    about_to_commit, go_on = threading.Event(), threading.Event()
    slow_thread: list[int] = []

    def hold(_connection: Any) -> None:
        if threading.get_ident() in slow_thread:
            about_to_commit.set()
            assert go_on.wait(20)

    def write(uid: str, words: str) -> None:
        body = encoded({"event": "user", "text": words})
        store.log.append(f"web:{uid}", [NewEvent(uid, "user", 1.0, body)])

    def write_slowly() -> None:
        vault.seal(vault.customer_ref("web:slow"), EVENT, "x", b"")
        slow_thread.append(threading.get_ident())
        write("slow", "遲")

    event.listen(engine, "commit", hold)
    try:
        with ThreadPoolExecutor(2) as pool:
            slow = pool.submit(write_slowly)
            assert about_to_commit.wait(20)
            # Another conversation's event has a higher id and is committed first.
            write("fast", "早")
            reading = pool.submit(catch_up, engine, vault)
            with pytest.raises(StillWaiting):
                reading.result(timeout=0.5)
            go_on.set()
            slow.result(20)
            reading.result(20)
    finally:
        go_on.set()
        event.remove(engine, "commit", hold)
    catch_up(engine, vault)
    assert lines(engine, vault, "web:fast") == ["早"]
    assert lines(engine, vault, "web:slow") == ["遲"]


KILLED = """
import os, signal, sys
from sqlalchemy import event
from cantodesk.conversations.projector import catch_up
from cantodesk.storage.crypto import MasterKeys
from cantodesk.storage.engine import engine_for
from cantodesk.storage.vault import Vault

url, master, lookup, batches = sys.argv[1:]
engine = engine_for(url)
vault = Vault(engine, MasterKeys({1: bytes.fromhex(master)}, 1, bytes.fromhex(lookup)), "shop")
moved = 0

def note(connection, cursor, statement, *rest):
    global moved
    moved += statement.startswith("UPDATE projection_cursors")

def die(connection):
    if moved == int(batches):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(engine, "after_cursor_execute", note)
event.listen(engine, "commit", die)
catch_up(engine, vault)
"""


async def test_a_kill_while_projecting_loses_and_doubles_nothing(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault, keys: MasterKeys, database_url: str
) -> None:
    said = [str(number) for number in range(500)]
    await say(store, *[customer_says(words) for words in said])
    arguments = [database_url, keys.versions[1].hex(), keys.lookup.hex()]
    for batches in ("1", "2"):
        killed = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", KILLED, *arguments, batches],
            cwd=Path(__file__).parents[2],
            env={"PYTHONPATH": "."},
            capture_output=True,
            timeout=60,
        )
        assert killed.returncode == -9, killed.stderr.decode()
    catch_up(engine, vault)
    ref = vault.customer_ref(SENDER)
    assert [line.text for line in transcript(engine, vault, ref, limit=1000)] == said
    assert conversation(engine, vault).customer_turns == 500
