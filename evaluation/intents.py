"""Intents: right, asked about, wrong or refused; by intent; and which are taken for which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluation.lines import Line
from evaluation.parses import FALLBACK, OUT_OF_SCOPE, Parse
from evaluation.shares import Found, Share

Parses = Mapping[str, Parse]


class Outcome(StrEnum):
    """What becomes of a real request in its first turn."""

    RIGHT = "answered at once, right"
    OFFERED = "asked about, the right one offered"
    WRONG = "answered at once, wrong"
    REFUSED = "refused"


def outcome(line: Line, parse: Parse) -> Outcome:
    """Of a real request.

    Refused: taken for out of scope, or not understood with the right intent not among
    the two that could be offered.
    """
    if parse.intent == FALLBACK:
        return Outcome.OFFERED if line.intent in parse.pair else Outcome.REFUSED
    if parse.intent == OUT_OF_SCOPE:
        return Outcome.REFUSED
    return Outcome.RIGHT if parse.intent == line.intent else Outcome.WRONG


def recognised_as_foreign(parse: Parse) -> bool:
    """Whether a line that nobody here can help with gets no made-up answer."""
    return parse.intent in (OUT_OF_SCOPE, FALLBACK)


def accuracy(lines: Iterable[Line], parses: Parses) -> Share:
    """Lines whose best guess is right, the threshold aside."""
    return Share.of(parses[line.text].best == line.intent for line in lines)


def requests(lines: Iterable[Line]) -> list[Line]:
    """The lines that somebody here can help with."""
    return [line for line in lines if line.intent != OUT_OF_SCOPE]


def foreign(lines: Iterable[Line]) -> list[Line]:
    """The lines that nobody here can help with."""
    return [line for line in lines if line.intent == OUT_OF_SCOPE]


def outcomes(lines: Iterable[Line], parses: Parses) -> dict[Outcome, int]:
    """How many real requests fare how."""
    counted = Counter(outcome(line, parses[line.text]) for line in requests(lines))
    return {each: counted[each] for each in Outcome}


def wrongly_refused(lines: Iterable[Line], parses: Parses) -> Share:
    """Real requests that are refused."""
    counted = outcomes(lines, parses)
    return Share(counted[Outcome.REFUSED], sum(counted.values()))


def out_of_scope(lines: Iterable[Line], parses: Parses) -> Share:
    """Lines out of scope that are recognised as such."""
    return Share.of(recognised_as_foreign(parses[line.text]) for line in foreign(lines))


def by_intent(lines: Sequence[Line], parses: Parses) -> dict[str, Found]:
    """Precision, recall and F1 of the best guess, by intent, in order of name.

    The recall of an intent is also the accuracy of its lines.
    """
    wanted = Counter(line.intent for line in lines)
    found = Counter(parses[line.text].best for line in lines)
    right = Counter(line.intent for line in lines if parses[line.text].best == line.intent)
    return {
        name: Found(right[name], found[name], wanted[name])
        for name in sorted(wanted.keys() | found.keys())
        if name
    }


@dataclass(frozen=True)
class Confusion:
    """Lines of one intent and language that are taken for another one."""

    language: str
    right: str
    wrong: str
    lines: tuple[Line, ...]


def confusions(lines: Iterable[Line], parses: Parses) -> list[Confusion]:
    """By best guess, the most frequent first."""
    pairs: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        best = parses[line.text].best
        if best != line.intent:
            pairs.setdefault((line.language, line.intent, best), []).append(line)
    ordered = sorted(pairs.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [Confusion(*pair, tuple(found)) for pair, found in ordered]
