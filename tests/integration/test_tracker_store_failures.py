from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conversation_samples import (
    OTHER,
    SENDER,
    RecordingBroker,
    a_store,
    count,
    customer_says,
    say,
    session_start,
    table_away,
    texts,
)
from rasa.shared.core.events import SlotSet
from sqlalchemy import Engine, func, select, update

from cantodesk.conversations.event_log import EVENT
from cantodesk.conversations.tracker_store import (
    BadSenderId,
    ConversationQuarantined,
    EncryptedTrackerStore,
    StorageFailed,
)
from cantodesk.storage.conversation_tables import Conversation, Event
from cantodesk.storage.crypto import MasterKeys
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault


@pytest.fixture
def store(engine: Engine, vault: Vault) -> EncryptedTrackerStore:
    return a_store(engine, vault)


@pytest.fixture
def broken(engine: Engine, store: EncryptedTrackerStore) -> Iterator[None]:
    with table_away(engine):
        yield


async def test_a_failed_write_is_said_and_made_up_for(
    store: EncryptedTrackerStore, engine: Engine
) -> None:
    tracker = await say(store, *session_start(), customer_says("一"))
    tracker.update(customer_says("二"))
    with table_away(engine), pytest.raises(StorageFailed):
        await store.save(tracker)
    await store.save(tracker)
    assert texts(await store.retrieve(SENDER)) == ["一", "二"]


async def test_a_commit_whose_answer_was_lost_is_not_written_twice(
    store: EncryptedTrackerStore, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = await say(store, *session_start(), customer_says("一"))
    tracker.update(customer_says("二"))
    append = store.log.append

    def committed_and_cut(*arguments: Any) -> None:
        append(*arguments)
        raise ConnectionResetError

    monkeypatch.setattr(store.log, "append", committed_and_cut)
    with pytest.raises(StorageFailed):
        await store.save(tracker)
    monkeypatch.undo()
    await store.save(tracker)
    assert texts(await store.retrieve(SENDER)) == ["一", "二"]


@pytest.mark.usefixtures("broken")
async def test_a_failed_read_is_never_a_blank_conversation(store: EncryptedTrackerStore) -> None:
    for read in (store.retrieve, store.retrieve_full_tracker, store.get_or_create_tracker):
        with pytest.raises(StorageFailed):
            await read(SENDER)
    with pytest.raises(StorageFailed):
        await store.exists(SENDER)


async def test_an_event_that_is_no_json_loses_nothing_silently(
    store: EncryptedTrackerStore,
) -> None:
    with pytest.raises(StorageFailed, match="TypeError"):
        await say(store, SlotSet("language", object()))
    assert await store.retrieve(SENDER) is None


async def test_a_corrupt_row_quarantines_its_conversation_only(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    for sender in (SENDER, OTHER):
        await say(store, *session_start(), customer_says("一"), sender=sender)
    ref = vault.customer_ref(SENDER)
    with session(engine) as opened:
        newest = select(func.max(Event.id)).where(Event.conversation_ref == ref).scalar_subquery()
        opened.execute(update(Event).where(Event.id == newest).values(body=b"\x01" + bytes(60)))
    for _ in range(2):
        with pytest.raises(ConversationQuarantined):
            await store.retrieve(SENDER)
    assert texts(await store.retrieve(OTHER)) == ["一"]
    with session(engine, reading=True) as opened:
        row = opened.get_one(Conversation, ref)
        assert (row.quarantine_reason, row.quarantined_at is not None) == ("cannot_decrypt", True)
    assert sorted(await store.keys()) == [SENDER, OTHER]


@pytest.mark.parametrize("body", [b"[1]", b"not json", b"\xff", b'{"event": "unheard"}', b"{}"])
async def test_a_row_that_opens_to_nonsense_quarantines_too(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault, body: bytes
) -> None:
    await say(store, *session_start(), customer_says("一"))
    ref = vault.customer_ref(SENDER)
    with session(engine, reading=True) as opened:
        uid = opened.scalars(select(Event.uid).order_by(Event.id.desc())).first()
    assert uid is not None
    sealed = vault.seal(ref, EVENT, uid, body)
    with session(engine) as opened:
        opened.execute(update(Event).where(Event.uid == uid).values(body=sealed))
    with pytest.raises(ConversationQuarantined):
        await store.retrieve(SENDER)
    with session(engine, reading=True) as opened:
        assert opened.get_one(Conversation, ref).quarantine_reason == "cannot_decode"


async def test_rows_cannot_be_moved_between_conversations(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    for sender in (SENDER, OTHER):
        await say(store, *session_start(), customer_says(sender), sender=sender)
    refs = [vault.customer_ref(sender) for sender in (SENDER, OTHER)]
    with session(engine) as opened:
        opened.execute(
            update(Event).where(Event.conversation_ref == refs[1]).values(conversation_ref=refs[0])
        )
    with pytest.raises(ConversationQuarantined):
        await store.retrieve(SENDER)


async def test_a_repaired_conversation_goes_on(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    await say(store, *session_start(), customer_says("一"))
    await asyncio.to_thread(store.log.quarantine, SENDER, "cannot_decrypt")
    with pytest.raises(ConversationQuarantined):
        await store.retrieve(SENDER)
    assert store.log.lift_quarantine(SENDER) is True
    assert store.log.lift_quarantine(SENDER) is False
    assert texts(await store.retrieve(SENDER)) == ["一"]


async def test_an_erased_customers_conversation_does_not_start_blank(
    store: EncryptedTrackerStore, vault: Vault
) -> None:
    await say(store, *session_start(), customer_says("一"))
    vault.erase(vault.customer_ref(SENDER))
    with pytest.raises(ConversationQuarantined):
        await store.retrieve(SENDER)
    assert await store.keys() == []


async def test_an_absent_master_key_quarantines_nobody(
    store: EncryptedTrackerStore, engine: Engine, keys: MasterKeys
) -> None:
    await say(store, *session_start(), customer_says("一"))
    other = MasterKeys({9: bytes(range(32))}, 9, keys.lookup)
    with pytest.raises(StorageFailed):
        await a_store(engine, Vault(engine, other, "shop")).retrieve(SENDER)
    assert texts(await store.retrieve(SENDER)) == ["一"]


@pytest.mark.parametrize("sender", ["", "a\ud83d", "a\u0000", "a\nb", "a" * 256])
async def test_hostile_senders_are_refused_everywhere(
    store: EncryptedTrackerStore, engine: Engine, sender: str
) -> None:
    for work in (store.retrieve, store.retrieve_full_tracker, store.exists, store.delete):
        with pytest.raises(BadSenderId):
            await work(sender)
    tracker = store.init_tracker(sender)
    tracker.update(customer_says("一"))
    with pytest.raises(BadSenderId):
        await store.save(tracker)
    assert count(engine, Event) == 0


async def test_a_cancelled_turn_is_written_all_the_same(
    engine: Engine, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = RecordingBroker()
    store = a_store(engine, vault, broker)
    tracker = store.init_tracker(SENDER)
    tracker.update(customer_says("一"))
    append, begun, go_on = store.log.append, threading.Event(), threading.Event()

    def slow(*arguments: Any) -> None:
        begun.set()
        assert go_on.wait(10)
        append(*arguments)

    monkeypatch.setattr(store.log, "append", slow)
    turn = asyncio.ensure_future(store.save(tracker))
    await asyncio.to_thread(begun.wait, 10)
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    writing = list(store._saving)
    go_on.set()
    await asyncio.gather(*writing)
    assert texts(await store.retrieve(SENDER)) == ["一"]
    assert len(broker.events) == 1


KILLED = """
import asyncio, os, signal, sys
from sqlalchemy import event
from conversation_samples import a_store, customer_says, say, SENDER
from cantodesk.storage.crypto import MasterKeys
from cantodesk.storage.engine import engine_for
from cantodesk.storage.vault import Vault

url, master, lookup = sys.argv[1:]
engine = engine_for(url)
keys = MasterKeys({1: bytes.fromhex(master)}, 1, bytes.fromhex(lookup))
store = a_store(engine, Vault(engine, keys, "shop"))

def turn():
    asyncio.run(say(store, customer_says("二"), customer_says("三")))

inserted = False
def note(connection, cursor, statement, *rest):
    global inserted
    inserted = inserted or statement.startswith("INSERT INTO events")

def die(connection):
    if inserted:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(engine, "after_cursor_execute", note)
event.listen(engine, "commit", die)
turn()
"""


async def test_a_kill_between_append_and_commit_leaves_the_conversation_whole(
    database_url: str, store: EncryptedTrackerStore, keys: MasterKeys
) -> None:
    await say(store, *session_start(), customer_says("一"))
    arguments = [database_url, keys.versions[1].hex(), keys.lookup.hex()]
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED, *arguments],
        env={"PYTHONPATH": f"{Path(__file__).parent.parent}"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=120,
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert texts(await store.retrieve(SENDER)) == ["一"]
    await say(store, customer_says("四"))
    assert texts(await store.retrieve(SENDER)) == ["一", "四"]
