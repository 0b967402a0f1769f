"""One turn: what an action sees, and that it always answers."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher
from talk import SENDER, action, run, tracker, user

from actions.turn import CustomerTurn, ServiceUnavailable, SkillAction, last_action
from cantodesk.assembly import Services
from cantodesk.settings import get_settings


def turn(services: Services, **given: Any) -> CustomerTurn:
    return CustomerTurn(CollectingDispatcher(), tracker(**given), services)


def test_what_the_customer_said_and_meant(services: Services) -> None:
    made = turn(services, text="查單", intent="track_order", confidence=0.7)
    assert (made.text, made.intent, made.confidence) == ("查單", "track_order", 0.7)


def test_a_line_without_a_parse_is_empty(services: Services) -> None:
    made = turn(services)
    made.tracker.latest_message = None
    assert (made.text, made.intent, made.confidence, made.entity("phone")) == ("", "", 0.0, None)


@pytest.mark.parametrize(
    ("slot", "language"), [("en", "en"), ("zh", "zh"), (None, "yue"), ("fr", "yue")]
)
def test_the_language_is_always_one_of_ours(
    services: Services, slot: str | None, language: str
) -> None:
    assert turn(services, slots={"language": slot}).language == language


def test_the_first_entity_of_a_kind(services: Services) -> None:
    made = turn(services, entities=[("phone", "+85291234567"), ("phone", "+85261234567")])
    assert made.entity("phone") == "+85291234567"
    assert made.entity("email") is None


def test_the_customer_is_known_by_a_keyed_reference_only(services: Services) -> None:
    assert turn(services).ref == services.vault.customer_ref(SENDER)
    assert SENDER not in turn(services).ref


def test_the_mark_of_a_line_is_the_same_when_an_action_runs_again(services: Services) -> None:
    assert turn(services, at=5.0).said_at == turn(services, at=5.0).said_at == "5.0"
    assert turn(services, at=6.0).said_at != "5.0"


def test_actions_of_this_turn_and_the_last_one_before(services: Services) -> None:
    made = turn(
        services, before=[user("hi"), action("a"), action("action_listen")], after=[action("b")]
    )
    assert made.actions == ["b"]
    assert last_action(made) == "b"
    before = turn(services, before=[user("hi"), action("a"), action("action_listen")])
    assert last_action(before) == "a"
    assert last_action(turn(services)) is None


class Doing(SkillAction):
    """Says something, then does what the test wants."""

    action = "action_test"

    # rasa-sdk makes one of every action class it sees, those of tests too.
    def __init__(self, then: Any = None) -> None:
        self._then = then

    async def act(self, turn: CustomerTurn) -> list:
        turn.say("utter_half_done")
        return await self._then(turn)


async def well(_turn: CustomerTurn) -> list:
    return []


async def raising(_turn: CustomerTurn) -> list:
    raise RuntimeError("陳大文 9123 4567")


async def unavailable(_turn: CustomerTurn) -> list:
    raise ServiceUnavailable


async def endless(_turn: CustomerTurn) -> list:
    await asyncio.Event().wait()
    return []


async def test_an_action_that_goes_well_is_left_alone(services: Services) -> None:
    done = await run(Doing(well), tracker())
    assert done.replies == ["utter_half_done"]
    assert done.events == []


@pytest.mark.parametrize("then", [raising, unavailable])
async def test_an_action_that_fails_apologises_with_a_ticket(services: Services, then: Any) -> None:
    done = await run(Doing(then), tracker("我想查單", "track_order", form="track_order_form"))
    assert done.replies == ["utter_unavailable_ticket"]
    number = done.messages[0]["ticket"]
    assert services.shop.tickets.find(number, services.vault.customer_ref(SENDER)).ticket
    assert done.failed
    assert done.left_form
    assert done.other[-1] == "followup"


async def test_an_action_that_takes_too_long_apologises(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANTODESK_ACTION_TIMEOUT", "0.1")
    get_settings.cache_clear()
    try:
        done = await run(Doing(endless), tracker())
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
    assert done.replies == ["utter_unavailable"] or done.replies == ["utter_unavailable_ticket"]


async def test_what_the_customer_wrote_is_in_no_log(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await run(Doing(raising), tracker("我叫陳大文"))
    assert "action_test failed: RuntimeError" in caplog.text
    assert "陳大文" not in caplog.text


async def test_the_same_line_opens_one_ticket_however_often_it_fails(services: Services) -> None:
    first = await run(Doing(raising), tracker(at=7.0))
    again = await run(Doing(raising), tracker(at=7.0))
    assert first.messages[0]["ticket"] == again.messages[0]["ticket"]


async def test_without_a_database_it_apologises_all_the_same(broken: Services) -> None:
    done = await run(Doing(unavailable), tracker())
    assert done.replies == ["utter_unavailable"]
    assert done.failed
