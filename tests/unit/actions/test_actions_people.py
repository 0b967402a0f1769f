"""Bringing in a person."""

from __future__ import annotations

from typing import Any

import pytest
from business_samples import StandingClock
from talk import SENDER, Outcome, run, tracker, user

from actions.people import ActionHandOver
from cantodesk.assembly import Services


async def call(reason: str | None = "request_human", **more: Any) -> Outcome:
    slots = {"hand_over_reason": reason, "language": "en"}
    return await run(
        ActionHandOver(), tracker("a person please", "request_human", slots=slots, **more)
    )


@pytest.mark.parametrize("reason", ["request_human", "negative_emotion", "failed_turns"])
async def test_a_person_is_called_and_the_bot_falls_silent(services: Services, reason: str) -> None:
    done = await call(reason)
    assert done.replies == [f"utter_hand_over_{reason}", "utter_hand_over_open"]
    assert done.left_form
    assert done.other[-1] == "pause"
    (held,) = services.handovers.list("queued")
    assert held.reason == reason
    assert held.ticket_number == done.said("utter_hand_over_open")["ticket"]


async def test_an_unknown_reason_is_a_wish_for_a_person(services: Services) -> None:
    assert (await call("because")).replies[0] == "utter_hand_over_request_human"
    assert (await call(None)).replies[0] == "utter_hand_over_request_human"


async def test_out_of_hours_it_is_said_when_somebody_will_answer(
    services: Services, clock: StandingClock
) -> None:
    clock.move(hours=12)
    done = await call()
    closed = done.said("utter_hand_over_closed")
    assert closed["callback"].startswith("Thu 26 Nov, ")


async def test_what_was_said_before_goes_with_it(services: Services) -> None:
    await call(before=[user("where is HK20261234", "track_order")])
    (held,) = services.handovers.list("queued")
    file = services.handovers.get(held.id)
    assert file is not None
    assert file.packet is not None
    assert file.packet["reason"] == "request_human"
    assert file.packet["transcript_reference"] == services.vault.customer_ref(SENDER)


async def test_calling_twice_for_one_line_opens_one(services: Services) -> None:
    first, again = await call(), await call()
    assert (
        first.said("utter_hand_over_open")["ticket"] == again.said("utter_hand_over_open")["ticket"]
    )
    assert len(services.handovers.list("queued")) == 1


async def test_when_nothing_can_be_written_a_telephone_number_is_given(broken: Services) -> None:
    done = await call()
    assert done.replies == ["utter_hand_over_unavailable"]
    assert "pause" not in done.other
