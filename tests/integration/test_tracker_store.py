from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conversation_samples import (
    SENDER,
    RecordingBroker,
    a_store,
    customer_says,
    domain,
    say,
    session_start,
    table_away,
    texts,
)
from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import Engine, event, func, inspect, select, update

from cantodesk.conversations.event_log import EVENT, EventLog, NewEvent, encoded
from cantodesk.conversations.tracker_store import (
    BadSenderId,
    ConversationQuarantined,
    EncryptedTrackerStore,
    StorageFailed,
    WrongTrackerStore,
    check,
    use_raw_store,
)
from cantodesk.settings import get_settings
from cantodesk.storage.conversation_tables import Conversation, CustomerKey, Event
from cantodesk.storage.crypto import BadKeys, MasterKeys
from cantodesk.storage.engine import engine_for, session
from cantodesk.storage.vault import Vault

OTHER = "web:customer-2"


@pytest.fixture
def store(engine: Engine, vault: Vault) -> EncryptedTrackerStore:
    return a_store(engine, vault)


def count(engine: Engine, table: Any) -> int:
    with session(engine, reading=True) as opened:
        return opened.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def broken(engine: Engine, store: EncryptedTrackerStore) -> Iterator[None]:
    with table_away(engine):
        yield


async def test_what_was_saved_is_read_back(store: EncryptedTrackerStore) -> None:
    saved = await say(
        store, *session_start(), customer_says("我想查訂單"), SlotSet("language", "yue")
    )
    found = await store.retrieve_full_tracker(SENDER)
    assert [e.as_dict() for e in found.events] == [e.as_dict() for e in saved.events]
    assert found.get_slot("language") == "yue"
    assert await store.exists(SENDER) is True


async def test_a_new_customer_has_no_tracker(store: EncryptedTrackerStore, engine: Engine) -> None:
    assert await store.retrieve(SENDER) is None
    assert await store.exists(SENDER) is False
    created = await store.get_or_create_tracker(SENDER, append_action_listen=False)
    assert texts(created) == []
    # Looking leaves no trace of somebody who said nothing.
    assert count(engine, Conversation) == count(engine, CustomerKey) == 0


async def test_a_turn_reads_the_last_session_and_the_desk_reads_all(
    store: EncryptedTrackerStore,
) -> None:
    await say(store, *session_start(), customer_says("第一日"))
    await say(store, *session_start(), customer_says("第二日"))
    await say(store, customer_says("再問"))
    latest = await store.retrieve(SENDER)
    assert texts(latest) == ["第二日", "再問"]
    assert latest.events[0].type_name == "session_started"
    assert texts(await store.retrieve_full_tracker(SENDER)) == ["第一日", "第二日", "再問"]


async def test_saving_twice_neither_loses_nor_doubles(store: EncryptedTrackerStore) -> None:
    tracker = await say(store, *session_start(), customer_says("一"))
    await store.save(tracker)
    tracker.update(customer_says("二"))
    await asyncio.gather(store.save(tracker), store.save(tracker))
    tracker.update(customer_says("三"))
    await asyncio.gather(*(store.save(tracker) for _ in range(5)))
    assert texts(await store.retrieve(SENDER)) == ["一", "二", "三"]


async def test_events_added_while_a_save_is_under_way_are_saved_by_the_next(
    store: EncryptedTrackerStore,
) -> None:
    tracker = await say(store, *session_start(), customer_says("一"))
    tracker.update(customer_says("二"))
    first = asyncio.ensure_future(store.save(tracker))
    await asyncio.sleep(0)
    tracker.update(customer_says("三"))
    await store.save(tracker)
    await first
    assert texts(await store.retrieve(SENDER)) == ["一", "二", "三"]


async def test_two_writers_with_stale_trackers_keep_both_turns(
    engine: Engine, vault: Vault, keys: MasterKeys
) -> None:
    stores = [a_store(engine, vault), a_store(engine, Vault(engine, keys, "shop"))]
    await say(stores[0], *session_start(), customer_says("開始"))
    trackers = [await store.retrieve(SENDER) for store in stores]
    for tracker, name in zip(trackers, "甲乙", strict=True):
        for number in range(20):
            tracker.update(customer_says(f"{name}{number}"))
    await asyncio.gather(*(s.save(t) for s, t in zip(stores, trackers, strict=True)))
    found = texts(await stores[0].retrieve(SENDER))
    assert len(found) == 41
    # Each turn is whole and in order, whichever came first.
    first, second = found[1:21], found[21:]
    assert {line[0] for line in first} != {line[0] for line in second}
    for turn in (first, second):
        assert turn == [f"{turn[0][0]}{number}" for number in range(20)]


def test_turns_longer_than_one_insert_do_not_mix(postgres_url: str, keys: MasterKeys) -> None:
    engine = engine_for(postgres_url)
    log = EventLog(engine, Vault(engine, keys, "shop"))
    first_batch_written, other_done = threading.Event(), threading.Event()

    def turn(name: str) -> None:
        bodies = [encoded({"event": "user", "text": name})] * 600
        log.append(SENDER, [NewEvent(f"{name}{n}", "user", 1.0, b) for n, b in enumerate(bodies)])

    def pause(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO events") and not first_batch_written.is_set():
            first_batch_written.set()
            # The other turn has to wait for this one, so this wait ends by its time.
            other_done.wait(0.5)

    def second() -> None:
        turn("b")
        other_done.set()

    event.listen(engine, "after_cursor_execute", pause)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(turn, "a")
        assert first_batch_written.wait(20)
        two = pool.submit(second)
        one.result(20)
        two.result(20)
    event.remove(engine, "after_cursor_execute", pause)
    assert [e["text"] for e in log.read(SENDER, whole=True)] == ["a"] * 600 + ["b"] * 600


async def test_many_customers_at_once(store: EncryptedTrackerStore) -> None:
    senders = [f"web:{number}" for number in range(30)]
    await asyncio.gather(
        *(say(store, *session_start(), customer_says(name), sender=name) for name in senders)
    )
    assert sorted(await store.keys()) == sorted(senders)
    found = await asyncio.gather(*(store.retrieve(name) for name in senders))
    assert [texts(tracker) for tracker in found] == [[name] for name in senders]


async def test_a_long_conversation_is_saved_whole(store: EncryptedTrackerStore) -> None:
    lines = [ActionExecuted(f"action_{number}") for number in range(1300)]
    await say(store, *lines)
    found = await store.retrieve(SENDER)
    assert [e.action_name for e in found.events] == [f"action_{n}" for n in range(1300)]


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


async def test_numpy_numbers_and_broken_emoji_survive(store: EncryptedTrackerStore) -> None:
    import numpy as np

    line = customer_says("得唔得呀\ud83d\u0000")
    line.parse_data["emotion"]["score"] = np.float32(0.5)
    await say(store, *session_start(), line)
    found = await store.retrieve(SENDER)
    assert texts(found) == ["得唔得呀\ud83d\u0000"]
    assert found.latest_message.parse_data["emotion"]["score"] == 0.5


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


async def test_the_broker_hears_what_was_committed_and_nothing_else(
    engine: Engine, vault: Vault
) -> None:
    broker = RecordingBroker()
    store = a_store(engine, vault, broker)
    await say(store, *session_start(), customer_says("一"))
    tracker = await say(store, customer_says("二"))
    await asyncio.gather(store.save(tracker), store.save(tracker))
    assert [e["event"] for e in broker.events].count("session_started") == 1
    assert [e["text"] for e in broker.events if e["event"] == "user"] == ["一", "二"]
    assert {e["sender_id"] for e in broker.events} == {SENDER}

    told = len(broker.events)
    tracker.update(customer_says("三"))
    with table_away(engine), pytest.raises(StorageFailed):
        await store.save(tracker)
    assert len(broker.events) == told


async def test_a_broker_that_raises_loses_no_turn(engine: Engine, vault: Vault) -> None:
    class Broken(RecordingBroker):
        def publish(self, event: dict[str, Any]) -> None:
            raise ConnectionError(str(event))

    store = a_store(engine, vault, Broken())
    await say(store, *session_start(), customer_says("一"))
    assert texts(await store.retrieve(SENDER)) == ["一"]


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


async def test_sql_runs_beside_the_event_loop(store: EncryptedTrackerStore, engine: Engine) -> None:
    threads: set[str] = set()

    def note(*_: Any) -> None:
        threads.add(threading.current_thread().name)

    event.listen(engine, "before_cursor_execute", note)
    await say(store, *session_start(), customer_says("一"))
    await store.retrieve(SENDER)
    await store.keys()
    await store.delete(SENDER)
    event.remove(engine, "before_cursor_execute", note)
    assert threads
    assert threading.main_thread().name not in threads


async def test_deleting_takes_one_conversation_away(
    store: EncryptedTrackerStore, engine: Engine
) -> None:
    for sender in (SENDER, OTHER):
        await say(store, *session_start(), customer_says("一"), sender=sender)
    await store.delete(SENDER)
    await store.delete(SENDER)
    assert await store.retrieve(SENDER) is None
    assert await store.keys() == [OTHER]
    assert count(engine, Event) == 4


async def test_reads_use_an_index(engine: Engine, vault: Vault) -> None:
    names = {tuple(index["column_names"]) for index in inspect(engine).get_indexes("events")}
    assert ("conversation_ref", "id") in names
    assert ("conversation_ref", "type_name", "id") in names
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM events" in statement:
            seen.append(statement)

    store = a_store(engine, vault)
    event.listen(engine, "before_cursor_execute", note)
    await store.retrieve(SENDER)
    event.remove(engine, "before_cursor_execute", note)
    assert seen
    if engine.dialect.name == "sqlite":
        with session(engine, reading=True) as opened:
            for statement in seen:
                marks = ["x"] * statement.count("?")
                plan = opened.connection().exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", tuple(marks)
                )
                assert not [row for row in plan if "SCAN events" in row[3]]


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


async def test_the_check_leaves_nothing_behind(
    store: EncryptedTrackerStore, engine: Engine
) -> None:
    await say(store, *session_start(), customer_says("一"))
    tables = (Event, Conversation, CustomerKey)
    before = [count(engine, table) for table in tables]
    await check(store)
    assert [count(engine, table) for table in tables] == before


@pytest.mark.usefixtures("broken")
async def test_the_check_notices_a_broken_database(store: EncryptedTrackerStore) -> None:
    with pytest.raises(StorageFailed):
        await check(store)


async def test_the_check_notices_foreign_keys(
    store: EncryptedTrackerStore, engine: Engine, keys: MasterKeys
) -> None:
    await say(store, *session_start(), customer_says("一"))
    other = bytes(range(32))
    for wrong, sentence in [
        (MasterKeys({1: other}, 1, keys.lookup), "data keys"),
        (MasterKeys(keys.versions, 1, other), "look-up key"),
    ]:
        with pytest.raises(BadKeys, match=sentence):
            await check(a_store(engine, Vault(engine, wrong, "shop")))


@pytest.fixture
def local_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CANTODESK_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()
    yield tmp_path / "home"
    get_settings.cache_clear()


async def test_rasa_makes_it_from_endpoints_and_gives_it_up_raw(
    local_home: Path, database_url: str
) -> None:
    path = f"{EncryptedTrackerStore.__module__}.EncryptedTrackerStore"
    made = TrackerStore.create(EndpointConfig(type=path, url=database_url), domain())
    assert isinstance(made, EncryptedTrackerStore)
    assert (local_home / "keys.json").exists()
    agent = Agent(domain=domain(), tracker_store=made)
    assert isinstance(agent.tracker_store, FailSafeTrackerStore)
    assert use_raw_store(agent) is made
    assert agent.tracker_store is made
    assert use_raw_store(agent) is made
    await check(made)


async def test_another_store_is_refused_at_the_start() -> None:
    agent = Agent(domain=domain(), tracker_store=InMemoryTrackerStore(domain()))
    with pytest.raises(WrongTrackerStore, match=r"InMemoryTrackerStore.*endpoints\.yml"):
        use_raw_store(agent)


def test_the_processor_gets_the_raw_store_too(store: EncryptedTrackerStore) -> None:
    agent = Agent(domain=domain(), tracker_store=store)

    class Processor:
        tracker_store = agent.tracker_store

    agent.processor = Processor()
    use_raw_store(agent)
    assert agent.processor.tracker_store is store
