"""How many intents of the test files are found, asked of a running assistant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from bench.figures import Accuracy
from bench.workspace import PROJECT

LANGUAGES = ("yue", "en", "zh")
_FALLBACK = "nlu_fallback"
_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_WITHIN = 60.0


def accuracy_of(assistant: str, every: int) -> dict[str, Accuracy]:
    """Parse every so manieth line of tests/nlu/test/nlu.<language>.yml; the counts by language.

    Raises:
        httpx.HTTPError: the assistant does not answer.
    """
    with httpx.Client(base_url=assistant, timeout=_WITHIN, trust_env=False) as client:
        return {
            language: _of_file(client, PROJECT / f"tests/nlu/test/nlu.{language}.yml", every)
            for language in LANGUAGES
        }


def _of_file(client: httpx.Client, path: Path, every: int) -> Accuracy:
    lines = list(lines_of(path))[::every]
    right = top = 0
    for intent, text in lines:
        response = client.post("/model/parse", json={"text": text})
        response.raise_for_status()
        parsed = response.json()
        right += (parsed.get("intent") or {}).get("name") == intent
        top += best_intent(parsed) == intent
    return Accuracy(len(lines), right, top)


def lines_of(path: Path) -> Iterator[tuple[str, str]]:
    """Pairs of intent and plain text of an NLU file, without the marks of its entities."""
    for block in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
        if "intent" not in block:
            continue
        for line in block["examples"].splitlines():
            text = annotation_free(line.strip().removeprefix("- ").strip())
            if text:
                yield block["intent"], text


def annotation_free(line: str) -> str:
    """The line as a customer types it: `[風筒](product)` is 風筒."""
    return _ANNOTATION.sub(r"\1", line)


def best_intent(parsed: dict[str, Any]) -> str | None:
    """The likeliest intent, even where it was too unlikely to act on."""
    ranking = parsed.get("intent_ranking") or []
    names = [entry.get("name") for entry in ranking if entry.get("name") != _FALLBACK]
    return names[0] if names else None
