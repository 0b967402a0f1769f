"""After a question in between, the form asks its open question again."""

from __future__ import annotations

from pathlib import Path

import pytest
from conversations import (
    DOMAIN,
    FORM_OPEN,
    LISTEN,
    REJECTED,
    chosen,
    did,
    policy,
    reload,
    said,
    told,
)

from cantodesk.dialogue.return_to_form import ReturnToForm

ASKED = [said("track_order"), FORM_OPEN[0], *FORM_OPEN[1:]]


@pytest.fixture
def returning(tmp_path: Path) -> ReturnToForm:
    made: ReturnToForm = policy(ReturnToForm, tmp_path)
    return made


def test_the_form_speaks_again_once_the_question_is_answered(returning: ReturnToForm) -> None:
    tracker = told(ASKED, said("ask_delivery_fee"), REJECTED, did("action_answer"))
    assert chosen(returning, tracker) == ("order_form", 1.0)


def test_not_before_the_answer(returning: ReturnToForm) -> None:
    tracker = told(ASKED, said("ask_delivery_fee"), REJECTED)
    assert chosen(returning, tracker) == (None, 0.0)


def test_not_where_the_form_took_the_line_itself(returning: ReturnToForm) -> None:
    tracker = told(ASKED, said("track_order"), did("order_form"))
    assert chosen(returning, tracker) == (None, 0.0)


def test_not_after_it_has_spoken(returning: ReturnToForm) -> None:
    tracker = told(
        ASKED, said("ask_delivery_fee"), REJECTED, did("action_answer"), did("order_form")
    )
    assert chosen(returning, tracker) == (None, 0.0)


def test_not_when_the_turn_is_over(returning: ReturnToForm) -> None:
    tracker = told(ASKED, said("ask_delivery_fee"), REJECTED, did("action_answer"), LISTEN)
    assert chosen(returning, tracker) == (None, 0.0)


def test_no_form_no_return(returning: ReturnToForm) -> None:
    assert chosen(returning, told(said("ask_delivery_fee"), did("action_answer"))) == (None, 0.0)


def lessons() -> list:
    """A rule of two steps."""
    return [told(said("ask_delivery_fee"), did("action_answer"), did("action_second"), LISTEN)]


def test_an_answer_of_two_steps_is_waited_for(returning: ReturnToForm) -> None:
    returning.train(lessons(), DOMAIN)
    halfway = told(ASKED, said("ask_delivery_fee"), REJECTED, did("action_answer"))
    whole = told(
        ASKED, said("ask_delivery_fee"), REJECTED, did("action_answer"), did("action_second")
    )
    assert chosen(returning, halfway) == (None, 0.0)
    assert chosen(returning, whole) == ("order_form", 1.0)


def test_what_it_learnt_is_in_the_model(returning: ReturnToForm, tmp_path: Path) -> None:
    returning.train(lessons(), DOMAIN)
    loaded = reload(ReturnToForm, tmp_path)
    halfway = told(ASKED, said("ask_delivery_fee"), REJECTED, did("action_answer"))
    other = told(ASKED, said("greet"), REJECTED, did("action_answer"))
    assert chosen(loaded, halfway) == (None, 0.0)
    assert chosen(loaded, other) == ("order_form", 1.0)
