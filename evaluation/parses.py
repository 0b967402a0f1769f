"""What a model makes of a line, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evaluation.lines import Entity

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Parse:
    """One parse. ``ranking``: the guesses, likeliest first, without the fallback.

    ``intent`` is what the assistant acts on, which may be the fallback.
    """

    intent: str
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Entity, ...] = ()
    language: str = ""
    feeling: str = ""
    strength: float = 0.0
    milliseconds: float = 0.0

    @property
    def best(self) -> str:
        """The likeliest intent, even where it was too unlikely to act on."""
        return self.ranking[0][0] if self.ranking else ""

    @property
    def confidence(self) -> float:
        """How sure the best guess is, 0 to 1."""
        return self.ranking[0][1] if self.ranking else 0.0

    @property
    def pair(self) -> tuple[str, ...]:
        """The two likeliest intents, between which a question can be asked."""
        return tuple(name for name, _ in self.ranking[:2])

    def fires(self, threshold: float) -> bool:
        """Whether the escalation policy would bring in a person for the feeling alone."""
        return self.feeling == "negative" and self.strength >= threshold


def parse_from(parsed: dict[str, Any], milliseconds: float = 0.0) -> Parse:
    """A parse from what Rasa's agent returns."""
    ranking = [
        (str(entry["name"]), float(entry["confidence"]))
        for entry in parsed.get("intent_ranking") or []
        if entry.get("name") not in (None, FALLBACK)
    ]
    emotion = parsed.get("emotion") or {}
    return Parse(
        intent=str((parsed.get("intent") or {}).get("name") or ""),
        ranking=tuple(ranking),
        entities=tuple(
            Entity(int(e["start"]), int(e["end"]), str(e["entity"]), str(e.get("value", "")))
            for e in parsed.get("entities") or []
        ),
        language=str((parsed.get("language") or {}).get("code") or ""),
        feeling=str(emotion.get("label") or ""),
        strength=float(emotion.get("score") or 0.0),
        milliseconds=milliseconds,
    )
