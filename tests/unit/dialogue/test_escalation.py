"""When a person takes over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conversations import (
    BEGUN,
    FAILED,
    FORM_OPEN,
    LISTEN,
    chosen,
    did,
    policy,
    reload,
    said,
    told,
    upset,
)
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException

from cantodesk.dialogue.escalation import HAND_OVER_REASON, LAST_CHANCE, EscalationPolicy

HAND_OVER = did("action_hand_over")


@pytest.fixture
def escalation(tmp_path: Path) -> EscalationPolicy:
    made: EscalationPolicy = policy(EscalationPolicy, tmp_path)
    return made


def reason(made: EscalationPolicy, tracker: DialogueStateTracker) -> Any:
    action, events = made.decide(tracker)
    called = [e.value for e in events if isinstance(e, SlotSet) and e.key == HAND_OVER_REASON]
    assert (action is None) == (called == [])
    return called[0] if called else None


def test_whoever_asks_for_a_person_gets_one(escalation: EscalationPolicy) -> None:
    assert reason(escalation, told(said("request_human"))) == "request_human"


@pytest.mark.parametrize(
    ("line", "called"),
    [
        (upset(0.8), True),
        (upset(0.95), True),
        (upset(0.79), False),
        (upset(1.0, label="positive"), False),
        (upset(1.0, label="neutral"), False),
    ],
)
def test_one_line_of_strong_anger_is_enough(
    escalation: EscalationPolicy, line: Any, called: bool
) -> None:
    assert reason(escalation, told(line)) == ("negative_emotion" if called else None)


def test_anger_also_counts_inside_a_form(escalation: EscalationPolicy) -> None:
    tracker = told(said("track_order"), FORM_OPEN, upset(0.9))
    assert reason(escalation, tracker) == "negative_emotion"


def test_two_failed_turns_are_not_three(escalation: EscalationPolicy) -> None:
    turn = [said(), did("action_answer"), FAILED, LISTEN]
    assert reason(escalation, told(turn, turn)) is None
    assert reason(escalation, told(turn, turn, turn)) == "failed_turns"


def test_a_turn_that_helped_in_between_starts_afresh(escalation: EscalationPolicy) -> None:
    turn = [said(), did("action_answer"), FAILED, LISTEN]
    helped = [said(), did("action_answer"), LISTEN]
    assert reason(escalation, told(turn, turn, helped, turn)) is None


def test_a_third_line_not_understood_fails_before_anything_is_said(
    escalation: EscalationPolicy,
) -> None:
    turn = [said("nlu_fallback"), did("action_answer"), FAILED, LISTEN]
    assert reason(escalation, told(turn, said("nlu_fallback"))) is None
    assert reason(escalation, told(turn, turn, said("nlu_fallback"))) == "failed_turns"


def test_inside_a_form_a_line_not_understood_may_be_the_answer(
    escalation: EscalationPolicy,
) -> None:
    turn = [said("nlu_fallback"), FAILED, LISTEN]
    tracker = told(said("track_order"), FORM_OPEN, turn, turn, said("nlu_fallback"))
    assert reason(escalation, tracker) is None


def test_a_form_learns_that_one_more_failure_brings_a_person(escalation: EscalationPolicy) -> None:
    turn = [said("inform"), FAILED, LISTEN]
    once = told(said("track_order"), FORM_OPEN, turn, said("inform"))
    twice = told(said("track_order"), FORM_OPEN, turn, turn, said("inform"))
    assert escalation.decide(once) == (None, [])
    assert escalation.decide(twice) == (None, [SlotSet(LAST_CHANCE, True)])


def test_it_calls_once_a_turn(escalation: EscalationPolicy) -> None:
    assert reason(escalation, told(said("request_human"), HAND_OVER)) is None
    assert reason(escalation, told(upset(0.9), HAND_OVER, LISTEN)) is None


def test_it_calls_again_when_the_next_line_gives_cause(escalation: EscalationPolicy) -> None:
    tracker = told(said("request_human"), HAND_OVER, LISTEN, upset(0.9))
    assert reason(escalation, tracker) == "negative_emotion"


def test_failures_of_an_earlier_session_are_forgotten(escalation: EscalationPolicy) -> None:
    turn = [said(), FAILED, LISTEN]
    assert reason(escalation, told(turn, turn, BEGUN, LISTEN, turn)) is None


def test_the_thresholds_are_the_designers(tmp_path: Path) -> None:
    strict = policy(
        EscalationPolicy, tmp_path, negative_emotion=0.4, failed_turns=1, intents=["greet"]
    )
    assert reason(strict, told(upset(0.4, "track_order"))) == "negative_emotion"
    assert reason(strict, told(said("track_order"), FAILED)) == "failed_turns"
    assert reason(strict, told(said("greet"))) == "request_human"


def test_it_predicts_the_hand_over_surely_or_nothing(escalation: EscalationPolicy) -> None:
    assert chosen(escalation, told(said("request_human"))) == ("action_hand_over", 1.0)
    assert chosen(escalation, told(said("greet"))) == (None, 0.0)


def test_its_prediction_is_of_the_kind_that_outranks_a_form(escalation: EscalationPolicy) -> None:
    from conversations import DOMAIN

    prediction = escalation.predict_action_probabilities(told(said("request_human")), DOMAIN)
    assert prediction.is_no_user_prediction
    assert prediction.policy_priority == 20


def test_nothing_said_calls_nobody(escalation: EscalationPolicy) -> None:
    assert reason(escalation, told(LISTEN)) is None


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ({"negative_emotion": 0}, "negative_emotion above 0 and up to 1, not 0"),
        ({"negative_emotion": 1.2}, "not 1.2"),
        ({"failed_turns": 0}, "failed_turns of 1 or more"),
    ],
)
def test_senseless_thresholds_are_refused(config: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidConfigException, match=complaint):
        EscalationPolicy.validate_config(config)


def test_it_comes_back_from_a_model(escalation: EscalationPolicy, tmp_path: Path) -> None:
    from conversations import DOMAIN

    escalation.train([], DOMAIN)
    assert (
        reason(reload(EscalationPolicy, tmp_path), told(said("request_human"))) == "request_human"
    )
