"""Tells which reply of the domain, or which knowledge answer, a text is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from cantodesk.settings import LANGUAGES

# A variable of a reply, and what may stand in its place: anything but a variable left over.
_VARIABLE = re.compile(r"\\\{[A-Za-z_][A-Za-z0-9_]*\\\}")
_ANYTHING = r"[^{}]*"


@dataclass(frozen=True)
class Domain:
    """Patterns by (name, language). Knowledge answers are named ``knowledge/<id>``."""

    patterns: dict[tuple[str, str], tuple[re.Pattern[str], ...]]

    @classmethod
    def of(cls, project: Path) -> Domain:
        """Read `domain.yml` and `demo/knowledge.csv` of a project."""
        found: dict[tuple[str, str], list[re.Pattern[str]]] = {}
        for name, language, text in (*_responses(project), *_answers(project)):
            found.setdefault((name, language), []).append(pattern_of(text))
        return cls({key: tuple(patterns) for key, patterns in found.items()})

    def is_reply(self, text: str, name: str, language: str) -> bool:
        """Whether ``text`` is that reply in that language.

        Raises:
            KeyError: there is no such reply.
        """
        return any(p.fullmatch(text) for p in self.patterns[name, language])

    def names_of(self, text: str) -> str:
        """What a text may be, with its language, for a message to a reader."""
        found = [
            f"{name} ({language})"
            for (name, language), patterns in self.patterns.items()
            if any(p.fullmatch(text) for p in patterns)
        ]
        return " or ".join(found) or f"something unknown: {text[:60]}"


def pattern_of(text: str) -> re.Pattern[str]:
    """A reply's text as a pattern, its ``{variables}`` open."""
    return re.compile(_VARIABLE.sub(lambda _: _ANYTHING, re.escape(text)), re.DOTALL)


def _responses(project: Path) -> Iterator[tuple[str, str, str]]:
    domain = YAML(typ="safe").load((project / "domain.yml").read_text(encoding="utf-8"))
    for name, variations in domain["responses"].items():
        for variation in variations:
            for language in _languages(variation.get("condition")):
                yield name, language, str(variation.get("text") or "")


def _languages(condition: Any) -> list[str]:
    said = [c["value"] for c in condition or [] if c.get("name") == "language"]
    return said or list(LANGUAGES)


def _answers(project: Path) -> Iterator[tuple[str, str, str]]:
    with (project / "demo" / "knowledge.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for language in LANGUAGES:
                yield f"knowledge/{row['id']}", language, row[f"answer_{language}"]
