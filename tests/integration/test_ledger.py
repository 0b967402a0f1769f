from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conversation_samples import (
    OTHER,
    SENDER,
    a_store,
    bot_says,
    conversation,
    customer_says,
    lines,
    say,
    session_start,
    table_away,
)
from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.events import ConversationPaused, ConversationResumed, SlotSet
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import Engine, func, select, update

from cantodesk.conversations.event_log import EVENT, NewEvent, encoded
from cantodesk.conversations.handovers import HandOvers
from cantodesk.conversations.ledger import (
    LedgerBroker,
    catch_up,
    emotion_series,
    rebuild,
    transcript,
)
from cantodesk.conversations.tracker_store import EncryptedTrackerStore
from cantodesk.settings import get_settings
from cantodesk.storage.conversation_tables import (
    Conversation,
    ConversationState,
    Event,
    Message,
    ProjectionCursor,
    Role,
)
from cantodesk.storage.crypto import MasterKeys
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault


@pytest.fixture
def store(engine: Engine, vault: Vault) -> EncryptedTrackerStore:
    return a_store(engine, vault)


def everything(engine: Engine, vault: Vault) -> list[Any]:
    """All projected rows, opened, without what only names a row."""
    with session(engine, reading=True) as opened:
        rows = opened.scalars(select(Conversation).order_by(Conversation.ref)).all()
        messages = opened.scalars(select(Message).order_by(Message.event_id)).all()
    hidden = {"sender", "_sa_instance_state", "id", "body"}
    found: list[Any] = [
        {key: value for key, value in vars(row).items() if key not in hidden}
        for row in [*rows, *messages]
    ]
    for row in rows:
        found += transcript(engine, vault, row.ref)
    return found


async def a_conversation(store: EncryptedTrackerStore, sender: str = SENDER) -> None:
    await say(
        store,
        *session_start(),
        SlotSet("language", "yue"),
        customer_says("我張單呢？", emotion="neutral", at=1751342400.0),
        bot_says(
            "我哋會收集…", utter_action="utter_collection_statement", notice_version="2025-07"
        ),
        bot_says("係咪呢張？"),
        sender=sender,
    )
    await say(
        store, SlotSet("language", "en"), customer_says("no!!", language="en", emotion="angry"),
        sender=sender,
    )  # fmt: skip


async def test_events_become_a_conversation_and_its_lines(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    await a_conversation(store)
    assert catch_up(engine, vault) == 9
    assert catch_up(engine, vault) == 0
    row = conversation(engine, vault)
    assert (row.language, row.channel, row.customer_turns) == ("en", "web", 2)
    assert row.state is ConversationState.BOT
    assert row.notice_version == "2025-07"
    assert row.notice_at is not None

    found = transcript(engine, vault, row.ref)
    assert [line.text for line in found] == ["我張單呢？", "我哋會收集…", "係咪呢張？", "no!!"]
    assert [line.role for line in found] == [Role.CUSTOMER, Role.BOT, Role.BOT, Role.CUSTOMER]
    assert [line.language for line in found] == ["yue", "yue", "yue", "en"]
    assert found[0].at == datetime(2025, 7, 1, 4, tzinfo=UTC)
    assert found[1].buttons[0] == {"title": "係", "payload": "/affirm"}
    assert row.last_at == found[-1].at

    series = emotion_series(engine, row.ref)
    assert [(point.label, point.score) for point in series] == [("neutral", 0.7), ("angry", 0.7)]


async def test_the_last_lines_are_given_oldest_first(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    await say(store, *[customer_says(str(number)) for number in range(450)])
    assert catch_up(engine, vault) == 450
    ref = vault.customer_ref(SENDER)
    assert [line.text for line in transcript(engine, vault, ref, limit=3)] == ["447", "448", "449"]
    assert len(transcript(engine, vault, ref)) == 200
    assert len(emotion_series(engine, ref, limit=7)) == 7


async def test_pausing_and_resuming_change_the_state_and_its_version(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    await say(store, *session_start(), customer_says("真人"), ConversationPaused())
    catch_up(engine, vault)
    row = conversation(engine, vault)
    assert (row.state, row.version) == (ConversationState.QUEUED, 2)
    await say(store, ConversationPaused())
    catch_up(engine, vault)
    assert conversation(engine, vault).version == 2
    await say(store, ConversationResumed())
    catch_up(engine, vault)
    row = conversation(engine, vault)
    assert (row.state, row.version) == (ConversationState.BOT, 3)


async def test_a_rebuild_gives_the_same_rows(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    await a_conversation(store)
    await say(store, *session_start(), customer_says("hi"), ConversationPaused(), sender=OTHER)
    await a_conversation(store, sender="web:held")
    await a_conversation(store, sender="web:called")
    HandOvers(engine, vault).open("web:called", "request_human", {})
    catch_up(engine, vault)
    with session(engine) as opened:
        opened.execute(
            update(Conversation)
            .where(Conversation.ref == vault.customer_ref("web:held"))
            .values(state=ConversationState.HUMAN, version=5)
        )
    before = everything(engine, vault)
    with session(engine) as opened:
        # What a mistake in an older version may have left behind.
        opened.execute(update(Message).values(intent="wrong", confidence=0.0))
        opened.execute(update(Conversation).values(customer_turns=77, channel="wrong"))
    assert rebuild(engine, vault) == 32
    assert everything(engine, vault) == before
    assert catch_up(engine, vault) == 0


async def test_reading_from_nothing_gives_the_same_rows(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    await a_conversation(store)
    catch_up(engine, vault)
    await say(store, customer_says("再嚟"))
    catch_up(engine, vault)
    before = everything(engine, vault)
    with session(engine) as opened:
        opened.query(Message).delete()
        opened.query(ProjectionCursor).delete()
        opened.execute(
            update(Conversation).values(customer_turns=0, language=None, notice_version=None)
        )
    catch_up(engine, vault)
    assert everything(engine, vault) == before


async def test_a_poisoned_event_is_passed_over_and_counted(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    await say(store, *session_start(), customer_says("一"), sender=OTHER)
    await say(store, *session_start(), customer_says("之前"), customer_says("中間"))
    ref = vault.customer_ref(SENDER)
    with session(engine) as opened:
        newest = opened.scalar(select(func.max(Event.id)))
        opened.execute(update(Event).where(Event.id == newest).values(body=b"\x01" + bytes(60)))
    bad: list[dict[str, Any]] = [{"event": "user", "parse_data": "no"}, {"text": "秘密"}]
    body = [encoded(event) for event in bad]
    rows = [NewEvent(f"{n}" * 32, "user", 1.0, content) for n, content in enumerate(body)]
    rows.append(NewEvent("9" * 32, "user", 1e300, encoded({"event": "user", "text": "秘密"})))
    store.log.append(SENDER, rows)
    store.log.append(
        SENDER, [NewEvent("8" * 32, "bot", 9.0, encoded({"event": "bot", "text": "後"}))]
    )
    catch_up(engine, vault)
    assert lines(engine, vault) == ["之前", "後"]
    assert lines(engine, vault, OTHER) == ["一"]
    assert "4 events could not be projected" in caplog.text
    assert "秘密" not in caplog.text
    assert vault.open(ref, EVENT, "9" * 32, event_body(engine, "9" * 32))


def event_body(engine: Engine, uid: str) -> bytes:
    with session(engine, reading=True) as opened:
        return opened.scalars(select(Event.body).where(Event.uid == uid)).one()


async def test_a_line_that_no_longer_opens_is_shown_as_such(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    await say(store, customer_says("一"), bot_says("二"))
    catch_up(engine, vault)
    with session(engine) as opened:
        opened.execute(update(Message).where(Message.role == Role.BOT).values(body=b"x"))
    found = transcript(engine, vault, vault.customer_ref(SENDER))
    assert [(line.text, line.readable) for line in found] == [("一", True), (None, False)]


async def test_tenants_are_projected_apart(engine: Engine, vault: Vault, keys: MasterKeys) -> None:
    other = Vault(engine, keys, "other")
    await say(a_store(engine, vault), customer_says("甲"))
    await say(a_store(engine, other), customer_says("乙"))
    assert (catch_up(engine, vault), catch_up(engine, other)) == (1, 1)
    assert (lines(engine, vault), lines(engine, other)) == (["甲"], ["乙"])
    assert rebuild(engine, vault) == 1
    assert lines(engine, other) == ["乙"]


async def test_ids_of_deleted_conversations_are_not_used_again(
    store: EncryptedTrackerStore, engine: Engine, vault: Vault
) -> None:
    await say(store, customer_says("一"))
    catch_up(engine, vault)
    await store.delete(SENDER)
    await say(store, customer_says("二"))
    assert catch_up(engine, vault) == 1
    assert lines(engine, vault) == ["二"]


async def test_the_broker_projects_what_the_store_wrote(engine: Engine, vault: Vault) -> None:
    await say(a_store(engine, vault), customer_says("之前已經有"))
    broker = LedgerBroker(engine, vault)
    assert broker.is_ready()
    await say(a_store(engine, vault, broker), customer_says("一"))
    await broker.close()
    assert not broker.is_ready()
    assert lines(engine, vault) == ["之前已經有", "一"]
    broker.publish({"event": "user"})


async def test_a_broken_database_reaches_no_turn_and_is_caught_up_with(
    engine: Engine, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    await say(a_store(engine, vault), customer_says("秘密"))
    with table_away(engine):
        broker = LedgerBroker(engine, vault)
        broker.publish({"event": "user", "text": "秘密"})
        await broker.close()
    assert "the ledger is behind" in caplog.text
    assert "秘密" not in caplog.text
    broker = LedgerBroker(engine, vault)
    await broker.close()
    assert lines(engine, vault) == ["秘密"]


async def test_rasa_makes_the_broker_from_endpoints(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANTODESK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CANTODESK_DATABASE_URL", database_url)
    get_settings.cache_clear()
    path = f"{LedgerBroker.__module__}.LedgerBroker"
    broker = await EventBroker.create(EndpointConfig(type=path))
    get_settings.cache_clear()
    assert isinstance(broker, LedgerBroker)
    await broker.close()
