"""Answers from the table: by intent, by likeness, at once after an import."""

from __future__ import annotations

from pathlib import Path

import pytest
from business_samples import WordEncoder, at_once, csv_file
from sqlalchemy import Engine, update

from cantodesk.services.business import Business
from cantodesk.services.departments import Department
from cantodesk.services.importing import import_file
from cantodesk.services.knowledge import Knowledge, KnowledgeAnswer, KnowledgeLookup
from cantodesk.services.shop import Shop
from cantodesk.storage.business_tables import KnowledgeEntry
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

HEADER = (
    "id,intent,question_yue,question_en,question_zh,answer_yue,answer_en,answer_zh,"
    "department,review_by"
)
FEE = (
    "fee-1,ask_delivery_fee,運費幾多錢|送貨收唔收費,how much is delivery|delivery charge,运费多少钱,"
    "滿${free_delivery_hkd}免運費,Free from HK${free_delivery_hkd},满{free_delivery_hkd}元免运费,"
    "logistics,2027-06-30"
)
ISLANDS = (
    "fee-2,ask_delivery_fee,離島運費幾多,how much is delivery to the outlying islands,离岛运费多少,"
    "離島加$50,Outlying islands cost HK$50 more,离岛加50元,logistics,"
)
HOURS = (
    "hours-1,ask_opening_hours,幾點開門,when do you open,几点开门,"
    "{opening_hours},We are open {opening_hours},{opening_hours},customer_service,"
)


@pytest.fixture
def load(engine: Engine, vault: Vault, business: Business, tmp_path: Path):  # type: ignore[no-untyped-def]
    def import_entries(*rows: str) -> None:
        file = csv_file(tmp_path, "knowledge.csv", HEADER, *rows)
        report = import_file("knowledge", file, engine, vault, business)
        assert report.ok, report.errors

    return import_entries


@pytest.fixture
def knowledge(engine: Engine, encoder: WordEncoder, business: Business, load) -> Knowledge:  # type: ignore[no-untyped-def]
    load(FEE, ISLANDS, HOURS)
    return Knowledge(engine, encoder, business)


def test_an_answer_comes_in_the_customers_language_with_its_figures(knowledge: Knowledge) -> None:
    answer = knowledge.answer("delivery charge", "ask_delivery_fee", "en")
    assert answer.status is KnowledgeLookup.FOUND
    assert answer.entry_id == "fee-1"
    assert answer.text == "Free from HK$300"
    assert answer.department is Department.LOGISTICS
    assert answer.score == pytest.approx(1.0)
    assert knowledge.answer("delivery charge", "ask_delivery_fee", "yue").text == "滿$300免運費"
    assert knowledge.answer("delivery charge", "ask_delivery_fee", "zh").text == "满300元免运费"


def test_a_variable_may_differ_by_language(knowledge: Knowledge) -> None:
    english = knowledge.answer("when do you open", "ask_opening_hours", "en").text
    assert english == "We are open Monday to Friday 9 am to 6 pm, Saturday 10 am to 2 pm"


def test_of_several_entries_of_an_intent_the_nearest_answers(knowledge: Knowledge) -> None:
    text = "what is the delivery price to the outlying islands please"
    assert knowledge.answer(text, "ask_delivery_fee", "en").entry_id == "fee-2"


def test_a_lone_entry_of_the_intent_needs_little_likeness(knowledge: Knowledge) -> None:
    text = "are you open on boxing day"
    assert knowledge.answer(text, "ask_opening_hours", "en").entry_id == "hours-1"
    assert knowledge.answer(text, "out_of_scope", "en").status is KnowledgeLookup.NOTHING


def test_a_lone_entry_of_the_intent_needs_some_likeness(knowledge: Knowledge) -> None:
    assert knowledge.answer("喂", "ask_opening_hours", "en").status is KnowledgeLookup.NOTHING


def test_without_the_intent_a_near_question_answers_and_a_far_one_does_not(
    knowledge: Knowledge,
) -> None:
    near = knowledge.answer("how much is the delivery", "complain", "en")
    assert near.entry_id == "fee-1"
    far = knowledge.answer("tell me a joke about parrots", "out_of_scope", "en")
    assert (far.status, far.text) == (KnowledgeLookup.NOTHING, None)


def test_the_questions_own_words_beat_a_wrong_intent(knowledge: Knowledge) -> None:
    answer = knowledge.answer("離島運費幾多", "ask_opening_hours", "yue")
    assert answer.entry_id == "fee-2"


def test_an_import_works_at_once_and_only_new_questions_are_embedded(
    knowledge: Knowledge, encoder: WordEncoder, load
) -> None:  # type: ignore[no-untyped-def]
    assert knowledge.answer("solar panels", None, "en").status is KnowledgeLookup.NOTHING
    encoder.asked.clear()
    load("sun-1,ask_product_info,,do you sell solar panels,,有,Yes we do,有,products,")
    answer = knowledge.answer("do you sell solar panels", "out_of_scope", "en")
    assert (answer.entry_id, answer.text) == ("sun-1", "Yes we do")
    assert encoder.asked == ["do you sell solar panels", "do you sell solar panels"]


def test_a_changed_answer_works_at_once(knowledge: Knowledge, load) -> None:  # type: ignore[no-untyped-def]
    knowledge.answer("delivery charge", "ask_delivery_fee", "en")
    load(FEE.replace("Free from", "No charge from"))
    assert knowledge.answer("delivery charge", "ask_delivery_fee", "en").text == (
        "No charge from HK$300"
    )


def test_questions_are_embedded_once(knowledge: Knowledge, encoder: WordEncoder) -> None:
    knowledge.warm_up()
    held = list(encoder.asked)
    assert len(held) == len(set(held)) == 11
    at_once(4, lambda _: knowledge.answer("delivery charge", None, "en"))
    assert encoder.asked == held + ["delivery charge"] * 4


def test_an_empty_table_and_an_empty_line_have_no_answer(
    engine: Engine, encoder: WordEncoder, business: Business, knowledge: Knowledge
) -> None:
    assert knowledge.answer("  ", "ask_delivery_fee", "en").status is KnowledgeLookup.NOTHING
    with session(engine) as opened:
        opened.query(KnowledgeEntry).delete()
    fresh = Knowledge(engine, encoder, business)
    answer = fresh.answer("delivery charge", "ask_delivery_fee", "en")
    assert answer == KnowledgeAnswer(KnowledgeLookup.NOTHING)


def test_braces_never_reach_a_customer(engine: Engine, knowledge: Knowledge) -> None:
    with session(engine) as opened:
        opened.execute(update(KnowledgeEntry).values(answer_en="Call {no_such_variable}"))
    answer = knowledge.answer("delivery charge", "ask_delivery_fee", "en")
    assert (answer.status, answer.text) == (KnowledgeLookup.NOTHING, None)


def test_every_demo_question_finds_its_own_entry(shop: Shop) -> None:
    answer = shop.knowledge.answer("打風仲送唔送貨", "ask_delivery_time", "zh")
    assert answer.entry_id == "delivery-time-3"
    assert answer.text is not None
    assert "{" not in answer.text


def test_without_a_database_knowledge_is_unavailable(broken_shop: Shop) -> None:
    broken_shop.knowledge.warm_up()
    answer = broken_shop.knowledge.answer("delivery charge", "ask_delivery_fee", "en")
    assert answer.status is KnowledgeLookup.UNAVAILABLE
