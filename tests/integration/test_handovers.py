from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from conversation_samples import SENDER, a_store, customer_says, say, session_start, table_away
from sqlalchemy import Engine, update

from cantodesk.conversations.failures import BadSenderId, StorageFailed
from cantodesk.conversations.handovers import HandOvers, OpenStatus, ResolveStatus
from cantodesk.storage.conversation_tables import (
    Conversation,
    ConversationState,
    Handover,
    HandoverReason,
)
from cantodesk.storage.crypto import MasterKeys
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

NOW = datetime(2025, 7, 1, 4, tzinfo=UTC)
PACKET = {
    "slots": {"order_id": "HK12345"},
    "emotion_series": [{"label": "angry", "score": 0.9}],
    "failed_turns": 3,
    "order_references": ["HK12345"],
    "answers_tried": ["track_order"],
    "clarifications": [{"offered": ["track_order", "cancel_order"], "chosen": None}],
}


@pytest.fixture
def calls(engine: Engine, vault: Vault) -> HandOvers:
    return HandOvers(engine, vault, clock=lambda: NOW)


def state(engine: Engine, vault: Vault) -> tuple[ConversationState, int]:
    with session(engine, reading=True) as opened:
        row = opened.get_one(Conversation, vault.customer_ref(SENDER))
    return row.state, row.version


def test_a_call_keeps_everything_known_so_far(calls: HandOvers, vault: Vault) -> None:
    result = calls.open(SENDER, "negative_emotion", PACKET, "yue", "T-000123")
    assert result.status is OpenStatus.OPENED
    assert result.handover is not None
    assert result.handover.reason is HandoverReason.NEGATIVE_EMOTION
    assert (result.handover.ticket_number, result.handover.opened_at) == ("T-000123", NOW)
    found = calls.get(result.handover.id)
    assert found is not None
    assert found.handover == result.handover
    assert found.packet == PACKET | {
        "reason": "negative_emotion",
        "language": "yue",
        "transcript_reference": vault.customer_ref(SENDER),
    }


def test_a_packet_is_whole_also_when_little_is_known(calls: HandOvers) -> None:
    result = calls.open(SENDER, "request_human", {})
    assert result.handover is not None
    found = calls.get(result.handover.id)
    assert found is not None
    assert found.packet is not None
    assert set(found.packet) == {
        "slots", "emotion_series", "failed_turns", "reason", "language",
        "order_references", "transcript_reference", "answers_tried", "clarifications",
    }  # fmt: skip


def test_a_second_call_gives_the_open_one_back(calls: HandOvers) -> None:
    first = calls.open(SENDER, "failed_turns", PACKET, "yue", "T-000001")
    again = calls.open(SENDER, "request_human", {}, "en", "T-000002")
    assert again.status is OpenStatus.ALREADY_OPEN
    assert again.handover == first.handover
    assert len(calls.list()) == 1


def test_calls_at_the_same_moment_open_one(engine: Engine, keys: MasterKeys) -> None:
    desks = [HandOvers(engine, Vault(engine, keys, "shop")) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda calls: calls.open(SENDER, "failed_turns", PACKET), desks))
    assert sorted(result.status for result in results) == ["already_open"] * 5 + ["opened"]
    assert len({result.handover.uid for result in results if result.handover}) == 1


def test_after_the_first_is_resolved_another_may_be_opened(calls: HandOvers) -> None:
    first = calls.open(SENDER, "failed_turns", PACKET).handover
    assert first is not None
    assert calls.resolve(first.id) is ResolveStatus.RESOLVED
    assert calls.resolve(first.id) is ResolveStatus.ALREADY_RESOLVED
    assert calls.resolve(first.id + 99) is ResolveStatus.NOT_FOUND
    second = calls.open(SENDER, "failed_turns", PACKET)
    assert second.status is OpenStatus.OPENED
    done = calls.list("resolved")
    assert [(row.id, row.resolved_at, row.version) for row in done] == [(first.id, NOW, 2)]
    assert [row.id for row in calls.list("queued")] == [second.handover and second.handover.id]


def test_the_longest_waiting_is_listed_first(engine: Engine, vault: Vault) -> None:
    for minutes, sender in [(5, "web:b"), (0, "web:a"), (9, "web:c")]:
        calls = HandOvers(engine, vault, clock=lambda m=minutes: NOW + timedelta(minutes=m))
        calls.open(sender, "request_human", {})
    found = [row.conversation_ref for row in HandOvers(engine, vault).list("queued")]
    assert found == [vault.customer_ref(f"web:{name}") for name in "abc"]


async def test_the_conversation_is_queued_if_the_bot_held_it(
    engine: Engine, vault: Vault, calls: HandOvers
) -> None:
    # The first turn calls before it is saved; saving it afterwards changes nothing.
    calls.open(SENDER, "request_human", {})
    assert state(engine, vault) == (ConversationState.QUEUED, 2)
    await say(a_store(engine, vault), *session_start(), customer_says("真人"))
    assert state(engine, vault) == (ConversationState.QUEUED, 2)


async def test_a_conversation_a_person_holds_stays_with_them(
    engine: Engine, vault: Vault, calls: HandOvers
) -> None:
    await say(a_store(engine, vault), *session_start(), customer_says("真人"))
    with session(engine) as opened:
        opened.execute(update(Conversation).values(state=ConversationState.HUMAN, version=4))
    calls.open(SENDER, "negative_emotion", {})
    assert state(engine, vault) == (ConversationState.HUMAN, 4)


def test_another_tenants_calls_are_not_seen(
    engine: Engine, calls: HandOvers, keys: MasterKeys
) -> None:
    opened = calls.open(SENDER, "failed_turns", PACKET).handover
    assert opened is not None
    other = HandOvers(engine, Vault(engine, keys, "other"))
    assert other.list() == []
    assert other.get(opened.id) is None
    assert other.resolve(opened.id) is ResolveStatus.NOT_FOUND


def test_a_packet_that_does_not_open_leaves_the_call(engine: Engine, calls: HandOvers) -> None:
    opened = calls.open(SENDER, "failed_turns", PACKET).handover
    assert opened is not None
    with session(engine) as writing:
        writing.execute(update(Handover).values(packet=b"\x01" + bytes(60)))
    found = calls.get(opened.id)
    assert found is not None
    assert (found.handover.id, found.packet) == (opened.id, None)


def test_a_broken_database_is_said(
    engine: Engine, calls: HandOvers, caplog: pytest.LogCaptureFixture
) -> None:
    with table_away(engine, "handovers"):
        result = calls.open(SENDER, "failed_turns", {"slots": {"name": "陳大文"}})
        assert (result.status, result.handover) == (OpenStatus.UNAVAILABLE, None)
        assert calls.resolve(1) is ResolveStatus.UNAVAILABLE
        with pytest.raises(StorageFailed):
            calls.list()
        with pytest.raises(StorageFailed):
            calls.get(1)
    assert "陳大文" not in caplog.text


def test_what_no_channel_sends_is_refused(calls: HandOvers) -> None:
    with pytest.raises(BadSenderId):
        calls.open("a\u0000", "failed_turns", {})
    with pytest.raises(ValueError, match="boredom"):
        calls.open(SENDER, "boredom", {})
