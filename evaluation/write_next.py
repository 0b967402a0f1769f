"""Which lines to write next: the intents that are missed most, and what stands near a missed line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.lines import Line
from evaluation.parses import Parse

Matrix = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Matrix]
# Bounds the memory an encoder takes at a time.
_BATCH = 256
_SHOWN = 2
_MOST_TAKEN_FOR = 3


@dataclass(frozen=True)
class WriteNext:
    """An intent in one language that needs lines. ``spread``: for how many others it is taken."""

    intent: str
    language: str
    tested: int
    errors: dict[str, int]
    spread: int
    taken_for: tuple[tuple[str, int], ...]
    training_lines: int
    file: str

    @property
    def all_errors(self) -> int:
        """Missed lines of all sets."""
        return sum(self.errors.values())


def write_next(
    sets: Mapping[str, Sequence[Line]], parses: Mapping[str, Parse], training: Sequence[Line]
) -> list[WriteNext]:
    """Missed intents by language: those with the most errors first, then the most scattered."""
    known = Counter((line.language, line.intent) for line in training)
    files = _files(training)
    tested = Counter((ln.language, ln.intent) for lines in sets.values() for ln in lines)
    errors: dict[tuple[str, str], Counter[str]] = {}
    taken_for: dict[tuple[str, str], Counter[str]] = {}
    for name, lines in sets.items():
        for line in lines:
            best = parses[line.text].best
            if best != line.intent:
                of = (line.language, line.intent)
                errors.setdefault(of, Counter())[name] += 1
                taken_for.setdefault(of, Counter())[best] += 1
    found = [
        WriteNext(
            intent=intent,
            language=language,
            tested=tested[language, intent],
            errors={name: errors[language, intent][name] for name in sets},
            spread=len(taken_for[language, intent]),
            taken_for=tuple(taken_for[language, intent].most_common(_MOST_TAKEN_FOR)),
            training_lines=known[language, intent],
            file=files.get((language, intent), f"data/<skill>/nlu.{language}.yml"),
        )
        for language, intent in errors
    ]
    return sorted(
        found, key=lambda row: (-row.all_errors, -row.spread, row.training_lines, row.intent)
    )


def _files(training: Iterable[Line]) -> dict[tuple[str, str], str]:
    """The file in which an intent has the most lines of a language."""
    counted = Counter((line.language, line.intent, line.file) for line in training)
    return {
        (language, intent): file
        for (language, intent, file), _ in sorted(counted.items(), key=lambda item: item[1])
    }


@dataclass(frozen=True)
class Near:
    """A training line, and how near it is in meaning (1: the same)."""

    text: str
    language: str
    nearness: float


@dataclass(frozen=True)
class Neighbours:
    """The nearest training lines of the right intent and of the wrong one."""

    right: tuple[Near, ...]
    wrong: tuple[Near, ...]


def neighbours(
    missed: Sequence[Line], parses: Mapping[str, Parse], training: Sequence[Line], encode: Encode
) -> dict[str, Neighbours]:
    """By the text of each missed line.

    Where those of the wrong intent are nearer, lines like the missed one are needed.
    """
    if not missed:
        return {}
    concerned = {name for ln in missed for name in (ln.intent, parses[ln.text].best)}
    known = [line for line in training if line.intent in concerned]
    near = _encoded([line.text for line in missed], encode)
    rows = _encoded([line.text for line in known], encode)
    if not known:
        return {line.text: Neighbours((), ()) for line in missed}
    nearness = near @ rows.T
    return {
        line.text: Neighbours(
            _nearest(nearness[number], known, line.intent),
            _nearest(nearness[number], known, parses[line.text].best),
        )
        for number, line in enumerate(missed)
    }


def _encoded(texts: Sequence[str], encode: Encode) -> Matrix:
    batches = [encode(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
    return np.concatenate(batches) if batches else np.zeros((0, 0), dtype=np.float32)


def _nearest(row: Matrix, known: Sequence[Line], intent: str) -> tuple[Near, ...]:
    of = [number for number, line in enumerate(known) if line.intent == intent]
    of.sort(key=lambda number: -float(row[number]))
    return tuple(
        Near(known[number].text, known[number].language, round(float(row[number]), 3))
        for number in of[:_SHOWN]
    )
