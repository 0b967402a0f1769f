"""`python -m bench.homophones`: how well dictated lines with homophone mistakes are put right.

The lines are in homophones.yml. Every second one was looked at while the repair was
tuned; the others are held out, and the floors are those of the held-out half.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from ruamel.yaml import YAML

from cantodesk.understanding.homophone_repair import Repairer, repaired
from cantodesk.understanding.homophones import HomophoneRepair, learnt, repairer_of
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.normalisation import Variants, normalise

LINES = Path(__file__).with_name("homophones.yml")
HALVES = ("tuned on", "held out")
# Shares of the held-out half, and how far the intents of repaired lines may be behind those of meant ones.
_PRECISION, _RECALL, _CLEAN_CHANGED, _INTENTS_BEHIND = 0.97, 0.80, 0.01, 0.03
_WARM_UP = 20


@dataclass(frozen=True)
class Dictated:
    """A line as meant and, where a recogniser wrote something else, as heard; both raw."""

    intent: str
    meant: str
    heard: str | None


@dataclass(frozen=True)
class Repaired:
    """Counts of characters and lines, and milliseconds a line: by the clock, and of the processor.

    On a machine that does nothing else the two are the same.
    """

    mistakes: int
    changed: int
    right: int
    clean: int
    clean_changed: int
    by_clock: tuple[float, ...]
    of_processor: tuple[float, ...]

    @property
    def precision(self) -> float:
        return self.right / max(1, self.changed)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.mistakes)

    @property
    def clean_share(self) -> float:
        return self.clean_changed / max(1, self.clean)

    @property
    def is_good(self) -> bool:
        return (
            self.precision >= _PRECISION
            and self.recall >= _RECALL
            and self.clean_share <= _CLEAN_CHANGED
        )


@dataclass(frozen=True)
class Intents:
    """Intents found, of lines with mistakes: as they were meant, as heard, and as repaired."""

    lines: int
    meant: int
    heard: int
    repaired: int

    @property
    def is_good(self) -> bool:
        return self.meant - self.repaired <= _INTENTS_BEHIND * self.lines


def halves_of(path: Path = LINES) -> tuple[list[Dictated], list[Dictated]]:
    """The lines that were tuned on, and those held out."""
    lines = []
    for intent, block in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["lines"].items():
        for entry in block:
            meant, _, heard = entry.partition(" | ")
            lines.append(Dictated(intent, meant, heard or None))
    return lines[::2], lines[1::2]


def differences(before: str, after: str) -> set[tuple[int, str]]:
    """(place, what stands there instead) of each character that differs."""
    found: set[tuple[int, str]] = set()
    for kind, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        new = after[new_start:new_end]
        if kind == "replace" and len(new) == end - start:
            found.update(enumerate(new, start))
        elif kind != "equal":
            found.add((start, new))
    return found


def measured(lines: Iterable[Dictated], repairer: Repairer, variants: Variants) -> Repaired:
    """Repair every line as meant and as heard. A change of a clean line is a wrong one, too."""
    mistakes = changed = right = clean = clean_changed = 0
    by_clock: list[float] = []
    of_processor: list[float] = []

    def put_right(raw: str) -> tuple[str, str]:
        line = normalise(raw, variants)
        start, busy = time.perf_counter(), time.thread_time()
        changes = repairer.changes(line.text)
        of_processor.append((time.thread_time() - busy) * 1000)
        by_clock.append((time.perf_counter() - start) * 1000)
        return line.text, repaired(line, changes).text

    for line in lines:
        before, after = put_right(line.meant)
        clean += 1
        clean_changed += before != after
        if line.heard is None:
            changed += len(differences(before, after))
            continue
        heard, found = put_right(line.heard)
        wrong, made = differences(heard, before), differences(heard, found)
        mistakes, changed, right = (
            mistakes + len(wrong),
            changed + len(made),
            right + len(wrong & made),
        )
    return Repaired(
        mistakes,
        changed,
        right,
        clean,
        clean_changed,
        tuple(sorted(by_clock)),
        tuple(sorted(of_processor)),
    )


def intents_of(lines: Sequence[Dictated], intent_of: Callable[[str, bool], str | None]) -> Intents:
    """``intent_of(text, dictated)`` reads a line, with or without `input_mode: voice`."""
    pairs = [(line.intent, line.meant, line.heard) for line in lines if line.heard is not None]
    return Intents(
        len(pairs),
        sum(intent_of(meant, False) == intent for intent, meant, _ in pairs),
        sum(intent_of(heard, False) == intent for intent, _, heard in pairs),
        sum(intent_of(heard, True) == intent for intent, _, heard in pairs),
    )


def reader_of(model: Path) -> Callable[[str, bool], str | None]:
    """Reads lines with a trained model, in this process."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.utils.log_utils import configure_structlog

    # Rasa prints every line it reads, unless it is told not to.
    configure_structlog(logging.WARNING)
    processor = Agent.load(str(model)).processor
    if processor is None:
        raise SystemExit(f"{model} is no model. Train one with `make train`.")

    def intent_of(text: str, dictated: bool) -> str | None:
        metadata = {"input_mode": "voice"} if dictated else {}
        message = UserMessage(text, metadata=metadata)
        parsed = asyncio.run(processor.parse_message(message))
        return (parsed.get("intent") or {}).get("name")

    return intent_of


def table(results: Sequence[Repaired]) -> str:
    """Both halves side by side."""
    rows = [
        ("lines with mistakes and without", [f"{r.clean}" for r in results]),
        ("characters mistaken", [f"{r.mistakes}" for r in results]),
        ("precision: changed rightly / changed", [f"{r.precision:.1%}" for r in results]),
        ("recall: changed rightly / mistaken", [f"{r.recall:.1%}" for r in results]),
        ("lines without mistakes changed", [f"{r.clean_share:.1%}" for r in results]),
        ("ms a line by the clock, p50", [f"{_percentile(r.by_clock, 50):.2f}" for r in results]),
        ("ms a line by the clock, p95", [f"{_percentile(r.by_clock, 95):.2f}" for r in results]),
        ("ms of the processor, p95", [f"{_percentile(r.of_processor, 95):.2f}" for r in results]),
    ]
    head = f"{'':38}" + "".join(f"{half:>10}" for half in HALVES)
    return "\n".join([head, *(f"{name:38}" + "".join(f"{v:>10}" for v in vs) for name, vs in rows)])


def _percentile(values: Sequence[float], percent: int) -> float:
    return values[min(len(values) - 1, len(values) * percent // 100)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 if the held-out half is above the floors."""
    parser = argparse.ArgumentParser(prog="python -m bench.homophones", description=__doc__)
    parser.add_argument("--model", type=Path, help="a trained model: also compare intents")
    options = parser.parse_args(arguments)
    defaults = HomophoneRepair.get_default_config()
    repairer = repairer_of(*learnt(defaults["corpora"]), defaults)
    variants = Variants.from_data(read_language_file("variants"))
    halves = halves_of()
    measured(halves[0][:_WARM_UP], repairer, variants)
    results = [measured(half, repairer, variants) for half in halves]
    print(table(results))
    is_good = results[1].is_good
    if options.model:
        intent_of = reader_of(options.model)
        for name, half in zip(HALVES, halves, strict=True):
            found = intents_of(half, intent_of)
            shares = (found.meant, found.heard, found.repaired)
            meant, heard, put_right = (f"{share / max(1, found.lines):.1%}" for share in shares)
            print(
                f"intents right, {name}: {meant} as meant, {heard} as heard, {put_right} repaired"
            )
        is_good = is_good and found.is_good
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
