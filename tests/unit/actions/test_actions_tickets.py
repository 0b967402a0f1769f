"""Tickets: how far a case is, for whoever opened it or knows its telephone."""

from __future__ import annotations

from typing import Any

import pytest
from talk import run, tracker

from actions.cases import ActionOpenCase
from actions.tickets import ActionShowTicket, ValidateTicketForm
from cantodesk.assembly import Services

OTHER = "somebody-else"


@pytest.fixture
async def number(services: Services) -> str:
    """A case this customer has opened, to be answered by telephone."""
    slots = {"case_topic": "complain", "case_details": "態度差", "case_contact": "+85291234567"}
    done = await run(ActionOpenCase(), tracker(slots=slots))
    return str(done.messages[0]["ticket"])


async def shown(number: str, **more: Any) -> Any:
    slots = {"ticket_id": number, **more.pop("slots", {})}
    return await run(ActionShowTicket(), tracker(slots=slots, **more))


async def validated(**given: Any) -> Any:
    return await run(ValidateTicketForm(), tracker(form="ticket_form", **given))


async def test_whoever_opened_it_need_prove_nothing(number: str) -> None:
    done = await shown(number)
    assert done.said("utter_ticket_open")["ticket"] == number
    assert done.slots == {"ticket_id": None}


async def test_another_customer_must_know_the_telephone(number: str) -> None:
    done = await shown(number, sender=OTHER)
    assert done.replies == ["utter_ticket_not_verified"]
    assert done.failed
    right = await shown(number, sender=OTHER, slots={"phone_last4": "4567"})
    assert right.replies == ["utter_ticket_open"]


async def test_a_case_that_does_not_exist_sounds_the_same(services: Services) -> None:
    assert (await shown("T-000000", slots={"phone_last4": "4567"})).replies == [
        "utter_ticket_not_verified"
    ]


async def test_the_only_open_case_needs_no_number(number: str) -> None:
    done = await validated(intent="track_ticket")
    assert done.slots == {"ticket_id": number, "requested_slot": None}


async def test_without_a_case_the_number_is_asked_for(services: Services) -> None:
    assert (await validated(intent="track_ticket")).slots == {"requested_slot": "ticket_id"}


async def test_a_number_is_read_in_every_writing(number: str) -> None:
    written = number.replace("T-", "t ")
    done = await validated(asked="ticket_id", given={"ticket_id": written}, sender=OTHER)
    assert done.slots == {"ticket_id": number, "requested_slot": "phone_last4"}


@pytest.mark.parametrize(
    ("slot", "said", "reply"),
    [
        ("ticket_id", "abc", "utter_ticket_id_refused"),
        ("phone_last4", "abc", "utter_phone_last4_refused"),
    ],
)
async def test_what_is_no_answer_is_refused(
    services: Services, slot: str, said: str, reply: str
) -> None:
    slots = {} if slot == "ticket_id" else {"ticket_id": "T-004213"}
    done = await validated(asked=slot, slots=slots, given={slot: said})
    assert done.replies == [reply]
    assert done.slots["requested_slot"] == slot


async def test_wrong_digits_are_said_and_in_the_end_locked(number: str) -> None:
    said = []
    while said.count("utter_ticket_locked") == 0 and len(said) < 20:
        done = await validated(
            sender=OTHER,
            asked="phone_last4",
            slots={"ticket_id": number},
            given={"phone_last4": "0000"},
        )
        said += done.replies
    assert set(said[:-1]) == {"utter_ticket_not_verified"}
    assert said[-1] == "utter_ticket_locked"
    assert done.left_form


async def test_digits_of_an_earlier_order_are_no_fault_of_the_customers(number: str) -> None:
    done = await validated(
        sender=OTHER,
        slots={"phone_last4": "0000"},
        given={"ticket_id": number},
        entities=[("ticket_id", number)],
    )
    assert done.replies == []
    assert not done.failed
    assert done.slots["requested_slot"] == "phone_last4"
