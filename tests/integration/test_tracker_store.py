from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
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
from rasa.shared.core.events import ActionExecuted, SlotSet
from sqlalchemy import Engine, event, inspect

from cantodesk.conversations.event_log import EventLog, NewEvent, encoded
from cantodesk.conversations.tracker_store import (
    EncryptedTrackerStore,
    StorageFailed,
)
from cantodesk.storage.conversation_tables import Conversation, CustomerKey, Event
from cantodesk.storage.crypto import MasterKeys
from cantodesk.storage.engine import engine_for, session
from cantodesk.storage.vault import Vault


@pytest.fixture
def store(engine: Engine, vault: Vault) -> EncryptedTrackerStore:
    return a_store(engine, vault)


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

    # The conversation is there already: making its row would hold the other turn by itself.
    log.append(SENDER, [NewEvent("0", "user", 1.0, encoded({"event": "user", "text": "0"}))])
    event.listen(engine, "after_cursor_execute", pause)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(turn, "a")
        assert first_batch_written.wait(20)
        two = pool.submit(second)
        one.result(20)
        two.result(20)
    event.remove(engine, "after_cursor_execute", pause)
    assert [e["text"] for e in log.read(SENDER, whole=True)] == ["0"] + ["a"] * 600 + ["b"] * 600


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


async def test_numpy_numbers_and_broken_emoji_survive(store: EncryptedTrackerStore) -> None:
    import numpy as np

    line = customer_says("得唔得呀\ud83d\u0000")
    line.parse_data["emotion"]["score"] = np.float32(0.5)
    await say(store, *session_start(), line)
    found = await store.retrieve(SENDER)
    assert texts(found) == ["得唔得呀\ud83d\u0000"]
    assert found.latest_message.parse_data["emotion"]["score"] == 0.5


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
