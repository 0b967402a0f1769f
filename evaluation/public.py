"""Public test sets, where somebody has them: measured only, never part of the project."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from evaluation.intents import recognised_as_foreign
from evaluation.lines import EvaluationFailed
from evaluation.parses import Parse
from evaluation.shares import NOTHING, Found, Share

# File of lines that no shop could help with -> how it is called in the report.
OUT_OF_SCOPE = {
    "yue_oos300.jsonl": "Cantonese: forum titles, Common Voice",
    "en_oos_clinc.jsonl": "English: CLINC150",
    "zh_oos_crosswoz200.jsonl": "Mandarin: CrossWOZ, tourism",
}
SENTIMENT = "yue_sentiment_openrice_senti500.jsonl"
SEGMENTATION = "yue_segmentation_ud.jsonl"

Cut = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class PublicSets:
    """A folder of public sets. A set that is not there is left out."""

    folder: Path

    @cached_property
    def foreign(self) -> dict[str, list[str]]:
        """Lines out of scope, by the name in the report."""
        return {
            label: [str(row["text"]) for row in rows_of(self.folder / name, "text")]
            for name, label in OUT_OF_SCOPE.items()
            if (self.folder / name).exists()
        }

    @cached_property
    def sentiment(self) -> list[tuple[str, bool]]:
        """(review, negative)."""
        path = self.folder / SENTIMENT
        rows = rows_of(path, "text", "label") if path.exists() else ()
        return [(str(row["text"]), row["label"] == "negative") for row in rows]

    @cached_property
    def sentences(self) -> list[tuple[str, list[str]]]:
        """(sentence, its words)."""
        path = self.folder / SEGMENTATION
        rows = rows_of(path, "text", "words") if path.exists() else ()
        return [(str(row["text"]), [str(word) for word in row["words"]]) for row in rows]


def public_sets(folder: Path) -> PublicSets:
    """The sets of a folder, all of them read.

    Raises:
        EvaluationFailed: it has none of them, or one cannot be read.
    """
    sets = PublicSets(folder)
    if not (sets.foreign or sets.sentiment or sets.sentences):
        names = ", ".join([*OUT_OF_SCOPE, SENTIMENT, SEGMENTATION])
        raise EvaluationFailed(f"{folder} has none of the public sets: {names}.")
    return sets


def rows_of(path: Path, *fields: str) -> Iterator[dict[str, Any]]:
    """The rows of a file with one JSON object a line.

    Raises:
        EvaluationFailed: a line is none, or lacks a field.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                raise EvaluationFailed(f"{path}, line {number}: this is no JSON object.") from None
            if not isinstance(row, dict) or any(field not in row for field in fields):
                raise EvaluationFailed(f"{path}, line {number}: {' or '.join(fields)} is missing.")
            yield row


def recognised(
    foreign: Mapping[str, Sequence[str]], parses: Mapping[str, Parse]
) -> dict[str, Share]:
    """Lines out of scope that are recognised as such, by set."""
    return {
        label: Share.of(recognised_as_foreign(parses[text]) for text in texts)
        for label, texts in foreign.items()
    }


def sentiment_figures(
    reviews: Sequence[tuple[str, bool]], parses: Mapping[str, Parse], threshold: float
) -> dict[str, Share]:
    """Negative or not, by the label alone; and the reviews a person would be brought in for."""
    judged = [(parses[text].feeling == "negative", negative) for text, negative in reviews]
    return {
        "agreement": Share.of(said == negative for said, negative in judged),
        "negative_found": Share.of(said for said, negative in judged if negative),
        "others_left_alone": Share.of(not said for said, negative in judged if not negative),
        "over_threshold": Share.of(parses[text].fires(threshold) for text, _ in reviews),
    }


def word_spans(words: Iterable[str]) -> set[tuple[int, int]]:
    """Places of the words in the text without its white space; marks are no words."""
    spans, at = set(), 0
    for word in words:
        signs = "".join(word.split())
        if any(sign.isalnum() for sign in signs):
            spans.add((at, at + len(signs)))
        at += len(signs)
    return spans


def segmentation(sentences: Iterable[tuple[str, Sequence[str]]], cut: Cut) -> Found:
    """Words cut as a linguist would, both edges right; marks are left out."""
    total = NOTHING
    for text, words in sentences:
        wanted, got = word_spans(words), word_spans(cut(text))
        total += Found(len(wanted & got), len(got), len(wanted))
    return total


def our_cut() -> Cut:
    """The project's own segmenter, with the designers' lists."""
    from cantodesk.understanding.lexicon import read_lexicon
    from cantodesk.understanding.segmentation import Segmenter

    segment = Segmenter(sorted(read_lexicon().spellings()))
    return lambda text: [word.text for word in segment(text)]


def jieba_cut() -> Cut | None:
    """That of the stock pipeline, if it is installed."""
    try:
        with warnings.catch_warnings():
            # Of what jieba itself uses; nobody here can mend it.
            warnings.simplefilter("ignore")
            import jieba
    except ImportError:
        return None
    jieba.setLogLevel("WARNING")
    return lambda text: [str(word) for word in jieba.cut(text)]
