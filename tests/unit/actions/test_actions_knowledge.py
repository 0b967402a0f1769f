"""Questions answered from the knowledge base, and what happens when there is no answer."""

from __future__ import annotations

from talk import action, run, slot, tracker, user

from actions.knowledge import ActionAnswerQuestion, ActionDefaultFallback, ActionRejectAnswer
from cantodesk.assembly import Services

KNOWN = "How much is delivery?"
LISTEN = action("action_listen")


async def test_a_known_question_is_answered_in_the_language_of_the_talk(services: Services) -> None:
    english = await run(
        ActionAnswerQuestion(), tracker(KNOWN, "ask_delivery_fee", slots={"language": "en"})
    )
    assert english.replies[0].startswith("Delivery is free on orders of HK$300")
    cantonese = await run(ActionAnswerQuestion(), tracker(KNOWN, "ask_delivery_fee"))
    assert "免運費" in cantonese.replies[0]
    assert "{" not in cantonese.replies[0]


async def test_the_answers_given_are_remembered_for_a_person(services: Services) -> None:
    done = await run(
        ActionAnswerQuestion(),
        tracker(KNOWN, "ask_delivery_fee", slots={"answers_tried": ["earlier"]}),
    )
    assert done.slots == {"answers_tried": ["earlier", "delivery-fee-1"]}
    assert not done.failed


async def test_no_answer_counts_as_no_help(services: Services) -> None:
    done = await run(ActionAnswerQuestion(), tracker("zzzz qqqq", "inform"))
    assert done.replies == ["utter_no_answer"]
    assert done.failed


async def test_what_no_business_does_is_no_failure(services: Services) -> None:
    done = await run(ActionAnswerQuestion(), tracker("zzzz qqqq", "out_of_scope"))
    assert done.replies == ["utter_out_of_scope"]
    assert not done.failed


async def test_a_line_not_understood_may_still_be_known(services: Services) -> None:
    done = await run(
        ActionDefaultFallback(), tracker(KNOWN, "nlu_fallback", slots={"language": "en"})
    )
    assert done.replies[0].startswith("Delivery is free")


async def test_a_line_not_understood_is_asked_again_in_other_words_each_time(
    services: Services,
) -> None:
    first = await run(ActionDefaultFallback(), tracker("zzzz qqqq", "nlu_fallback"))
    assert (first.replies, first.failed) == (["utter_rephrase"], True)
    before = [user("zzzz"), slot("turn_failed", "not_understood"), LISTEN]
    again = await run(ActionDefaultFallback(), tracker("qqqq zzzz", "nlu_fallback", before=before))
    assert again.replies == ["utter_rephrase_again"]


async def test_a_failure_two_turns_ago_is_forgotten(services: Services) -> None:
    before = [user("zzzz"), slot("turn_failed", "x"), LISTEN, user("hi", at=2.0), LISTEN]
    done = await run(ActionDefaultFallback(), tracker("qqqq zzzz", "nlu_fallback", before=before))
    assert done.replies == ["utter_rephrase"]


async def test_inside_a_form_the_knowledge_base_is_not_asked(services: Services) -> None:
    done = await run(
        ActionDefaultFallback(), tracker(KNOWN, "nlu_fallback", form="track_order_form")
    )
    assert done.replies == ["utter_rephrase"]


async def test_a_no_after_an_answer_means_that_it_was_not_that(services: Services) -> None:
    before = [user(KNOWN), action("action_answer_question"), LISTEN]
    done = await run(ActionRejectAnswer(), tracker("唔係", "deny", before=before))
    assert (done.replies, done.failed) == (["utter_answer_rejected"], True)


async def test_any_other_no_is_only_polite(services: Services) -> None:
    before = [user("hi"), action("utter_greet"), LISTEN]
    done = await run(ActionRejectAnswer(), tracker("唔使喇", "deny", before=before))
    assert (done.replies, done.failed) == (["utter_deny"], False)


async def test_without_a_database_there_is_an_apology(broken: Services) -> None:
    done = await run(ActionAnswerQuestion(), tracker(KNOWN, "ask_delivery_fee"))
    assert done.replies == ["utter_unavailable"]
