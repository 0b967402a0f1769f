"""Answers from the business's own table: an imported one works at once, without training.

An answer is found by its questions. Two signals are mixed: nearness in meaning
(a sentence encoder, handed in) and shared letters, which the encoder is blind to
in names and model numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from cantodesk.services.business import Business
from cantodesk.services.character_ngrams import character_ngrams, overlap
from cantodesk.services.departments import Department
from cantodesk.services.failures import STORAGE_FAILURES, log_failure
from cantodesk.services.revisions import revision_of
from cantodesk.services.trilingual import Trilingual
from cantodesk.storage.business_tables import KnowledgeEntry
from cantodesk.storage.engine import session

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

_LONGEST_QUESTION = 500


@dataclass(frozen=True, slots=True)
class Matching:
    """Weights and thresholds, 0 to 1, of the mixed score.

    Measured with USE multilingual on the demo's 1,032 questions and 3,727 training
    lines: at ``anywhere`` 36 % of the lines with an answer get one, 89 % of those
    from their own intent, and 6 % of the lines that have no answer get a wrong one.
    99 % of the lines score more than 0.16 within their own intent.
    """

    meaning: float = 0.75
    # The intent is recognised and has one entry: that is nearly proof enough.
    lone: float = 0.15
    of_intent: float = 0.25
    # No help from the intent.
    anywhere: float = 0.55
    # Nearly the question's own words: better than what the classifier thinks,
    # which does not know an entry imported a minute ago.
    verbatim: float = 0.85


class KnowledgeLookup(StrEnum):
    """The outcome of a search."""

    FOUND = "found"
    NOTHING = "nothing"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class KnowledgeAnswer:
    """``text`` is ready to be sent. ``score`` is 0 to 1, also of the best that was not enough."""

    status: KnowledgeLookup
    entry_id: str | None = None
    text: str | None = None
    score: float = 0.0
    department: Department | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    intent: str
    answer: Trilingual
    department: Department


@dataclass(frozen=True, slots=True)
class _Table:
    """The table at one revision. Row i of ``vectors`` belongs to entry ``owner[i]``."""

    revision: int
    entries: tuple[_Entry, ...] = ()
    owner: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    vectors: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    letters: tuple[frozenset[str], ...] = ()


class Knowledge:
    """Finds answers. One object serves all threads of a process."""

    def __init__(
        self,
        engine: Engine,
        embed: Embed,
        business: Business,
        matching: Matching | None = None,
    ) -> None:
        """``embed`` turns n texts into n rows of unit length."""
        self._engine = engine
        self._embed = embed
        self._business = business
        self._matching = matching or Matching()
        self._lock = Lock()
        self._table: _Table | None = None
        self._known: dict[str, NDArray[np.float32]] = {}

    def warm_up(self) -> None:
        """Embed all questions before the first customer comes (some 4 ms a question)."""
        try:
            self._current()
        except STORAGE_FAILURES as error:
            log_failure("reading the knowledge table", error)

    def answer(
        self, text: str, intent: str | None, language: str, *, anywhere: bool = True
    ) -> KnowledgeAnswer:
        """The answer to ``text`` in ``language``, or NOTHING when none is near enough.

        With ``anywhere`` False only entries of ``intent`` are looked at.
        """
        asked = text.strip()[:_LONGEST_QUESTION]
        try:
            table = self._current()
        except STORAGE_FAILURES as error:
            log_failure("reading the knowledge table", error)
            return KnowledgeAnswer(KnowledgeLookup.UNAVAILABLE)
        if not asked or not table.entries:
            return KnowledgeAnswer(KnowledgeLookup.NOTHING)
        scores = _entry_scores(table, self._question_scores(table, asked))
        of_intent = [at for at, entry in enumerate(table.entries) if entry.intent == intent]
        if not anywhere:
            scores = np.where(np.isin(np.arange(len(scores)), of_intent), scores, np.float32(0))
        best = choose(scores, of_intent, self._matching)
        if best is None:
            return KnowledgeAnswer(KnowledgeLookup.NOTHING, score=float(scores.max()))
        return self._filled(table.entries[best], float(scores[best]), language)

    def _filled(self, entry: _Entry, score: float, language: str) -> KnowledgeAnswer:
        try:
            text = self._business.fill(entry.answer.text(language), language)
        except KeyError as error:
            # The business file lost a variable after the import: never show braces.
            log_failure(f"filling the answer {entry.id}", error)
            return KnowledgeAnswer(KnowledgeLookup.NOTHING, score=score)
        return KnowledgeAnswer(KnowledgeLookup.FOUND, entry.id, text, score, entry.department)

    def _question_scores(self, table: _Table, asked: str) -> NDArray[np.float32]:
        """The mixed score of every question, shape (questions,)."""
        meaning = table.vectors @ self._embed([asked])[0]
        letters = character_ngrams(asked)
        shared = np.array([overlap(letters, other) for other in table.letters], dtype=np.float32)
        weight = np.float32(self._matching.meaning)
        mixed: NDArray[np.float32] = weight * meaning + (1 - weight) * shared
        return np.clip(mixed, 0.0, 1.0)

    def _current(self) -> _Table:
        """The table as it is now; read again only when an import has changed it."""
        with session(self._engine, reading=True) as opened:
            revision = revision_of(opened, "knowledge")
            table = self._table
            if table is not None and table.revision == revision:
                return table
            rows = opened.scalars(select(KnowledgeEntry).order_by(KnowledgeEntry.id)).all()
        # Embedding takes a while; a second thread waits for it instead of doing it too.
        with self._lock:
            if self._table is None or self._table.revision != revision:
                self._table = self._embedded(revision, rows)
            return self._table

    def _embedded(self, revision: int, rows: Sequence[KnowledgeEntry]) -> _Table:
        entries = [row for row in rows if _questions(row)]
        asked = [(at, text) for at, row in enumerate(entries) for text in _questions(row)]
        if not asked:
            self._known = {}
            return _Table(revision)
        texts = list(dict.fromkeys(text for _, text in asked))
        new = [text for text in texts if text not in self._known]
        known = self._known | dict(zip(new, self._embed(new) if new else [], strict=True))
        # Questions no longer in the table are forgotten.
        self._known = {text: known[text] for text in texts}
        return _Table(
            revision=revision,
            entries=tuple(
                _Entry(
                    row.id,
                    row.intent,
                    Trilingual(row.answer_yue, row.answer_en, row.answer_zh),
                    Department(row.department),
                )
                for row in entries
            ),
            owner=np.array([at for at, _ in asked], dtype=np.intp),
            vectors=np.stack([self._known[text] for _, text in asked]),
            letters=tuple(character_ngrams(text) for _, text in asked),
        )


def choose(scores: NDArray[np.float32], of_intent: Sequence[int], matching: Matching) -> int | None:
    """Which entry answers: the index into ``scores`` (one score an entry), or None."""
    overall = int(scores.argmax())
    if scores[overall] >= matching.verbatim:
        return overall
    if of_intent:
        best = max(of_intent, key=lambda at: scores[at])
        enough = matching.lone if len(of_intent) == 1 else matching.of_intent
        if scores[best] >= enough:
            return best
    return overall if scores[overall] >= matching.anywhere else None


def _entry_scores(table: _Table, questions: NDArray[np.float32]) -> NDArray[np.float32]:
    """The best question of every entry, shape (entries,)."""
    scores = np.zeros(len(table.entries), dtype=np.float32)
    np.maximum.at(scores, table.owner, questions)
    return scores


def _questions(row: KnowledgeEntry) -> list[str]:
    cells = (row.question_yue, row.question_en, row.question_zh)
    return [text for cell in cells for part in cell.split("|") if (text := part.strip())]
