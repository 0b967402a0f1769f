"""When a person takes over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conversations import (
    ASKED_BACK,
    BEGUN,
    FAILED,
    FORM_OPEN,
    LISTEN,
    answering,
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
        (upset(0.55), True),
        (upset(0.95), True),
        (upset(0.54), False),
        (upset(1.0, label="positive"), False),
        (upset(1.0, label="neutral"), False),
    ],
)
def test_one_line_of_strong_anger_is_enough(
    escalation: EscalationPolicy, line: Any, called: bool
) -> None:
    assert reason(escalation, told(line)) == ("negative_emotion" if called else None)


@pytest.mark.parametrize(
    ("scores", "called"),
    [
        ((0.5, 0.45, 0.5), True),  # impatience that lasts
        ((0.5, 0.5), False),
        ((0.5, 0.5, 0.35), False),  # it ebbs
        ((0.4, 0.53), True),  # impatience that grows
        ((0.54,), False),
        ((0.54, 0.53), False),
        ((0.3, 0.52), False),
    ],
)
def test_impatience_that_lasts_or_grows_is_enough(
    escalation: EscalationPolicy, scores: tuple[float, ...], called: bool
) -> None:
    tracker = told(*[[upset(score), did("action_answer"), LISTEN] for score in scores[:-1]])
    tracker = told(*tracker.events, upset(scores[-1]))
    assert reason(escalation, tracker) == ("negative_emotion" if called else None)


def test_a_calm_line_in_between_ends_the_row(escalation: EscalationPolicy) -> None:
    calm = upset(0.9, label="neutral")
    assert reason(escalation, told(upset(0.5), upset(0.5), calm, upset(0.5))) is None
    assert reason(escalation, told(upset(0.5), calm, upset(0.54))) is None


def test_a_calm_talk_calls_nobody(escalation: EscalationPolicy) -> None:
    calm = [upset(1.0, label="neutral"), upset(0.95, label="positive"), said("greet")]
    assert reason(escalation, told(*calm, *calm, *calm)) is None


def test_after_a_hand_over_the_row_starts_afresh(escalation: EscalationPolicy) -> None:
    before = [upset(0.5), LISTEN, upset(0.5), HAND_OVER, LISTEN]
    assert reason(escalation, told(before, upset(0.5))) is None


def test_the_row_can_be_turned_off(tmp_path: Path) -> None:
    made = policy(EscalationPolicy, tmp_path, upset_turns=0)
    assert reason(made, told(*[upset(0.5)] * 6)) is None


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
        ({"upset_score": 0}, "upset_score above 0"),
        ({"rising_score": 2}, "rising_score above 0"),
        ({"upset_turns": -1}, r"upset_turns of 0 \(off\) or more"),
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


UNCLEAR = said("nlu_fallback")
FAILED_TURN = [UNCLEAR, did("action_default_fallback"), FAILED, LISTEN]
QUESTION = [UNCLEAR, did("action_default_fallback"), ASKED_BACK, LISTEN]
DECLINED = [answering("declined"), did("action_default_fallback"), FAILED, LISTEN]
YES_TO_BOTH = [answering("unclear"), did("action_default_fallback"), ASKED_BACK, LISTEN]
PICKED = [answering("chosen", "track_order"), did("action_answer"), LISTEN]
PICKED_AND_FAILED = [answering("chosen", "track_order"), did("action_answer"), FAILED, LISTEN]


@pytest.mark.parametrize(
    ("before", "called"),
    [
        ([QUESTION], False),
        # Two questions without an answer are two failed turns.
        ([QUESTION, QUESTION], True),
        ([QUESTION, YES_TO_BOTH], True),
        ([FAILED_TURN, QUESTION], True),
        ([FAILED_TURN, FAILED_TURN], True),
        # "Something else" is one failed turn together with its question.
        ([QUESTION, DECLINED], False),
        ([FAILED_TURN, QUESTION, DECLINED], True),
        ([QUESTION, DECLINED, QUESTION, DECLINED], True),
        # A question that was answered well is none, and what followed may be.
        ([FAILED_TURN, QUESTION, PICKED], False),
        ([QUESTION, PICKED, QUESTION], False),
        ([QUESTION, PICKED_AND_FAILED], False),
        ([FAILED_TURN, QUESTION, PICKED_AND_FAILED], True),
    ],
)
def test_questions_without_progress_bring_a_person(
    escalation: EscalationPolicy, before: list[Any], called: bool
) -> None:
    assert reason(escalation, told(*before, UNCLEAR)) == ("failed_turns" if called else None)


def test_a_question_just_asked_calls_nobody(escalation: EscalationPolicy) -> None:
    assert reason(escalation, told(FAILED_TURN, QUESTION[:-1])) is None
    assert reason(escalation, told(QUESTION, QUESTION[:-1])) is None


def test_something_else_for_the_third_time_brings_a_person_at_once(
    escalation: EscalationPolicy,
) -> None:
    twice = told(FAILED_TURN, FAILED_TURN, QUESTION, answering("declined"))
    assert reason(escalation, twice) == "failed_turns"


def test_anger_and_a_wish_for_a_person_win_over_an_open_question(
    escalation: EscalationPolicy,
) -> None:
    assert reason(escalation, told(QUESTION, upset(0.9, "nlu_fallback"))) == "negative_emotion"
    assert reason(escalation, told(QUESTION, said("request_human"))) == "request_human"
    picked = answering("chosen", "request_human")
    assert reason(escalation, told(QUESTION, picked)) == "request_human"


def test_a_form_learns_of_its_last_chance_from_questions_too(escalation: EscalationPolicy) -> None:
    once = told(said("track_order"), FORM_OPEN, QUESTION, UNCLEAR)
    twice = told(said("track_order"), FORM_OPEN, QUESTION, QUESTION, UNCLEAR)
    assert escalation.decide(once) == (None, [])
    assert escalation.decide(twice) == (None, [SlotSet(LAST_CHANCE, True)])
