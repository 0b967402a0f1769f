"""The other language files: word lists, written Chinese and spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cantodesk.checking.entry import Entry
from cantodesk.checking.examples import same_line_key
from cantodesk.checking.problem import Problem, unknown_remedy
from cantodesk.checking.project import Project
from cantodesk.checking.reading import Document
from cantodesk.settings import LANGUAGES
from cantodesk.understanding.lexicon import LEXICON_FILES
from cantodesk.understanding.normalisation import Variants

_SHAPE = "Write it as `yue: [...]`, `en: [...]` and `zh: [...]`."
_SPELLING_KINDS = ("always", "in_context", "romanised")
_CONTEXT = ("read", "for")
_NEIGHBOURS = ("after", "not_after", "before", "not_before")


def word_list_problems(project: Project) -> Iterator[Problem]:
    """What is wrong with the lists of goods, districts and ways to pay."""
    for name in LEXICON_FILES:
        document = project.language_file(name)
        if not document.content.is_mapping:
            continue
        listed = document.content.get(name)
        if not listed.is_mapping:
            remedy = f"Put all values under the key `{name}:`."
            yield document.problem(
                document.content.line_of(name), f"The file has no values under `{name}`.", remedy
            )
        for value, line, by_language in listed.items():
            yield from _value(document, value, line, by_language)
        yield from _two_values(document, listed)


def _value(document: Document, value: str, line: int, by_language: Entry) -> Iterator[Problem]:
    if not by_language.is_mapping:
        yield document.problem(line, f"`{value}` has no lists of spellings.", _SHAPE)
        return
    for language, language_line, spellings in by_language.items():
        if language not in LANGUAGES:
            wrong = f"`{value}` has a list under `{language}`, which is no language."
            yield document.problem(language_line, wrong, _SHAPE)
        elif not spellings.elements or any(not e.text.strip() for e in spellings.elements):
            wrong = f"`{value}` has no list of spellings under `{language}`."
            yield document.problem(language_line, wrong, _SHAPE)
    for language in LANGUAGES:
        if language not in by_language:
            wrong = f"`{value}` has no spellings under `{language}`."
            yield document.problem(line, wrong, _SHAPE)


def _two_values(document: Document, listed: Entry) -> Iterator[Problem]:
    first: dict[str, tuple[str, int]] = {}
    for value, _, by_language in listed.items():
        for _, _, spellings in by_language.items():
            for spelling in spellings.elements:
                before, line = first.setdefault(
                    same_line_key(spelling.text), (value, spelling.line)
                )
                if before != value:
                    wrong = f"`{spelling.text}` means `{value}` here and `{before}` in line {line}."
                    remedy = "Keep it under one value."
                    yield document.problem(spelling.line, wrong, remedy)


def written_problems(project: Project) -> Iterator[Problem]:
    """What is wrong with the pairs of Cantonese and written Chinese."""
    document = project.language_file("written")
    if document.content.is_mapping:
        yield from _pairs(document, "written", document.content)


def spelling_problems(project: Project) -> Iterator[Problem]:
    """What is wrong with variants.yml."""
    document = project.language_file("variants")
    for kind, line, _ in document.content.items():
        if kind not in _SPELLING_KINDS:
            remedy = unknown_remedy(kind, _SPELLING_KINDS, f"Use {', '.join(_SPELLING_KINDS)}.")
            yield document.problem(line, f"Nothing reads the key `{kind}`.", remedy)
    for kind in ("always", "romanised"):
        if kind in document.content:
            yield from _pairs(document, kind, document.content)
    for entry in document.content.get("in_context").elements:
        yield from _in_context(document, entry)


def _pairs(document: Document, kind: str, content: Entry) -> Iterator[Problem]:
    pairs = content.get(kind)
    if not pairs.is_mapping:
        remedy = "Write lines of `as written: read as` under it."
        yield document.problem(content.line_of(kind), f"`{kind}` holds no pairs.", remedy)
    for written, line, read in pairs.items():
        if not written.strip() or not read.text.strip():
            wrong = f"`{written}` is not a pair of two texts."
            yield document.problem(line, wrong, "Write `as written: read as`, one text each.")


def _in_context(document: Document, entry: Entry) -> Iterator[Problem]:
    for key, line, _ in entry.items():
        if key not in (*_CONTEXT, *_NEIGHBOURS):
            remedy = f"Use {', '.join((*_CONTEXT, *_NEIGHBOURS))}."
            yield document.problem(
                line, f"Nothing reads `{key}` here.", unknown_remedy(key, _NEIGHBOURS, remedy)
            )
    texts = {key: value.text for key, _, value in entry.items()}
    if not all(texts.get(key) for key in _CONTEXT):
        wrong = "This entry does not say both `for` and `read`."
        yield document.problem(entry.line, wrong, "Write `{read: ..., for: ...}`.")
        return
    if not set(texts) & set(_NEIGHBOURS):
        wrong = "This entry has no neighbours to look at."
        remedy = f"Add one of {', '.join(_NEIGHBOURS)}, or move it under `always`."
        yield document.problem(entry.line, wrong, remedy)
    try:
        Variants.from_data({"in_context": [texts]})
    except re.error as error:
        wrong = f"The neighbours of `{texts['for']}` are not a regular expression: {error.msg}."
        remedy = "Close every `[` and `(`; `after` takes one character or `^`, joined by `|`."
        yield document.problem(entry.line, wrong, remedy)
