"""A dictated line put right: the words of about the same sound that fit best where they stand.

Pure; the graph component is in ``homophones.py``. It is a noisy channel: from
each character lead the character itself and every known word that may have been
heard as what is written there. A path is worth its log probability as language,
less what its mistakes cost; the best is found by a beam.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cantodesk.understanding.homophone_words import LONGEST_WORD, KnownWords
from cantodesk.understanding.language_model import EDGE, LanguageModel, Token, tokens_of
from cantodesk.understanding.normalisation import NormalisedText
from cantodesk.understanding.written import has_simplified

# Paths kept at a character: so many, and none so many nats behind the best.
_PATHS, _BEHIND = 8, 12.0
# The share of characters only Simplified script has, from which on a line is in it.
_SIMPLIFIED = 0.15


@dataclass(frozen=True)
class Change:
    """``meant`` is read instead of ``line[start:end]``."""

    start: int
    end: int
    meant: str


@dataclass(frozen=True)
class Strictness:
    """How much better a line must become, in nats, before anything is changed.

    ``word``: for each character changed in a word of several; ``alone``: for a
    character by itself, of which there are many more; ``cut``: besides, where the
    change cuts into a word that is one as heard (停售 as 停手); ``phrase``: for one of
    the designers' phrases.
    """

    word: float = 5.0
    alone: float = 6.0
    cut: float = 3.0
    phrase: float = 2.0


@dataclass(frozen=True)
class _Step:
    """From one token to a later one, by way of characters. ``meant`` is None where nothing changes."""

    to: int
    chars: tuple[int, ...]
    cost: float = 0.0
    meant: str | None = None


@dataclass(frozen=True)
class _Path:
    score: float
    at: int = 0
    step: _Step | None = None
    before: _Path | None = None
    as_heard: bool = True


class Repairer:
    """Finds what was meant. Letters, figures and marks are never touched."""

    def __init__(
        self,
        model: LanguageModel,
        words: KnownWords,
        phrases: Mapping[str, Sequence[str]],
        protected: Iterable[str] = (),
        dictionary: Iterable[str] = (),
        strictness: Strictness | None = None,
    ) -> None:
        """``phrases``: heard -> what may be meant; ``protected``: words that stay;
        ``dictionary``: words that are not cut into lightly.
        """
        self._model = model
        self._words = words
        self._phrases = dict(phrases)
        self._longest = max([LONGEST_WORD, *map(len, self._phrases)])
        listed = "|".join(map(re.escape, sorted(protected, key=len, reverse=True)))
        self._protected = re.compile(listed or r"(?!)")
        self._dictionary = frozenset(dictionary)
        self._strictness = strictness or Strictness()

    def changes(self, line: str) -> list[Change]:
        """The changes of a normalised line, in order; mostly none."""
        tokens = tokens_of(line)
        steps = self._steps(line, tokens)
        if all(len(onward) == 1 for onward in steps):
            return []
        return [
            change
            for path in _from_start(self._best(steps))
            if path.step and path.step.meant and path.before
            for change in _smallest(
                line, tokens[path.before.at].start, tokens[path.at - 1].end, path.step.meant
            )
        ]

    def _steps(self, line: str, tokens: Sequence[Token]) -> list[list[_Step]]:
        """For each token, the ways onward; the first is the token itself."""
        id_of = self._model.id_of
        steps = [[_Step(at + 1, (id_of(token.char),))] for at, token in enumerate(tokens)]
        kept = [match.span() for match in self._protected.finditer(line)]
        free = [
            token.is_han and not any(a < token.end and token.start < b for a, b in kept)
            for token in tokens
        ]
        by_sound = not _is_simplified(tokens)
        whole = self._whole(tokens)
        for at in range(len(tokens)):
            text = ""
            for to in range(at + 1, min(len(tokens), at + self._longest) + 1):
                if not free[to - 1]:
                    break
                text += tokens[to - 1].char
                for meant, cost in self._meant(text, by_sound):
                    if _cuts(whole[at:to], at, to, text, meant):
                        cost += self._strictness.cut
                    steps[at].append(_Step(to, tuple(map(id_of, meant)), cost, meant))
        return steps

    def _whole(self, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """For each token the longest word of the dictionary it is part of: its first and last token."""
        whole = [(at, at + 1) for at in range(len(tokens))]
        for at in range(len(tokens)):
            for to in range(at + 2, min(len(tokens), at + LONGEST_WORD) + 1):
                if "".join(token.char for token in tokens[at:to]) in self._dictionary:
                    for inside in range(at, to):
                        start, end = whole[inside]
                        if to - at > end - start:
                            whole[inside] = (at, to)
        return whole

    def _meant(self, text: str, by_sound: bool) -> Iterator[tuple[str, float]]:
        for phrase in self._phrases.get(text, ()):
            yield phrase, self._strictness.phrase
        if by_sound and len(text) <= LONGEST_WORD:
            each = self._strictness.word if len(text) > 1 else self._strictness.alone
            for meant in self._words.heard_as(text):
                yield meant.word, each * meant.changed + meant.cost

    def _best(self, steps: Sequence[Sequence[_Step]]) -> _Path:
        model = self._model
        # At each token, the best path for each context: no later character sees further back.
        beams: list[dict[int, _Path]] = [{} for _ in range(len(steps) + 1)]
        beams[0][model.start] = _Path(0.0)
        for at, onward in enumerate(steps):
            for context, path in _promising(beams[at]):
                for step in onward:
                    score, then = path.score - step.cost, context
                    for char in step.chars:
                        score += model.log_probability(then, char)
                        then = model.after(then, char)
                    rival = beams[step.to].get(then)
                    if rival is None or rival.score < score:
                        as_heard = path.as_heard and step.meant is None
                        beams[step.to][then] = _Path(score, step.to, step, path, as_heard)
        edge = model.id_of(EDGE)
        ends = [(p.score + model.log_probability(c, edge), p) for c, p in beams[-1].items()]
        return max(ends, key=lambda end: end[0])[1]


def _is_simplified(tokens: Sequence[Token]) -> bool:
    """Whether a line is in Simplified script: likely Mandarin, whose mistakes Jyutping does not explain.

    A recogniser of Cantonese writes a single 锦 or 温 now and then.
    """
    chars = [token.char for token in tokens if token.is_han]
    return sum(map(has_simplified, chars)) > _SIMPLIFIED * len(chars)


def _cuts(whole: Sequence[tuple[int, int]], at: int, to: int, heard: str, meant: str) -> bool:
    """Whether a changed character belongs to a word that goes on outside ``at`` to ``to``."""
    return len(heard) == len(meant) and any(
        before != after and not (at <= start and end <= to)
        for before, after, (start, end) in zip(heard, meant, whole, strict=True)
    )


def _promising(beam: Mapping[int, _Path]) -> list[tuple[int, _Path]]:
    ranked = sorted(beam.items(), key=lambda pair: pair[1].score, reverse=True)
    least = ranked[0][1].score - _BEHIND
    # The line as it was heard stays in the running to the end, however odd its words are.
    return [
        pair
        for place, pair in enumerate(ranked)
        if pair[1].as_heard or (place < _PATHS and pair[1].score >= least)
    ]


def _from_start(path: _Path | None) -> list[_Path]:
    paths = []
    while path is not None:
        paths.append(path)
        path = path.before
    return paths[::-1]


def _smallest(line: str, start: int, end: int, meant: str) -> Iterator[Change]:
    """A changed word as the changes of its characters, if it has as many."""
    heard = line[start:end]
    if len(heard) != len(meant):
        yield Change(start, end, meant)
        return
    for at, (before, after) in enumerate(zip(heard, meant, strict=True), start):
        if before != after:
            yield Change(at, at + 1, after)


def repaired(line: NormalisedText, changes: Iterable[Change]) -> NormalisedText:
    """The line with changes made; what is read instead stands for the same raw span."""
    text, starts, ends, done = "", line.starts[:0], line.ends[:0], 0
    for change in changes:
        raw_start, raw_end = line.raw_span(change.start, change.end)
        text += line.text[done : change.start] + change.meant
        starts += line.starts[done : change.start] + (raw_start,) * len(change.meant)
        ends += line.ends[done : change.start] + (raw_end,) * len(change.meant)
        done = change.end
    return NormalisedText(
        text + line.text[done:], starts + line.starts[done:], ends + line.ends[done:]
    )
