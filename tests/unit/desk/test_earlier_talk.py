from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from cantodesk.conversations.event_log import EventLog, NewEvent, encoded
from cantodesk.conversations.transcripts import TranscriptLine
from cantodesk.desk.assistant import Button
from cantodesk.desk.earlier_talk import EarlierTalk, Reading, as_seen, from_ledger
from cantodesk.storage.conversation_tables import ConversationState, Role
from cantodesk.storage.crypto import MasterKeys
from cantodesk.storage.engine import engine_for
from cantodesk.storage.vault import Vault

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
YES = {"title": "係", "payload": "/affirm"}


def line(role: Role, text: str | None, *buttons: dict[str, Any], **more: Any) -> TranscriptLine:
    known = {"language": "yue", "emotion": None, "emotion_score": None} | more
    return TranscriptLine(1, role, AT, text, buttons, **known)


def shown(*lines: TranscriptLine) -> list[tuple[str, str]]:
    return [(seen.role.value, seen.text) for seen in as_seen(lines)]


def test_a_click_is_shown_by_the_title_of_its_button() -> None:
    lines = line(Role.BOT, "啱唔啱？", YES), line(Role.CUSTOMER, "/affirm")
    assert shown(*lines) == [("bot", "啱唔啱？"), ("customer", "係")]
    assert as_seen(lines)[0].buttons == (Button("係", "/affirm"),)


def test_a_payload_without_its_button_is_left_out() -> None:
    assert shown(line(Role.CUSTOMER, '/inform{"order_id":"HK20261234"}')) == []


def test_paragraphs_are_bubbles_as_they_were_when_they_came() -> None:
    assert shown(line(Role.BOT, "一\n\n二\n\n\n三")) == [
        ("bot", "一"),
        ("bot", "二"),
        ("bot", "三"),
    ]
    assert shown(line(Role.BOT, "一\n\n二", YES)) == [("bot", "一\n\n二")]


def test_what_cannot_be_shown_is_left_out() -> None:
    lines = (
        line(Role.BOT, None),
        line(Role.CUSTOMER, None, readable=False),
        line(Role.AGENT, "我係阿明"),
        line(Role.CUSTOMER, "a\ud83d"),
    )
    assert shown(*lines) == [("agent", "我係阿明"), ("customer", "a?")]


def test_each_line_has_its_own_language() -> None:
    lines = line(Role.CUSTOMER, "Where is it?"), line(Role.BOT, "喺度"), line(Role.BOT, "123")
    assert [seen.language for seen in as_seen(lines)] == ["en", "yue", "yue"]


def test_buttons_of_the_talk_are_found_again() -> None:
    talk = EarlierTalk(Reading.FOUND, as_seen([line(Role.BOT, "?", YES)]))
    assert talk.gave_out("/affirm")
    assert not talk.gave_out("/restart")


def test_the_ledgers_talk(engine: Engine, vault: Vault) -> None:
    events = (
        {"event": "user", "text": "查單", "parse_data": {"language": {"code": "yue"}}},
        {"event": "bot", "text": "邊張單？", "data": {"buttons": [YES]}},
        {"event": "user", "text": "/affirm"},
        {"event": "pause"},
    )
    EventLog(engine, vault).append(
        "web:a",
        [
            NewEvent(f"{i:032x}", event["event"], AT.timestamp() + i, encoded(event))
            for i, event in enumerate(events)
        ],
    )
    read = from_ledger(vault)
    talk = read("web:a")
    assert talk.status is Reading.FOUND
    assert [(seen.role.value, seen.text) for seen in talk.lines] == [
        ("customer", "查單"),
        ("bot", "邊張單？"),
        ("customer", "係"),
    ]
    assert talk.lines[0].at == AT
    assert talk.state is ConversationState.QUEUED
    assert talk.waits_for_person
    assert read("web:nobody") == EarlierTalk(Reading.FOUND)


def test_a_database_that_fails_is_unavailable(
    tmp_path: Path, keys: MasterKeys, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    without_tables = engine_for(f"sqlite:///{tmp_path}/empty.sqlite3")
    talk = from_ledger(Vault(without_tables, keys, "shop"))("web:secret")
    assert talk == EarlierTalk(Reading.UNAVAILABLE)
    assert "cannot be read" in caplog.text
    assert "secret" not in caplog.text
    without_tables.dispose()
