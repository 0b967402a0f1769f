"""One text in the three languages of the assistant."""

from __future__ import annotations

from dataclasses import dataclass

from cantodesk.settings import DEFAULT_LANGUAGE, LANGUAGES


@dataclass(frozen=True, slots=True)
class Trilingual:
    """Cantonese, English and Mandarin of the same thing."""

    yue: str
    en: str
    zh: str

    def text(self, language: str) -> str:
        """The text in ``language``; an unknown language reads the default one."""
        value: str = getattr(self, language if language in LANGUAGES else DEFAULT_LANGUAGE)
        return value
