"""What intents are called when a customer is asked which is meant: ``data/language/intents.yml``.

No Rasa in here: the action server and the checks read it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from cantodesk.settings import DEFAULT_LANGUAGE, get_settings

FILE = "intents"


@dataclass(frozen=True)
class Limits:
    """Confidences, 0 to 1, from which a candidate is worth a question."""

    together: float = 0.6
    second: float = 0.15
    alone: float = 0.25


@dataclass(frozen=True)
class IntentTitles:
    """The intents that may be offered: ``titles`` by intent and language."""

    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    limits: Limits = Limits()

    def __contains__(self, intent: str) -> bool:
        return intent in self.titles

    def of(self, intent: str, language: str) -> str:
        """The title as it reads inside the question."""
        by_language = self.titles[intent]
        return by_language.get(language) or by_language[DEFAULT_LANGUAGE]

    def on_button(self, intent: str, language: str) -> str:
        """The title as it stands on a button: alone, so with a capital."""
        title = self.of(intent, language)
        return title[:1].upper() + title[1:]

    def every(self, intent: str) -> tuple[str, ...]:
        """The title in all languages; none for an intent that is not offered."""
        return tuple(self.titles.get(intent, {}).values())


def intent_titles() -> IntentTitles:
    """The file of the settings, read once."""
    return _read(get_settings().language_dir / f"{FILE}.yml")


@lru_cache(maxsize=2)
def _read(path: Path) -> IntentTitles:
    content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return IntentTitles(content["titles"], Limits(**(content.get("limits") or {})))
