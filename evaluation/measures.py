"""What is promised: each measure with its target, and what was reached by language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cantodesk.settings import LANGUAGES
from evaluation import calibration, emotions, entities, intents, languages
from evaluation.lines import EmotionLine, Line, LineSet
from evaluation.parses import Parse
from evaluation.shares import Share

ALL = "all"
NAMES = {"yue": "Cantonese", "en": "English", "zh": "Mandarin", ALL: "all languages"}


@dataclass(frozen=True)
class Measure:
    """One promise. ``at_least``: more is better; otherwise the target is a ceiling."""

    key: str
    label: str
    target: float
    at_least: bool = True
    is_share: bool = True

    def kept(self, value: float, limit: float) -> bool:
        """Whether a value is on the right side of a limit, or on it."""
        return value >= limit if self.at_least else value <= limit

    def shown(self, value: float) -> str:
        """The value as people read it."""
        return f"{100 * value:.1f} %" if self.is_share else f"{value:.3f}"


MEASURES = {
    measure.key: measure
    for measure in (
        Measure("intent_accuracy", "Intents: best guess right", 0.95),
        Measure("out_of_scope", "Out of scope recognised", 0.90),
        Measure("wrongly_refused", "Real requests wrongly refused", 0.03, at_least=False),
        Measure("emotion_found", "Strong negative emotion found", 0.92),
        Measure("false_alarms", "False alarms on tricky calm lines", 0.03, at_least=False),
        Measure("language", "Language right, where it can be told", 0.99),
        Measure("entities_ids", "Order and case numbers, phones, e-mails (F1)", 0.99),
        Measure("entities_values", "Amounts, dates, times (F1)", 0.96),
        Measure("entities_names", "Goods and districts (F1)", 0.92),
        Measure(
            "calibration_error",
            "Expected calibration error",
            0.05,
            at_least=False,
            is_share=False,
        ),
    )
}


@dataclass(frozen=True)
class Reached:
    """A value and how many lines (or entities, for F1) it comes from; None where there were none."""

    value: float | None
    count: int


def of_share(share: Share) -> Reached:
    """A share as a value."""
    return Reached(share.value, share.whole)


Reckoning = Callable[[Sequence[Line]], Reached]


def reached_by(
    lines: LineSet,
    emotion: Sequence[EmotionLine],
    parses: Mapping[str, Parse],
    threshold: float,
    stock: bool = False,
) -> dict[str, dict[str, Reached]]:
    """Every measure by language, and over all. A stock pipeline knows no feeling and no language."""
    reckoned: dict[str, Reckoning] = {
        "intent_accuracy": lambda of: of_share(intents.accuracy(of, parses)),
        "out_of_scope": lambda of: of_share(intents.out_of_scope(of, parses)),
        "wrongly_refused": lambda of: of_share(intents.wrongly_refused(of, parses)),
        "calibration_error": lambda of: Reached(
            calibration.expected_error(calibration.guesses(of, parses)), len(of)
        ),
    }
    if not stock:
        reckoned["language"] = lambda of: of_share(
            languages.told(languages.decidable(of, lines.neutral), parses)
        )
    for group, names in entities.GROUPS.items():
        reckoned[group] = _f1_of(names, parses)
    figures = {key: _by_language(lines.lines, reckon) for key, reckon in reckoned.items()}
    if not stock:
        figures |= _feelings(emotion, parses, threshold)
    return {key: figures[key] for key in MEASURES if key in figures}


def _f1_of(names: Sequence[str], parses: Mapping[str, Parse]) -> Reckoning:
    def reckon(lines: Sequence[Line]) -> Reached:
        found = entities.found_of(lines, parses, names)
        return Reached(found.f1, found.wanted)

    return reckon


def _by_language(lines: Sequence[Line], reckon: Reckoning) -> dict[str, Reached]:
    each = {code: reckon([ln for ln in lines if ln.language == code]) for code in LANGUAGES}
    return {**each, ALL: reckon(lines)}


def _feelings(
    lines: Sequence[EmotionLine], parses: Mapping[str, Parse], threshold: float
) -> dict[str, dict[str, Reached]]:
    figures: dict[str, dict[str, Reached]] = {"emotion_found": {}, "false_alarms": {}}
    for code in (*LANGUAGES, ALL):
        of = [line for line in lines if code in (ALL, line.language)]
        figures["emotion_found"][code] = of_share(emotions.found(of, parses, threshold))
        figures["false_alarms"][code] = of_share(emotions.false_alarms(of, parses, threshold))
    return figures
