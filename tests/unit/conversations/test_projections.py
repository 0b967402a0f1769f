from __future__ import annotations

from typing import Any

import pytest

from cantodesk.conversations.projections import Change, change_of, state_after
from cantodesk.storage.conversation_tables import ConversationState as State
from cantodesk.storage.conversation_tables import Role


def user(**changes: Any) -> dict[str, Any]:
    parsed = {
        "intent": {"name": "track_order", "confidence": 0.81},
        "language": {"code": "yue"},
        "emotion": {"label": "angry", "score": 0.66},
    }
    event = {"event": "user", "text": "張單呢？", "parse_data": parsed, "input_channel": "web"}
    return event | changes


def test_a_customers_line_brings_what_was_understood() -> None:
    change = change_of(user())
    assert change.channel == "web"
    assert change.line is not None
    line = change.line
    assert (line.role, line.content) == (Role.CUSTOMER, {"text": "張單呢？"})
    assert (line.language, line.intent, line.confidence) == ("yue", "track_order", 0.81)
    assert (line.emotion_label, line.emotion_score) == ("angry", 0.66)


def test_a_line_nothing_was_understood_of_is_still_a_line() -> None:
    change = change_of(user(parse_data=None, input_channel=None))
    assert change.line is not None
    assert change.line.intent is None
    assert change.channel is None


def test_a_trigger_of_ours_is_no_line_of_the_customer() -> None:
    assert change_of(user(metadata={"is_external": True})) == Change()


@pytest.mark.parametrize(
    "hostile", ["x" * 500, "a\u0000", "a\ud83d", "my name", "陳大文", {"a": 1}, 7, ""]
)
def test_words_that_are_none_do_not_reach_clear_columns(hostile: Any) -> None:
    parsed = {"intent": {"name": hostile}, "language": {"code": hostile}}
    change = change_of(user(parse_data=parsed, input_channel=hostile))
    assert change.line is not None
    assert (change.line.intent, change.line.language, change.channel) == (None, None, None)
    assert change_of({"event": "slot", "name": "language", "value": hostile}) == Change()


@pytest.mark.parametrize("score", [float("nan"), float("inf"), "0.5", True, None])
def test_scores_that_are_no_numbers_are_left_out(score: Any) -> None:
    change = change_of(user(parse_data={"intent": {"name": "a", "confidence": score}}))
    assert change.line is not None
    assert change.line.confidence is None


def test_a_reply_keeps_what_was_shown_with_it() -> None:
    buttons = [{"title": "係", "payload": "/affirm"}]
    data = {"buttons": buttons, "image": None, "elements": []}
    change = change_of({"event": "bot", "text": "要唔要？", "data": data, "metadata": {}})
    assert change.line is not None
    assert change.line.role is Role.BOT
    assert change.line.content == {"text": "要唔要？", "buttons": buttons}
    agent = change_of({"event": "agent", "text": "你好", "data": None})
    assert agent.line is not None
    assert agent.line.role is Role.AGENT


def test_the_notice_is_noted_with_its_version_or_its_wording() -> None:
    def version(text: str, **metadata: Any) -> str | None:
        metadata["utter_action"] = "utter_collection_statement"
        return change_of({"event": "bot", "text": text, "metadata": metadata}).notice_version

    assert version("a", notice_version="2025-07") == "2025-07"
    assert version("a", metadata={"notice_version": 3}) == "3"
    wording = version("我哋會收集…")
    assert wording is not None
    assert wording.startswith("sha256:")
    assert wording != version("我哋只會收集…")
    assert change_of({"event": "bot", "text": "a"}).notice_version is None


def test_slots_and_pauses() -> None:
    assert change_of({"event": "slot", "name": "language", "value": "en"}).language == "en"
    assert change_of({"event": "slot", "name": "order_id", "value": "en"}) == Change()
    assert change_of({"event": "pause"}).paused is True
    assert change_of({"event": "resume"}).paused is False
    assert change_of({"event": "action", "name": "action_listen"}) == Change()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.BOT, State.QUEUED),
        (State.CLOSED, State.QUEUED),
        (State.QUEUED, State.QUEUED),
        (State.HUMAN, State.HUMAN),
        (State.WRAP_UP, State.WRAP_UP),
        (State.AFTER_HOURS, State.AFTER_HOURS),
    ],
)
def test_a_pause_queues_what_no_person_holds(before: State, after: State) -> None:
    assert state_after(before, paused=True) is after
    assert state_after(before, paused=False) is State.BOT
