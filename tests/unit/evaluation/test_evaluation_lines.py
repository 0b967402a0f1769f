"""Reading test lines: what is read, and the one sentence where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluation_samples import write_set

from evaluation.lines import (
    Entity,
    EvaluationFailed,
    neutral_lines,
    nlu_lines,
    read_set,
    training_lines,
    without_marks,
)
from evaluation.material import material


@pytest.mark.parametrize(
    ("raw", "text", "entities"),
    [
        ("早晨", "早晨", ()),
        ("查[HK20261234](order_id)呀", "查HK20261234呀", (Entity(1, 11, "order_id"),)),
        ("[風筒](product:hair dryer)", "風筒", (Entity(0, 2, "product", "hair dryer"),)),
        (
            '[聽日](date) [3點]{"entity": "time", "value": "15:00"}',
            "聽日 3點",
            (Entity(0, 2, "date"), Entity(3, 5, "time", "15:00")),
        ),
        ("[笑](唔係標記", "[笑](唔係標記", ()),
        ("[a]{broken}", "[a]{broken}", ()),
    ],
)
def test_marks_become_entities(raw: str, text: str, entities: tuple[Entity, ...]) -> None:
    assert without_marks(raw) == (text, entities)


def test_a_set_holds_all_its_files(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "dev")
    (folder / "neutral.yml").write_text("neutral:\n- 早晨\n", encoding="utf-8")
    found = read_set(folder)
    assert [line.intent for line in found.lines if line.language == "yue"] == [
        *("greet", "track_order", "track_order", "out_of_scope"),
    ]
    assert sum(line.strong for line in found.emotion) == 3
    assert found.neutral == {"早晨"}
    assert found.missing == ()


def test_neutral_lines_may_also_be_a_block(tmp_path: Path) -> None:
    path = tmp_path / "neutral.yml"
    path.write_text("neutral: |\n  - 查訂單\n  - ok\n", encoding="utf-8")
    assert neutral_lines(path) == ["查訂單", "ok"]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    write_set(tmp_path / "test")
    (tmp_path / "test/nlu.zh.yml").unlink()
    assert read_set(tmp_path / "test").missing == ("test/nlu.zh.yml",)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("nlu.yue.yml", "nlu:\n- intent: [greet\n", r"nlu\.yue\.yml, line \d: .* no valid YAML"),
        ("nlu.en.yml", "greet: hi\n", "there is no list under `nlu`"),
        ("nlu.en.yml", "nlu:\n- intent: greet\n  examples: [hi]\n", "write `examples: |`"),
        ("emotion.yml", "emotion_test:\n- {text: hm}\n", "line 1 .* needs text, language"),
        (
            "emotion.yml",
            "emotion_test:\n- {text: hm, language: fr, expect: calm}\n",
            "needs a language of yue, en, zh",
        ),
    ],
)
def test_a_broken_file_is_one_sentence(
    tmp_path: Path, name: str, content: str, sentence: str
) -> None:
    folder = write_set(tmp_path / "dev")
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationFailed, match=sentence) as failed:
        read_set(folder)
    assert "\n" not in str(failed.value)


def test_training_lines_know_their_file(tmp_path: Path) -> None:
    path = tmp_path / "orders" / "nlu.yue.yml"
    path.parent.mkdir()
    path.write_text("nlu:\n- intent: greet\n  examples: |\n    - 早晨\n", encoding="utf-8")
    assert [(ln.text, ln.language, ln.file) for ln in training_lines(tmp_path)] == [
        ("早晨", "yue", str(path))
    ]
    assert next(nlu_lines(path, "yue")).intent == "greet"


def a_project(folder: Path) -> Path:
    (folder / "data/orders").mkdir(parents=True)
    (folder / "data/orders/nlu.yue.yml").write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - 早\n    - 你好\n", encoding="utf-8"
    )
    (folder / "config.yml").write_text(
        "policies:\n- name: cantodesk.dialogue.escalation.EscalationPolicy\n  negative_emotion: 0.7\n"
    )
    return folder


def test_targets_are_held_against_the_held_out_set_if_it_is_whole(tmp_path: Path) -> None:
    project = a_project(tmp_path / "project")
    write_set(tmp_path / "nlu/dev")
    only_dev = material(project, tmp_path / "nlu", None)
    assert (only_dev.judged.name, only_dev.judged_emotion.name) == ("dev", "dev")
    assert only_dev.threshold == 0.7
    assert only_dev.training[0].file == "data/orders/nlu.yue.yml"
    notes = " ".join(only_dev.notes())
    assert "test/nlu.yue.yml" in notes
    assert "held against the development set" in notes
    write_set(tmp_path / "nlu/test")
    both = material(project, tmp_path / "nlu", None)
    assert (both.judged.name, both.judged_emotion.name) == ("test", "test")
    assert list(both.notes()) == []
    (tmp_path / "nlu/test/nlu.en.yml").unlink()
    half = material(project, tmp_path / "nlu", None)
    assert (half.judged.name, half.judged_emotion.name) == ("dev", "test")


def test_without_test_lines_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationFailed, match="There are no test lines in"):
        material(a_project(tmp_path), tmp_path / "nlu", None)


def test_warm_up_is_no_test_line(tmp_path: Path) -> None:
    write_set(tmp_path / "nlu/dev")
    of = material(a_project(tmp_path / "project"), tmp_path / "nlu", None)
    assert of.warm_up() == ["早", "你好"]
    assert "呃錢公司" in of.texts(ours=True)
    assert "呃錢公司" not in of.texts(ours=False)
