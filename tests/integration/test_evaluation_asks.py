"""A real model in a process of its own: trained in seconds by a keyword classifier, asked, measured."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.asked import answers_of

CONFIG = """recipe: default.v1
assistant_id: keywords
language: en
pipeline:
- name: WhitespaceTokenizer
- name: KeywordIntentClassifier
- name: RegexEntityExtractor
policies: []
"""
NLU = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - morning\n- intent: thank\n  examples: |\n    - thanks\n    - cheers\n- lookup: product\n  examples: |\n    - kettle\n'


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keywords")
    (folder / "config.yml").write_text(CONFIG)
    (folder / "nlu.yml").write_text(
        NLU + "- intent: buy\n  examples: |\n    - a [kettle](product)\n"
    )
    rasa = (sys.executable, "-W", "ignore", "-m", "rasa", "train", "nlu")
    subprocess.run(
        [*rasa, "-c", "config.yml", "-u", "nlu.yml", "--out", "models", "--fixed-model-name", "m"],
        cwd=folder,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=True,
        capture_output=True,
    )
    return folder / "models" / "m.tar.gz"


def test_every_line_is_parsed_once_and_timed(model: Path, tmp_path: Path) -> None:
    lines = ["hello there", "thanks a lot", "hello there", "a kettle"]
    answers = answers_of(model, lines, ["morning"], dict(os.environ), tmp_path)
    assert answers.parses.keys() == set(lines)
    assert answers.parses["hello there"].intent == "greet"
    assert answers.parses["thanks a lot"].intent == "thank"
    (entity,) = answers.parses["a kettle"].entities
    assert (entity.start, entity.end, entity.name) == (2, 8, "product")
    assert all(parse.milliseconds > 0 for parse in answers.parses.values())
    assert answers.memory_mb > 50
    assert answers.one_core is hasattr(os, "sched_setaffinity")
