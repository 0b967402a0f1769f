from __future__ import annotations

from pathlib import Path

import pytest
from conversation_samples import (
    a_store,
    count,
    customer_says,
    domain,
    say,
    session_start,
    table_away,
)
from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import Engine

from cantodesk.conversations.tracker_store import (
    EncryptedTrackerStore,
    StorageFailed,
    WrongTrackerStore,
    check,
    use_raw_store,
)
from cantodesk.storage.conversation_tables import Conversation, CustomerKey, Event
from cantodesk.storage.crypto import BadKeys, MasterKeys
from cantodesk.storage.vault import Vault


@pytest.fixture
def store(engine: Engine, vault: Vault) -> EncryptedTrackerStore:
    return a_store(engine, vault)


async def test_the_check_leaves_nothing_behind(
    store: EncryptedTrackerStore, engine: Engine
) -> None:
    await say(store, *session_start(), customer_says("一"))
    tables = (Event, Conversation, CustomerKey)
    before = [count(engine, table) for table in tables]
    await check(store)
    assert [count(engine, table) for table in tables] == before


async def test_the_check_notices_a_broken_database(
    store: EncryptedTrackerStore, engine: Engine
) -> None:
    with table_away(engine), pytest.raises(StorageFailed):
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
