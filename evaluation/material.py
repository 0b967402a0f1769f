"""What a run is made of: test lines, training lines, the threshold, public sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cantodesk.settings import LANGUAGES
from evaluation.emotions import chosen_threshold
from evaluation.lines import EmotionLine, EvaluationFailed, Line, LineSet, read_set, training_lines
from evaluation.public import PublicSets, public_sets

DEVELOPMENT, HELD_OUT = "dev", "test"
_WARM_UP = 60


@dataclass(frozen=True)
class Material:
    """``judged`` and ``judged_emotion`` are what targets and floors are held against."""

    sets: tuple[LineSet, ...]
    judged: LineSet
    judged_emotion: LineSet
    training: tuple[Line, ...]
    threshold: float
    public: PublicSets | None

    def nlu_texts(self) -> list[str]:
        """Every line that has an intent."""
        return [line.text for each in self.sets for line in each.lines]

    def texts(self, ours: bool) -> list[str]:
        """Every line to be parsed; feelings only by ours, for the stock pipelines know none."""
        wanted = self.nlu_texts()
        if ours:
            wanted += [line.text for each in self.sets for line in each.emotion]
        if self.public is not None:
            wanted += [text for texts in self.public.foreign.values() for text in texts]
            if ours:
                wanted += [text for text, _ in self.public.sentiment]
        return wanted

    def warm_up(self) -> list[str]:
        """Training lines from all over the data, to be parsed before anything is timed."""
        step = max(len(self.training) // _WARM_UP, 1)
        return [line.text for line in self.training[::step]][:_WARM_UP]

    def notes(self) -> Iterator[str]:
        """What a reader has to know of these lines, as sentences."""
        missing = [file for each in self.sets for file in each.missing]
        if missing:
            yield f"Missing test lines, so not measured: {', '.join(missing)}."
        dev = [
            what
            for what, each in (("intents", self.judged), ("emotion", self.judged_emotion))
            if each.name == DEVELOPMENT
        ]
        if dev:
            yield (
                f"The held-out set is not complete, so the targets of {' and '.join(dev)} are held "
                "against the development set, which may have been tuned on."
            )


def material(project: Path, tests: Path, public: Path | None) -> Material:
    """Everything read.

    Raises:
        EvaluationFailed: there are no test lines, or a file cannot be read.
    """
    sets = tuple(read_set(tests / name) for name in (DEVELOPMENT, HELD_OUT))
    return Material(
        sets=sets,
        judged=_judged(sets, tests),
        judged_emotion=next((s for s in reversed(sets) if _whole(s.emotion)), sets[0]),
        training=tuple(
            replace(line, file=Path(line.file).relative_to(project).as_posix())
            for line in training_lines(project / "data")
        ),
        threshold=chosen_threshold(project / "config.yml"),
        public=None if public is None else public_sets(public),
    )


def _judged(sets: Sequence[LineSet], tests: Path) -> LineSet:
    """The held-out set where it has all languages; else the development set, if it has any line."""
    for each in reversed(sets):
        if _whole(each.lines):
            return each
    for each in sets:
        if each.lines:
            return each
    raise EvaluationFailed(
        f"There are no test lines in {tests}: nlu.yue.yml and its like belong into "
        f"{DEVELOPMENT}/ and {HELD_OUT}/ there."
    )


def _whole(lines: Sequence[Line] | Sequence[EmotionLine]) -> bool:
    return {line.language for line in lines} == set(LANGUAGES)
