"""Public sets: read from files of their form, and counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from evaluation_samples import parse

from evaluation import public
from evaluation.lines import EvaluationFailed
from evaluation.parses import FALLBACK, Parse
from evaluation.shares import Found, Share


def write(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / name).write_text("\n".join(lines) + "\n\n", encoding="utf-8")


def test_every_set_that_is_there_is_read(tmp_path: Path) -> None:
    write(tmp_path, "yue_oos300.jsonl", {"text": "今晚睇波", "lang": "yue"})
    write(tmp_path, public.SENTIMENT, {"text": "難食", "label": "negative"})
    write(tmp_path, public.SEGMENTATION, {"text": "去 邊度？", "words": ["去", "邊度", "？"]})
    sets = public.public_sets(tmp_path)
    assert list(sets.foreign.values()) == [["今晚睇波"]]
    assert sets.sentiment == [("難食", True)]
    assert sets.sentences == [("去 邊度？", ["去", "邊度", "？"])]


def test_a_folder_without_any_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationFailed, match="has none of the public sets"):
        public.public_sets(tmp_path)


@pytest.mark.parametrize("line", ["no json", "[1]", '{"txt": "a"}'])
def test_a_broken_row_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "en_oos_clinc.jsonl").write_text('{"text": "a"}\n' + line + "\n")
    with pytest.raises(EvaluationFailed, match=r"en_oos_clinc\.jsonl, line 2"):
        public.public_sets(tmp_path)


def test_foreign_lines_are_recognised_by_either_way() -> None:
    parses = {
        "a": parse(("out_of_scope", 0.9)),
        "b": parse(("greet", 0.2), acts_on=FALLBACK),
        "c": parse(("greet", 0.9)),
    }
    assert public.recognised({"a set": ["a", "b", "c"]}, parses) == {"a set": Share(2, 3)}


def test_sentiment_is_negative_or_not() -> None:
    parses = {
        "a": Parse("", (), feeling="negative", strength=0.9),
        "b": Parse("", (), feeling="neutral"),
        "c": Parse("", (), feeling="negative", strength=0.4),
    }
    reviews = [("a", True), ("b", True), ("c", False)]
    assert public.sentiment_figures(reviews, parses, 0.8) == {
        "agreement": Share(1, 3),
        "negative_found": Share(1, 2),
        "others_left_alone": Share(0, 1),
        "over_threshold": Share(1, 3),
    }


def test_words_count_with_both_edges_and_marks_do_not() -> None:
    sentences = [("去 邊度呀？", ["去", "邊度", "呀", "？"])]
    assert public.segmentation(sentences, list) == Found(right=2, found=4, wanted=3)
    assert public.segmentation(sentences, lambda _: ["去", "邊度呀", "？"]) == Found(1, 2, 3)


def test_both_tokenizers_cut_a_sentence() -> None:
    for cut in (public.our_cut(), public.jieba_cut()):
        assert cut is not None
        assert "".join(cut("我張單去咗邊度")) == "我張單去咗邊度"
