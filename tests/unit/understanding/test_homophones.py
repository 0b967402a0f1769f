"""Dictated lines: what was misheard is put right, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graph_components import Workbench, lesson, said
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from cantodesk.understanding.homophone_repair import Change, Repairer, repaired
from cantodesk.understanding.homophones import (
    HOMOPHONES,
    HomophoneRepair,
    checked,
    learnt,
    repairer_of,
)
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.normalisation import NormalisedText, normalise
from cantodesk.understanding.normaliser import NORMALISED, Normaliser

VOICE = {"input_mode": "voice"}
SOUNDS = {"costs": {"same": 0, "tone": 2, "most": 5}}


@pytest.fixture(scope="module")
def repairer() -> Repairer:
    """Learnt from the project's own files, as `rasa train` does."""
    config = HomophoneRepair.get_default_config()
    return repairer_of(*learnt(config["corpora"]), config)


@pytest.fixture(scope="module")
def put_right(repairer: Repairer, read: Callable[[str], NormalisedText]) -> Callable[[str], str]:
    def repair(raw: str) -> str:
        line = read(raw)
        return repaired(line, repairer.changes(line.text)).text

    return repair


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("幫我查下張丹", "幫我查下張單"),  # the same sound
        ("我想腿貨", "我想退貨"),  # tone
        ("理好，我想查單", "你好,我想查單"),  # n and l
        ("可唔可以用港東話", "可唔可以用廣東話"),  # gw and g
        ("上升旗落嘅單", "上星期落嘅單"),  # a whole word
        ("接克服專員", "接客服專員"),  # a whole word, long and short a
        ("件山太細想換", "件衫太細想換"),  # n and m
        ("山日有冇優惠", "生日有冇優惠"),  # n and ng
        ("我要穩真人", "我要搵真人"),
        ("搞店未呀", "搞掂未呀"),
        ("裴锦", "賠幾多"),  # another length
        ("我想茶下張丹寄出咗未", "我想查下張單寄出咗未"),  # two in a line
    ],
)
def test_what_was_misheard_is_put_right(
    put_right: Callable[[str], str], heard: str, meant: str
) -> None:
    assert put_right(heard) == meant


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("你可唔可以付費我", "你可唔可以覆俾我"),
        ("幾時付費我呀", "幾時覆俾我呀"),
        ("我已經付費，點解未開通", "我已經付費,點解未開通"),
        ("點樣付費", "點樣付費"),
        ("付費會員有咩福利", "付費會員有咩福利"),
    ],
)
def test_paying_and_answering_are_told_apart_by_what_is_around(
    put_right: Callable[[str], str], heard: str, meant: str
) -> None:
    assert put_right(heard) == meant


@pytest.mark.parametrize(
    "line",
    [
        "我哋一定會克服困難",
        "我坐順風車嚟",
        "記得覆我",
        "保險包唔包",
        "我父母想開戶口",
        "好撚嬲呀",
        "HK20261234",
        "T-004213點呀",
        "9123 4567",
        "may.chan@example.com",
        "cancel order please",
        "我的订单什么时候到",
        "",
        "？！",
    ],
)
def test_what_was_meant_stays(put_right: Callable[[str], str], line: str) -> None:
    assert put_right(line) == normalise(line).text


@given(st.text(alphabet="我想查丹單茶腿退貨付費 HK2026123abcT-004,?!锦", max_size=40))
def test_only_han_characters_are_ever_changed(repairer: Repairer, line: str) -> None:
    for change in repairer.changes(line):
        heard = line[change.start : change.end]
        assert all("\u3400" <= char <= "\u9fff" for char in heard + change.meant)


def test_the_longest_line_is_read_to_its_end(put_right: Callable[[str], str]) -> None:
    assert put_right("幫我查下張丹，" * 285) == "幫我查下張單," * 285


def test_changes_keep_the_spans_of_the_raw_line() -> None:
    line = normalise("Ｘ裴锦呀")
    after = repaired(line, [Change(1, 3, "賠幾多")])
    assert after.text == "X賠幾多呀"
    assert after.raw_span(1, 4) == (1, 3)
    assert after.raw_span(4, 5) == (3, 4)


@pytest.fixture
def small(data: Path) -> Path:
    """The small data folder, with a few sounds, and lines that teach what a parcel's order is."""
    (data / "language/sounds.yml").write_text(
        "costs: {same: 0, tone: 2, most: 5}\nheard: {張三: [張單]}\n", encoding="utf-8"
    )
    return data


@pytest.fixture
def trained(small: Path, workbench: Workbench) -> HomophoneRepair:
    component: HomophoneRepair = workbench.make(HomophoneRepair, corpora=[], alone=0.5, word=0.5)
    component.train(lesson(("x", "greet")))
    return component


def heard(workbench: Workbench, text: str, metadata: object = None) -> Message:
    message = said(text)
    message.set("metadata", metadata)
    (read,) = workbench.make(Normaliser).process([message])
    return read


def test_the_raw_text_stays_and_the_change_is_told(
    trained: HomophoneRepair, workbench: Workbench
) -> None:
    (message,) = trained.process([heard(workbench, "\u200b我張丹去咗邊", VOICE)])
    assert message.get(TEXT) == "\u200b我張丹去咗邊"
    assert message.get(NORMALISED).text == "我張單去咗邊"
    assert message.get(HOMOPHONES) == [{"start": 3, "end": 4, "heard": "丹", "meant": "單"}]
    assert HOMOPHONES in message.as_dict(only_output_properties=True)


def test_only_what_was_dictated_is_changed(trained: HomophoneRepair, workbench: Workbench) -> None:
    others = [None, {}, {"input_mode": "text"}, {"input_mode": ["voice"]}, "voice", 7, ["voice"]]
    messages = trained.process([heard(workbench, "我張丹去咗邊", m) for m in [*others, VOICE]])
    assert [m.get(NORMALISED).text for m in messages] == ["我張丹去咗邊"] * 7 + ["我張單去咗邊"]
    assert [bool(m.get(HOMOPHONES)) for m in messages] == [False] * 7 + [True]


def test_designers_say_for_which_input_it_is(
    trained: HomophoneRepair, workbench: Workbench
) -> None:
    def reads(modes: object, metadata: object) -> str:
        component = workbench.load(HomophoneRepair, input_modes=modes, alone=0.5, word=0.5)
        (message,) = component.process([heard(workbench, "我張丹去咗邊", metadata)])
        return str(message.get(NORMALISED).text)

    assert reads([], VOICE) == "我張丹去咗邊"
    assert reads(["call"], VOICE) == "我張丹去咗邊"
    assert reads(["call"], {"input_mode": "call"}) == "我張單去咗邊"
    assert reads("always", None) == "我張單去咗邊"


def test_a_message_without_text_or_training_is_left_alone(workbench: Workbench) -> None:
    component = workbench.make(HomophoneRepair, input_modes="always")
    nothing, empty, line = component.process([Message({}), said(""), said("張丹")])
    assert [m.get(NORMALISED) for m in (nothing, empty, line)] == [None, None, None]


def test_training_lines_pass_as_they_are(trained: HomophoneRepair) -> None:
    examples = trained.process_training_data(lesson(("我張丹去咗邊", "track_order")))
    assert examples.training_examples[0].get(NORMALISED) is None


def test_it_runs_from_the_model_alone(
    trained: HomophoneRepair, workbench: Workbench, without_data: Callable[[], None]
) -> None:
    lines = ["我張丹去咗邊", "張三去咗邊"]
    messages = [heard(workbench, line, VOICE) for line in lines]
    before = [m.get(HOMOPHONES) for m in trained.process(messages)]
    messages = [heard(workbench, line, VOICE) for line in lines]
    without_data()
    loaded = workbench.load(HomophoneRepair, alone=0.5, word=0.5)
    assert [m.get(HOMOPHONES) for m in loaded.process(messages)] == before
    assert all(before)


@pytest.mark.parametrize(
    "name", ["language/sounds.yml", "language/variants.yml", "orders/nlu.yue.yml"]
)
def test_an_edit_of_a_file_trains_it_again(small: Path, name: str) -> None:
    before = HomophoneRepair.fingerprint_addon({})
    path = small / name
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    assert HomophoneRepair.fingerprint_addon({}) != before


@pytest.mark.parametrize(
    "module", ["homophones", "homophone_repair", "homophone_words", "jyutping", "language_model"]
)
def test_an_edit_of_its_code_trains_it_again(small: Path, own_code: Path, module: str) -> None:
    before = HomophoneRepair.fingerprint_addon({})
    path = own_code / f"{module}.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    assert HomophoneRepair.fingerprint_addon({}) != before


def test_english_lines_do_not(small: Path) -> None:
    before = HomophoneRepair.fingerprint_addon({})
    (small / "orders/nlu.en.yml").write_text("nlu: []\n", encoding="utf-8")
    assert HomophoneRepair.fingerprint_addon({}) == before


@pytest.mark.parametrize(
    "config", [{"input_modes": "voice"}, {"input_modes": [1]}, {"corpora": ["wikipedia"]}]
)
def test_a_wrong_configuration_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(InvalidConfigException, match=r"config\.yml: HomophoneRepair"):
        HomophoneRepair.validate_config(config)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"heard": ["付費"]}, "heard"),
        ({"heard": {"付費": "覆俾"}}, "heard: 付費"),
        ({"alike": "係喺"}, "alike"),
        ({"protected": [1]}, "protected"),
    ],
)
def test_a_list_that_is_none_is_named(more: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=rf"sounds\.yml: `{why}`"):
        checked({**SOUNDS, **more})


def test_the_projects_own_file_is_good() -> None:
    assert checked(read_language_file("sounds"))["heard"]["付費"] == ["覆俾"]
