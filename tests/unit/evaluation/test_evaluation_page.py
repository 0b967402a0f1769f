"""The page and its JSON file, from a run on made-up parses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evaluation_samples import parse, write_set
from jsonschema import Draft202012Validator

from bench.figures import Percentiles
from bench.machine import Machine
from evaluation import page, report
from evaluation.asked import Answers
from evaluation.lines import Line, LineSet, read_set
from evaluation.measures import reached_by
from evaluation.parses import FALLBACK, Parse
from evaluation.pipelines import Trained
from evaluation.report import Pipeline, Run, Showing
from evaluation.summary import summary
from evaluation.write_next import neighbours, write_next

SCHEMA = Path(report.__file__).with_name("report.schema.json")
MACHINE = Machine("2026-11-25T00:00:00+00:00", "3.11.7", "3.6.21", "Linux", "A CPU", 2, 24.0, 0.1)
SCRIPT = "件貨 <script>alert(1)</script>"
TRAINING = [
    Line("件貨喺邊", "track_order", "yue", "data/orders/nlu.yue.yml"),
    Line("<b>早</b>", "greet", "yue", "data/conversation/nlu.yue.yml"),
]
PARSES = {
    "早晨": parse(("greet", 0.9), language="yue"),
    "查單HK20261234": parse(("track_order", 0.8), language="yue"),
    SCRIPT: parse(("greet", 0.4), ("track_order", 0.3), acts_on=FALLBACK, language="en"),
    "今晚睇波": parse(("out_of_scope", 0.7), language="yue"),
    "morning": parse(("greet", 0.9), language="en"),
    "早上好": parse(("greet", 0.9), language="zh"),
    **{t: Parse("", (), feeling="negative", strength=0.9) for t in ("呃錢公司", "thieves")},
    **{t: Parse("", (), feeling="negative", strength=0.3) for t in ("骗子", "等咗一陣")},
    **{t: Parse("", (), feeling="neutral") for t in ("a bit slow", "有点慢")},
}


def pipeline(folder: Path, name: str, of: LineSet, times: Percentiles) -> Pipeline:
    stock = name != "ours"
    share = {"part": 1, "whole": 2, "share": 0.5}
    found = {"right": 1, "found": 2, "wanted": 1, "precision": 0.5, "recall": 1.0, "f1": 0.6667}
    public: dict[str, dict[str, Any]] = {"out_of_scope": {"English: CLINC150": share}}
    if not stock:
        keys = ("agreement", "negative_found", "others_left_alone", "over_threshold")
        public |= {"sentiment": dict.fromkeys(keys, share), "segmentation": {"ours": found}}
    return Pipeline(
        trained=Trained(name, f"The {name} one", folder / "gone.tar.gz", 40.0, None),
        model_mb=10.9,
        answers=Answers(PARSES, 321.0, one_core=True),
        reached=reached_by(of, of.emotion, PARSES, 0.8, stock),
        times=times,
        public=public,
    )


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    """A run with ours and one stock pipeline; the held-out set has no files."""
    dev = read_set(write_set(tmp_path / "dev"))
    sets = (dev, read_set(tmp_path / "test"))
    missed = [line for line in dev.lines if line.text == SCRIPT]
    near = neighbours(missed, PARSES, TRAINING, lambda texts: np.eye(2)[[0] * len(texts)])
    return report.document(
        Run(
            machine=MACHINE,
            stock_epochs=5,
            threshold=0.8,
            judged={"intents": "dev", "emotion": "dev"},
            pipelines=[
                pipeline(tmp_path, "ours", dev, Percentiles(10.0, 40.0, 50.0)),
                pipeline(tmp_path, "whitespace_diet", dev, Percentiles(20.0, 30.0, 40.0)),
            ],
            sets={
                s.name: report.figures_of_set(s, Showing(PARSES, 0.8, near, s.name == "dev"))
                for s in sets
            },
            write_next=write_next({s.name: s.lines for s in sets}, PARSES, TRAINING),
            floors={"language": {"yue": 0.9}},
            broken=["Language: <too low>."],
            notes=["The held-out set is not complete."],
        )
    )


def row(html: str, begins: str) -> list[str]:
    """The cells of a table row, as text."""
    match = re.search(rf"<tr><th scope=\"row\">{re.escape(begins)}</th>(.*?)</tr>", html, re.DOTALL)
    assert match, begins
    cells = re.findall(r"<td[^>]*>(.*?)</td>", match[1], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def test_the_file_is_as_its_schema_says(document: dict[str, Any], tmp_path: Path) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    page.write(tmp_path / "out", document)
    written = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(written)] == []


def test_every_target_stands_beside_what_was_reached(document: dict[str, Any]) -> None:
    html = page.html(document)
    intents = row(html, "Intents: best guess right")
    assert intents[0] == "≥ 95.0 %"
    assert intents[1:5] == ["75.0 % 4", "100.0 % 1", "100.0 % 1", "83.3 % 6"]
    assert intents[5] == "✗ not in Cantonese"
    assert row(html, "Strong negative emotion found")[1:4] == ["100.0 % 1", "100.0 % 1", "0.0 % 1"]
    assert row(html, "Real requests wrongly refused")[-1] == "✓ yes"
    assert row(html, "One parse, median, ms") == ["≤ 15", "10.0", "✓ yes"]
    assert row(html, "One parse, 95 of 100 are faster, ms")[-1] == "✗ no"
    assert row(html, "Training after an edit, s") == ["≤ 30", "–", "not measured"]


def test_stock_stands_beside_ours(document: dict[str, Any]) -> None:
    html = page.html(document)
    assert row(html, "Parse p50, ms") == ["10.0", "20.0"]
    assert row(html, "Training, whole command, s") == ["40.0", "40.0"]
    assert row(html, "Memory, MB") == ["321", "321"]
    assert "with 5 epochs, where Rasa recommends 100" in html
    assert row(html, "English: CLINC150") == ["2", "50.0 %", "50.0 %"]


def test_a_line_is_text_and_never_markup(document: dict[str, Any]) -> None:
    html = page.html(document)
    assert "<script" not in html
    assert "件貨 &lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert '<b lang="zh-HK">&lt;b&gt;早&lt;/b&gt;</b>' in html
    assert "&lt;too low&gt;" in html


def test_the_page_needs_nothing_from_outside(document: dict[str, Any]) -> None:
    html = page.html(document)
    assert not re.search(r"(?:src|href)=\"(?!#)|@import|url\(|https?://", html)
    assert "default-src 'none'" in html


def test_tables_have_captions_and_pictures_titles(document: dict[str, Any]) -> None:
    html = page.html(document)
    assert html.count("<caption>") == html.count("<table>") > 8
    pictures = re.findall(r"<svg[^>]*>(.{7})", html)
    assert len(pictures) == 6
    assert set(pictures) == {"<title>"}


def test_a_designer_sees_what_to_write_next(document: dict[str, Any]) -> None:
    (first,) = document["write_next"]
    assert (first["intent"], first["errors_of_all"], first["tested"]) == ("track_order", 1, 2)
    assert first["taken_for"] == (("greet", 1),)
    assert (first["training_lines"], first["file"]) == (1, "data/orders/nlu.yue.yml")
    html = page.html(document)
    assert "件貨喺邊" in html
    assert "<code>orders/nlu.yue.yml</code>" in html


def test_held_out_lines_are_counted_and_not_shown(tmp_path: Path) -> None:
    held_out = read_set(write_set(tmp_path / "test"))
    figures = report.figures_of_set(held_out, Showing(PARSES, 0.8, {}, lines=False))
    assert figures["confusions"] == [
        {"language": "yue", "right": "track_order", "wrong": "greet", "count": 1, "lines": []}
    ]
    assert figures["entity_groups"]["entities_ids"]["wanted"] == 1
    assert SCRIPT not in json.dumps(figures, ensure_ascii=False)
    assert not any(
        line.text in json.dumps(figures, ensure_ascii=False) for line in held_out.emotion
    )
    assert SCRIPT in json.dumps(
        report.figures_of_set(held_out, Showing(PARSES, 0.8, {}, lines=True)), ensure_ascii=False
    )


def test_the_terminal_shows_the_same(document: dict[str, Any]) -> None:
    lines = summary(document).splitlines()
    assert lines[0].split() == ["target", "Cantonese", "English", "Mandarin"]
    assert re.split(r"\s{2,}", lines[1]) == [
        *("Intents: best guess right", "≥ 95.0 %", "75.0 %*", "100.0 %", "100.0 %")
    ]
    assert lines[-1].startswith("* misses its target")
