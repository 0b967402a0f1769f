"""Answers of the action server are checked as Rasa checks them, only faster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from cantodesk.channels.action_results import check_schema_once


@pytest.fixture
def action() -> Iterator[RemoteAction]:
    original = RemoteAction._validate_action_result
    check_schema_once()
    yield RemoteAction("action_x", None)
    RemoteAction._validate_action_result = original


def test_a_sound_answer_passes(action: RemoteAction) -> None:
    events = [{"event": "slot", "name": "language", "value": "yue", "timestamp": None}]
    assert action._validate_action_result({"events": events, "responses": [{"text": "好"}]})


@pytest.mark.parametrize(
    "answer",
    [[], None, {"events": {}}, {"events": [{"event": "no such event"}]}, {"responses": ["text"]}],
)
def test_a_malformed_answer_is_refused(action: RemoteAction, answer: object) -> None:
    with pytest.raises(ValidationError):
        action._validate_action_result(answer)
