"""spaCy's `yue`: a Language with pycantonese's words and our rulers.

``spacy.blank("yue")`` gives the plain language once this module is imported;
:func:`build` adds the designers' lists (an entity ruler) and the values with a
form of their own (the component ``cantodesk_values``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from cantodesk.settings import HONG_KONG
from cantodesk.understanding.lexicon import Lexicon
from cantodesk.understanding.segmentation import Segmenter
from cantodesk.understanding.values import find_values


class CantoneseTokenizer:
    """pycantonese words as a spaCy Doc whose text is exactly the line."""

    def __init__(self, vocab: Any, words: Iterable[str] = ()) -> None:
        self.vocab = vocab
        self._words = sorted(words)
        self._segment = Segmenter(self._words)

    def __call__(self, text: str) -> Doc:
        values = find_values(text, date(2000, 1, 1))
        pieces: list[str] = []
        spaces: list[bool] = []
        done = 0
        for word in self._segment(text, [(v.start, v.end) for v in values]):
            gap = text[done : word.start]
            if gap.startswith(" ") and pieces:
                spaces[-1] = True
                gap = gap[1:]
            if gap:
                pieces.append(gap)
                spaces.append(False)
            pieces.append(word.text)
            spaces.append(False)
            done = word.end
        if text[done:]:
            pieces.append(text[done:])
            spaces.append(False)
        return Doc(self.vocab, words=pieces, spaces=spaces)

    def to_bytes(self, **kwargs: Any) -> bytes:
        return "\n".join(self._words).encode()

    def from_bytes(self, data: bytes, **kwargs: Any) -> CantoneseTokenizer:
        self._words = data.decode().split("\n")
        self._segment = Segmenter(self._words)
        return self

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        Path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **kwargs: Any) -> CantoneseTokenizer:
        return self.from_bytes(Path(path).read_bytes())


@spacy.registry.tokenizers("cantodesk.CantoneseTokenizer.v1")
def create_tokenizer() -> Callable[[Language], CantoneseTokenizer]:
    return lambda nlp: CantoneseTokenizer(nlp.vocab)


class CantoneseDefaults(Language.Defaults):
    """Settings of the language: its tokenizer, and writing without case or spaces."""

    config: ClassVar[dict[str, Any]] = {
        "nlp": {"tokenizer": {"@tokenizers": "cantodesk.CantoneseTokenizer.v1"}}
    }
    writing_system: ClassVar[dict[str, Any]] = {
        "direction": "ltr",
        "has_case": False,
        "has_letters": False,
    }


@spacy.registry.languages("yue")
class Cantonese(Language):
    """Cantonese as it is typed in Hong Kong, English words and all."""

    lang = "yue"
    Defaults = CantoneseDefaults


@Language.component("cantodesk_values")
def values_component(doc: Doc) -> Doc:
    """Adds ids, phones, e-mails, amounts, days and times; a value wins over a list word inside it."""
    today = datetime.now(HONG_KONG).date()
    spans: list[Span] = []
    for value in find_values(doc.text, today):
        span = doc.char_span(value.start, value.end, label=value.entity, alignment_mode="expand")
        if span is not None:
            span._.value = value.value
            span._.more = value.more
            spans.append(span)
    doc.ents = tuple(filter_spans(spans + [e for e in doc.ents if not _overlaps(e, spans)]))
    return doc


def _overlaps(entity: Span, spans: list[Span]) -> bool:
    return any(entity.start < s.end and s.start < entity.end for s in spans)


for _name in ("value", "more"):
    if not Span.has_extension(_name):
        Span.set_extension(_name, default=None)


def build(lexicon: Lexicon) -> Language:
    """The whole pipeline: tokenizer with the lists' words, entity ruler, values."""
    nlp = spacy.blank("yue")
    nlp.tokenizer = CantoneseTokenizer(nlp.vocab, lexicon.spellings())
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": e.entity, "pattern": e.spelling, "id": e.value} for e in lexicon])
    nlp.add_pipe("cantodesk_values")
    return nlp
