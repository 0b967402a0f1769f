"""Strong negative feeling: how often it is found, how often it is only thought to be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.lines import EmotionLine, EvaluationFailed, read_yaml
from evaluation.parses import Parse
from evaluation.shares import Share

_STEPS = 50
_POLICY, _KEY, _DEFAULT = "EscalationPolicy", "negative_emotion", 0.8


@dataclass(frozen=True)
class Point:
    """What one threshold would give."""

    threshold: float
    found: float | None
    false_alarms: float | None


def found(lines: Iterable[EmotionLine], parses: Mapping[str, Parse], threshold: float) -> Share:
    """Strong lines for which a person is brought in."""
    return Share.of(parses[line.text].fires(threshold) for line in lines if line.strong)


def false_alarms(
    lines: Iterable[EmotionLine], parses: Mapping[str, Parse], threshold: float
) -> Share:
    """Calm lines for which a person is brought in."""
    return Share.of(parses[line.text].fires(threshold) for line in lines if not line.strong)


def curve(lines: Sequence[EmotionLine], parses: Mapping[str, Parse]) -> list[Point]:
    """Both shares for thresholds from 0 to 1."""
    return [
        Point(
            step / _STEPS,
            found(lines, parses, step / _STEPS).value,
            false_alarms(lines, parses, step / _STEPS).value,
        )
        for step in range(_STEPS + 1)
    ]


def missed(
    lines: Iterable[EmotionLine], parses: Mapping[str, Parse], threshold: float
) -> list[EmotionLine]:
    """Lines judged otherwise than they should be."""
    return [line for line in lines if parses[line.text].fires(threshold) != line.strong]


def chosen_threshold(config: Path) -> float:
    """The threshold of the escalation policy in `config.yml`.

    Raises:
        EvaluationFailed: the file cannot be read, or the threshold is no number.
    """
    content: Any = read_yaml(config)
    policies = (content.get("policies") if isinstance(content, dict) else None) or []
    for policy in policies:
        if str(policy.get("name", "")).rpartition(".")[2] == _POLICY:
            try:
                return float(policy.get(_KEY, _DEFAULT))
            except (TypeError, ValueError):
                raise EvaluationFailed(f"{config}: {_KEY} of {_POLICY} must be a number.") from None
    return _DEFAULT
