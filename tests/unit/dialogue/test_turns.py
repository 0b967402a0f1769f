"""Reading a conversation turn by turn."""

from __future__ import annotations

from conversations import BEGUN, FAILED, LISTEN, did, said
from rasa.shared.core.events import ActionExecuted, SlotSet

from cantodesk.dialogue.turns import failed_turns, turns_of


def test_a_turn_is_a_line_and_all_that_followed_it() -> None:
    first, second = said("greet"), said("track_order")
    turns = turns_of([LISTEN, first, did("a"), LISTEN, second, did("b"), did("c"), LISTEN])
    assert [t.line for t in turns] == [first, second]
    assert [t.actions for t in turns] == [["a"], ["b", "c"]]


def test_only_the_latest_session_counts() -> None:
    later = said("track_order")
    assert [t.line for t in turns_of([said("greet"), BEGUN, LISTEN, later])] == [later]


def test_nothing_said_is_no_turn() -> None:
    assert turns_of([]) == []
    assert turns_of([BEGUN, did("action_session_start"), LISTEN]) == []


def test_a_turn_fails_when_something_in_it_says_so() -> None:
    (turn,) = turns_of([said(), FAILED])
    assert turn.failed
    (turn,) = turns_of([said(), SlotSet("turn_failed", None)])
    assert not turn.failed


def test_an_end_to_end_action_has_no_name_and_is_none() -> None:
    (turn,) = turns_of([said(), ActionExecuted(None, action_text="hi")])
    assert turn.actions == []


def test_failed_turns_are_counted_backwards_until_one_that_helped() -> None:
    events = [said(), FAILED, said(), did("helped"), said(), FAILED, said(), FAILED]
    assert failed_turns(turns_of(events)) == 2


def test_a_hand_over_starts_the_count_afresh() -> None:
    events = [said(), FAILED, said(), FAILED, did("action_hand_over"), said(), FAILED]
    assert failed_turns(turns_of(events)) == 1


def test_no_turns_have_not_failed() -> None:
    assert failed_turns([]) == 0


def test_a_line_without_a_parse_has_an_empty_one() -> None:
    line = said()
    line.parse_data = None
    assert turns_of([line])[0].parse == {}
