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
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from cantodesk.understanding.entities import HongKongEntities
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.lexicon import read_lexicon
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.normaliser import NORMALISED

SPELLINGS = Variants.from_data(read_language_file("variants"))


@lru_cache(maxsize=1)
def component() -> HongKongEntities:
    return HongKongEntities({}, None, None, read_lexicon())  # type: ignore[arg-type]


def entities(raw: str, extractor: HongKongEntities | None = None) -> list[dict[str, Any]]:
    message = said(raw)
    message.set(NORMALISED, normalise(raw, SPELLINGS))
    (done,) = (extractor or component()).process([message])
    return done.get(ENTITIES)  # type: ignore[no-any-return]


def marked(line: str, name: str, entity: str) -> Message:
    message = said(line, "inform")
    start = line.index(name)
    mark = {"entity": entity, "start": start, "end": start + len(name), "value": name}
    message.set(ENTITIES, [mark])
    return message


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
    trained = workbench.make(HongKongEntities, encoder=None)
    trained.train(
        TrainingData([marked(line, "風筒", "product"), marked("旺角呢", "旺角", "district")])
    )
    before = entities(line, trained)
    assert [e["entity"] for e in before] == ["district", "product", "order_id", "payment_method"]
    without_data()
    assert entities(line, workbench.load(HongKongEntities, encoder=None)) == before


LESSONS = [
    marked(f"{before}{name}{after}", name, "product")
    for name in ("鋼琴", "輪椅", "魚缸", "ukulele")
    for before, after in (("我部", "壞咗"), ("想買", ""), ("個", "幾錢"))
]


def test_a_name_in_no_list_has_the_customers_own_words_for_a_value(
    data: Path, workbench: Workbench, without_data: Callable[[], None]
) -> None:
    trained = workbench.make(HongKongEntities, encoder=None)
    trained.train(
        TrainingData([*LESSONS, said("唔該晒", "thank"), said("我件貨呢", "track_order")])
    )
    for extractor in (trained, None):
        if extractor is None:
            without_data()
            extractor = workbench.load(HongKongEntities, encoder=None)
        (found,) = entities("我部Ｕkulele壞咗", extractor)
        assert (found["entity"], found["text"], found["value"]) == (
            "product",
            "Ｕkulele",
            "Ukulele",
        )
        assert (found["start"], found["end"]) == (2, 9)
        assert entities("我部搗蛋機壞咗", extractor)[0]["value"] == "搗蛋機"


def test_the_model_has_no_pickle(data: Path, workbench: Workbench, tmp_path: Path) -> None:
    workbench.make(HongKongEntities, encoder=None).train(TrainingData(LESSONS))
    files = {path.name for path in (tmp_path / "model").rglob("*") if path.is_file()}
    assert files == {"content.json", "names.crfsuite"}


def test_training_twice_gives_the_same_model(
    data: Path, workbench: Workbench, tmp_path: Path
) -> None:
    def model() -> bytes:
        workbench.make(HongKongEntities, encoder=None).train(TrainingData(LESSONS))
        return next((tmp_path / "model").rglob("names.crfsuite")).read_bytes()

    assert model() == model()


def test_without_any_mark_the_lists_go_on_working(data: Path, workbench: Workbench) -> None:
    trained = workbench.make(HongKongEntities, encoder=None)
    trained.train(lesson(("唔該", "thank")))
    assert [e["value"] for e in entities("風筒", trained)] == ["hair dryer"]


def test_what_the_line_was_understood_as_helps(data: Path, workbench: Workbench) -> None:
    def line(before: str, intent: str, name: str | None) -> Message:
        text = f"{before}{name or '洗衣機'}好嘈"
        message = marked(text, name, "product") if name else said(text)
        message.set("intent", intent)
        return message

    before = ("我部", "嗰部", "呢部", "佢部", "部", "間屋部", "樓上部", "隔離部", "屋企部", "一部")
    trained = workbench.make(HongKongEntities, encoder=None)
    trained.train(
        TrainingData(
            [line(b, "report_wrong_or_damaged_item", "洗衣機") for b in before]
            + [line(b, "report_nuisance", None) for b in before]
        )
    )

    def found(intent: str) -> list[str]:
        message = said("有部洗衣機好嘈")
        message.set("intent", {"name": intent})
        message.set(NORMALISED, normalise("有部洗衣機好嘈", SPELLINGS))
        trained.process([message])
        return [e["text"] for e in message.get(ENTITIES)]

    assert found("report_wrong_or_damaged_item") == ["洗衣機"]
    assert found("report_nuisance") == []
    assert found("nlu_fallback") in ([], ["洗衣機"])
