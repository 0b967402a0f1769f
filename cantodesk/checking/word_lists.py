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
from cantodesk.understanding.lexicon import LISTS
from cantodesk.understanding.normalisation import Variants, between_neighbours

_SHAPE = "Write it as `yue: [...]`, `en: [...]` and `zh: [...]`."
_SPELLING_KINDS = ("always", "in_context", "romanised", "romanised_beside")
_CONTEXT = ("read", "for")
_NEIGHBOURS = ("after", "not_after", "before", "not_before")
_REGEX = "Close every `[` and `(`; `after` takes one character or `^`, joined by `|`."
_READINGS = "Write a text, or a list such as `[{read: 点, before: '[鐘半]'}, 怎么]`."


def word_list_problems(project: Project) -> Iterator[Problem]:
    """What is wrong with the lists of goods, districts and ways to pay."""
    for name in LISTS.values():
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
    if not document.content.is_mapping:
        return
    pairs = document.content.get("written")
    if not pairs.is_mapping:
        yield _no_pairs(document, "written")
    for word, line, reading in pairs.items():
        if reading.elements:
            yield from _readings(document, word, reading.elements)
        elif not word.strip() or not reading.text.strip():
            yield _no_pair(document, word, line)


def _readings(document: Document, word: str, readings: tuple[Entry, ...]) -> Iterator[Problem]:
    for reading in readings[:-1]:
        if not reading.is_mapping:
            wrong = f"What stands behind `{reading.text}` under `{word}` is never read."
            remedy = "Put the reading without neighbours last."
            yield document.problem(reading.line, wrong, remedy)
    for reading in readings:
        if reading.is_mapping:
            yield from _reading(document, word, reading)
        elif not reading.text.strip():
            yield document.problem(reading.line, f"`{word}` has an empty reading.", _READINGS)


def _reading(document: Document, word: str, reading: Entry) -> Iterator[Problem]:
    known = ("read", *_NEIGHBOURS)
    yield from _unknown_keys(document, reading, known)
    if "read" not in reading:
        wrong = f"A reading of `{word}` does not say `read`."
        yield document.problem(reading.line, wrong, _READINGS)
    texts = {key: value.text for key, _, value in reading.items()}
    if not set(texts) & set(_NEIGHBOURS):
        wrong = f"A reading of `{word}` has no neighbours to look at."
        remedy = f"Add one of {', '.join(_NEIGHBOURS)}, or write the text alone."
        yield document.problem(reading.line, wrong, remedy)
    try:
        re.compile(between_neighbours(re.escape(word), texts))
    except re.error as error:
        yield _no_regex(document, word, reading, error)


def spelling_problems(project: Project) -> Iterator[Problem]:
    """What is wrong with variants.yml."""
    document = project.language_file("variants")
    for kind, line, _ in document.content.items():
        if kind not in _SPELLING_KINDS:
            remedy = unknown_remedy(kind, _SPELLING_KINDS, f"Use {', '.join(_SPELLING_KINDS)}.")
            yield document.problem(line, f"Nothing reads the key `{kind}`.", remedy)
    for kind in ("always", "romanised", "romanised_beside"):
        if kind in document.content:
            yield from _pairs(document, kind)
    for entry in document.content.get("in_context").elements:
        yield from _in_context(document, entry)


def _pairs(document: Document, kind: str) -> Iterator[Problem]:
    pairs = document.content.get(kind)
    if not pairs.is_mapping:
        yield _no_pairs(document, kind)
    for written, line, read in pairs.items():
        if not written.strip() or not read.text.strip():
            yield _no_pair(document, written, line)


def _no_pairs(document: Document, kind: str) -> Problem:
    remedy = "Write lines of `as written: read as` under it."
    return document.problem(document.content.line_of(kind), f"`{kind}` holds no pairs.", remedy)


def _no_pair(document: Document, written: str, line: int) -> Problem:
    wrong = f"`{written}` is not a pair of two texts."
    return document.problem(line, wrong, "Write `as written: read as`, one text each.")


def _no_regex(document: Document, word: str, entry: Entry, error: re.error) -> Problem:
    wrong = f"The neighbours of `{word}` are not a regular expression: {error.msg}."
    return document.problem(entry.line, wrong, _REGEX)


def _unknown_keys(document: Document, entry: Entry, known: tuple[str, ...]) -> Iterator[Problem]:
    for key, line, _ in entry.items():
        if key not in known:
            remedy = unknown_remedy(key, _NEIGHBOURS, f"Use {', '.join(known)}.")
            yield document.problem(line, f"Nothing reads `{key}` here.", remedy)


def _in_context(document: Document, entry: Entry) -> Iterator[Problem]:
    yield from _unknown_keys(document, entry, (*_CONTEXT, *_NEIGHBOURS))
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
        yield _no_regex(document, texts["for"], entry, error)
