"""Entities in the parse: raw places, normalised values."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from graph_components import Workbench, lesson, said
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.constants import ENTITIES

from cantodesk.understanding.entities import HongKongEntities
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.lexicon import read_lexicon
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.normaliser import NORMALISED

SPELLINGS = Variants.from_data(read_language_file("variants"))


@lru_cache(maxsize=1)
def component() -> HongKongEntities:
    return HongKongEntities(None, None, read_lexicon())  # type: ignore[arg-type]


def entities(raw: str, extractor: HongKongEntities | None = None) -> list[dict[str, Any]]:
    message = said(raw)
    message.set(NORMALISED, normalise(raw, SPELLINGS))
    (done,) = (extractor or component()).process([message])
    return done.get(ENTITIES)  # type: ignore[no-any-return]


def test_an_entity_has_its_raw_place_and_a_value_services_work_with() -> None:
    raw = "揾返ＨＫ２０２６　１２３４"
    assert entities(raw) == [
        {
            "entity": "order_id",
            "start": 2,
            "end": 13,
            "value": "HK20261234",
            "text": "ＨＫ２０２６　１２３４",
            "extractor": "HongKongEntities",
        }
    ]


def test_a_listed_thing_has_the_lists_value() -> None:
    (found,) = entities("我個氣炸煲壞咗")
    assert (found["entity"], found["text"], found["value"]) == ("product", "氣炸煲", "air fryer")


def test_an_amount_names_its_unit() -> None:
    (found,) = entities("收多咗兩舊水")
    assert (found["value"], found["unit"]) == (200, "HKD")


def test_what_others_found_before_is_kept() -> None:
    message = said("HK20261234")
    message.set(ENTITIES, [{"entity": "other"}])
    component().process([message])
    assert [e["entity"] for e in message.get(ENTITIES)] == ["other", "order_id"]


def test_annotations_of_training_lines_stand() -> None:
    examples = lesson(("HK20261234", "inform"))
    assert component().process_training_data(examples) is examples
    assert examples.training_examples[0].get(ENTITIES) is None


@given(
    st.one_of(
        st.text(), st.text(alphabet="ＨＫhk12３４ 揾風筒旺角鞋對T恤m goi$蚊三點半聽日0的\u200b-")
    )
)
def test_entities_of_any_line_are_inside_the_raw_text_in_order_and_apart(raw: str) -> None:
    if not raw:
        return
    done = 0
    for found in entities(raw):
        assert done <= found["start"] < found["end"] <= len(raw)
        assert raw[found["start"] : found["end"]] == found["text"]
        done = found["end"]


def test_it_runs_from_the_model_alone(
    data: Path, workbench: Workbench, without_data: Callable[[], None]
) -> None:
    line = "旺角買嘅風筒,單HK20261234,俾FPS"
    trained = workbench.make(HongKongEntities)
    trained.train(lesson((line, "inform")))
    before = entities(line, trained)
    assert [e["entity"] for e in before] == ["district", "product", "order_id", "payment_method"]
    without_data()
    assert entities(line, workbench.load(HongKongEntities)) == before
