"""The lines customers might say, as the NLU files list them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from cantodesk.checking.annotations import without_annotations
from cantodesk.checking.entry import Entry
from cantodesk.checking.problem import Problem
from cantodesk.checking.reading import Document

# What else an NLU file may list (synonyms and the like); no customer says it.
OTHER_KINDS = ("synonym", "regex", "lookup")


@dataclass(frozen=True)
class Example:
    """One line under an intent; ``text`` still has its entity annotations."""

    document: Document
    line: int
    intent: str
    text: str

    @property
    def key(self) -> str:
        """What makes two lines the same: neither annotations, width, case nor spacing do."""
        return same_line_key(without_annotations(self.text))

    def problem(self, wrong: str, remedy: str) -> Problem:
        """A problem in this line."""
        return self.document.problem(self.line, wrong, remedy)


def same_line_key(text: str) -> str:
    """A line as it is compared with others."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def intent_blocks(document: Document) -> Iterator[tuple[str, Entry]]:
    """Each intent of an NLU file with its whole entry."""
    for block in document.content.get("nlu").elements:
        if block.get("intent").text:
            yield block.get("intent").text, block


def examples_of(document: Document) -> Iterator[Example]:
    """All lines of an NLU file under their intents."""
    for intent, block in intent_blocks(document):
        for line, text in listed_lines(block.get("examples")):
            if text.startswith("-") and text[1:].strip():
                yield Example(document, line, intent, text[1:].strip())


def listed_lines(listed: Entry) -> Iterator[tuple[int, str]]:
    """The lines of `examples: |`, or of a list with `text: |`; empty ones are left out."""
    for entry in (listed, *(element.get("text") for element in listed.elements)):
        for line, text in entry.text_lines():
            if text.strip():
                yield line, text.strip()
