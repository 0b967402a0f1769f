"""What all forms do with a line."""

from __future__ import annotations

from typing import Any

import pytest
from talk import action, run, tracker

from actions.forms import FormValidation, accepted
from actions.orders import ValidateTrackOrderForm
from actions.turn import CustomerTurn
from cantodesk.assembly import Services


class Form(FormValidation):
    form = "test_form"
    slots = ("first", "story")
    own = frozenset({"track_order"})
    free_text = frozenset({"story"})

    async def check(self, turn: CustomerTurn, slot: str, value: Any) -> dict[str, Any]:
        return accepted(slot, None if value == "bad" else str(value).upper())


async def validated(**given: Any) -> Any:
    return await run(Form(), tracker(form="test_form", **given))


def test_its_name_and_slots_are_those_of_the_form() -> None:
    assert Form().name() == "validate_test_form"
    assert Form().domain_slots({}) == ["first", "story"]


async def test_values_are_checked_and_the_next_is_asked_for(services: Services) -> None:
    done = await validated(asked="first", given={"first": "a"})
    assert done.slots == {"first": "A", "requested_slot": "story"}


async def test_a_refused_value_marks_the_turn(services: Services) -> None:
    done = await validated(asked="first", given={"first": "bad"})
    assert done.slots == {"first": None, "turn_failed": "first", "requested_slot": "first"}


async def test_when_all_is_known_nothing_is_asked(services: Services) -> None:
    done = await validated(asked="story", slots={"first": "A"}, given={"story": "b"})
    assert done.slots["requested_slot"] is None


async def test_slots_of_others_are_not_touched(services: Services) -> None:
    done = await validated(asked="first", given={"language": "en", "first": "a"})
    assert "language" not in done.slots


async def test_an_emptied_slot_stays_empty_and_is_no_failure(services: Services) -> None:
    done = await validated(asked="first", given={"first": None})
    assert done.slots == {"first": None, "requested_slot": "first"}


@pytest.mark.parametrize(
    "intent", ["cancel_order", "ask_delivery_fee", "stop", "an_intent_designed_tomorrow"]
)
async def test_a_request_is_heard_instead(services: Services, intent: str) -> None:
    done = await validated(intent=intent, asked="first", given={"first": "a"})
    assert done.other == ["action_execution_rejected"]


@pytest.mark.parametrize(
    "given",
    [
        {"intent": "track_order"},
        {"intent": "cancel_order", "confidence": 0.59},
        {"intent": "inform"},
        {"intent": "affirm"},
    ],
)
async def test_what_is_no_surely_other_request_is_an_answer(
    services: Services, given: dict[str, Any]
) -> None:
    done = await validated(asked="first", **given, **{"slots": {}})
    assert "action_execution_rejected" not in done.other


async def test_a_story_may_sound_like_a_request(services: Services) -> None:
    done = await validated(
        text="我想退款", intent="request_refund", asked="story", slots={"first": "A"},
        given={"story": "我想退款"},
    )  # fmt: skip
    assert done.slots["story"] == "我想退款"


async def test_a_story_mistaken_for_an_unsure_question_is_still_the_story(
    services: Services,
) -> None:
    done = await validated(
        text="個鐘壞咗", intent="ask_opening_hours", confidence=0.4, asked="story",
        slots={"first": "A"},
    )  # fmt: skip
    assert done.slots["story"] == "個鐘壞咗"


async def test_coming_back_after_a_digression_interrupts_nothing(services: Services) -> None:
    done = await validated(
        intent="ask_delivery_fee", asked="first", after=[action("action_answer_question")]
    )
    assert done.slots == {"requested_slot": "first"}


async def test_a_line_that_names_another_value_is_no_answer_to_the_question(
    services: Services,
) -> None:
    line = "唔係,係B呀"
    done = await validated(text=line, asked="first", given={"first": line, "story": "b"})
    assert done.slots["first"] is None
    assert done.slots["story"] == "B"


async def test_before_the_form_runs_nothing_is_an_interruption(services: Services) -> None:
    done = await run(Form(), tracker(intent="cancel_order", given={"first": "a"}))
    assert done.other == []
    assert done.slots["first"] == "A"


async def test_on_the_last_chance_a_form_that_fails_asks_nothing_more(services: Services) -> None:
    slots = {"order_id": "HK20261234", "last_chance": True}
    done = await run(
        ValidateTrackOrderForm(),
        tracker(
            form="track_order_form", asked="phone_last4", slots=slots, given={"phone_last4": "x"}
        ),
    )
    assert done.failed
    assert done.slots["requested_slot"] is None
