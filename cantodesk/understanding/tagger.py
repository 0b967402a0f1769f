"""Names of goods and places that no list holds: a conditional random field over the pieces of a line.

It learns from the marks in the NLU lines, with the designers' lists as one feature among
others. A second copy of its lessons hides the lists, and half of the time the piece itself,
so that a name it has never met is found by its surroundings and its meaning.
The model is CRFsuite's own file: numbers and strings, and loading it runs no code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pycrfsuite

from cantodesk.understanding.lexicon import Entry
from cantodesk.understanding.list_matches import ListMatcher
from cantodesk.understanding.name_features import (
    Mark,
    NamedLine,
    cut,
    features,
    marks_of,
    tags_of,
    without_the_piece,
)
from cantodesk.understanding.word_meaning import NAMES, WordMeanings

# Our modules whose code decides what is tagged, for fingerprints.
TAGGER_MODULES = (
    "tagger", "name_features", "list_matches", "word_meaning", "encoders", "encoding_cache", "training_cache",
    "written", "signs", "normalisation", "segmentation", "lexicon",
)  # fmt: skip
# Of lines without any name so many in a hundred are learnt from; the rest adds time only.
_KEPT = 50
_KEPT_HIDDEN = 6
# A lesson without its lists lacks so many of its pieces, and any lesson now and then its intent.
_PIECES_HIDDEN = 0.5
_INTENTS_HIDDEN = 0.3
_LEARNING = {"c1": 0.1, "c2": 0.05, "max_iterations": 25}

Cut = Callable[[str], NamedLine]


@dataclass(frozen=True)
class Example:
    """A normalised line, the names marked in it, and its intent."""

    text: str
    marks: tuple[Mark, ...]
    intent: str | None = None


@dataclass(frozen=True)
class Tags:
    """What the tagger says of a line: names with how sure it is of each, 0 to 1."""

    names: tuple[tuple[Mark, float], ...] = ()
    # Of each piece's span, how likely it belongs to any name.
    chances: tuple[tuple[int, int, float], ...] = ()

    def chance(self, start: int, end: int) -> float:
        """How likely ``[start, end)`` is in a name: the best of its pieces."""
        return max((c for s, e, c in self.chances if s < end and start < e), default=0.0)


class NameTagger:
    """Learnt names of a line. What it is made of is kept in the model by ``entities.py``."""

    def __init__(
        self,
        entries: Iterable[Entry],
        meanings: WordMeanings | None,
        model: Path,
        cut_line: Cut = cut,
    ) -> None:
        self.meanings = meanings
        self._cut = cut_line
        self._lists = ListMatcher(e for e in entries if e.entity in NAMES)
        self._tagger = pycrfsuite.Tagger()
        # In memory: the folder of a loaded model may go away. CRFsuite does not copy the bytes, so they are
        # held here as long as it is. Empty if there was nothing to learn from.
        self._content = model.read_bytes()
        if self._content:
            self._tagger.open_inmemory(self._content)
        self._labels = frozenset(self._tagger.labels()) if self._content else frozenset()

    def __call__(self, text: str, intent: str | None = None) -> Tags:
        """Names in a normalised line; ``intent``: what it was understood as, if it was."""
        line = self._cut(text)
        if not line.pieces or not self._labels:
            return Tags()
        means = _meant(line, self.meanings)
        rows = features(line, self._lists(text), means, intent)
        self._tagger.set(pycrfsuite.ItemSequence(rows))
        names = tuple(
            (mark, min(self._sure(mark.entity, place) for place in range(first, after)))
            for mark, first, after in marks_of(line.pieces, self._tagger.tag())
        )
        chances = tuple((p.start, p.end, self._named(i)) for i, p in enumerate(line.pieces))
        return Tags(names, chances)

    def _sure(self, entity: str, place: int) -> float:
        return sum(self._likelihood(f"{part}-{entity}", place) for part in "BI")

    def _named(self, place: int) -> float:
        return 1.0 - self._likelihood("O", place)

    def _likelihood(self, label: str, place: int) -> float:
        return float(self._tagger.marginal(label, place)) if label in self._labels else 0.0


def learn(
    examples: Sequence[Example],
    entries: Sequence[Entry],
    encoder: str | None,
    model: Path,
    cut_line: Cut = cut,
) -> NameTagger:
    """Learn into the file ``model``. Deterministic.

    ``encoder``: the sentence encoder that words' meanings are read from; None for none.
    ``cut_line``: what lines are cut by; other than by the piece only to compare.
    """
    kept = [e for e in examples if e.marks or _share(e.text) < _KEPT]
    lines = [cut_line(example.text) for example in kept]
    tags = [tags_of(line.pieces, e.marks) for line, e in zip(lines, kept, strict=True)]
    meanings = WordMeanings.learn(encoder, map(_labelled, lines, tags)) if encoder else None
    goods = [entry for entry in entries if entry.entity in NAMES]
    lists = ListMatcher(goods)
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(_LEARNING)
    for line, example, wanted in zip(lines, kept, tags, strict=True):
        for rows in _lessons(line, example, lists, meanings):
            trainer.append(pycrfsuite.ItemSequence(rows), wanted)
    for entry in goods:
        # A listed name alone on a line is that thing: an answer to "which product?".
        line, whole = cut_line(entry.spelling), [Mark(0, len(entry.spelling), entry.entity)]
        rows = features(line, whole, _meant(line, meanings))
        trainer.append(pycrfsuite.ItemSequence(rows), tags_of(line.pieces, whole))
    model.touch()
    if kept or goods:
        trainer.train(str(model))
    return NameTagger(goods, meanings, model, cut_line)


def _lessons(
    line: NamedLine, example: Example, lists: ListMatcher, meanings: WordMeanings | None
) -> Iterator[list[list[str]]]:
    means = _meant(line, meanings)
    drawn = Random(example.text)  # noqa: S311 (no secret: the same line hides the same things)
    intent = None if drawn.random() < _INTENTS_HIDDEN else example.intent
    yield features(line, lists(example.text), means, intent)
    if example.marks or _share(example.text) < _KEPT_HIDDEN:
        yield [
            without_the_piece(row) if drawn.random() < _PIECES_HIDDEN else row
            for row in features(line, (), means, intent)
        ]


def _meant(line: NamedLine, meanings: WordMeanings | None) -> dict[str, str]:
    return dict(meanings.of(word for _, _, word in line.words)) if meanings else {}


def _labelled(line: NamedLine, tags: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (word, next((t[2:] for t in tags[first:after] if t != "O"), "O"))
        for first, after, word in line.words
    ]


def _share(text: str) -> int:
    """0 to 99, the same for the same line."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=2).digest()
    return int.from_bytes(digest, "big") % 100
