"""The pieces of replies that actions put together (data/language/phrases.yml)."""

from __future__ import annotations

from collections.abc import Iterator

from cantodesk.checking.entry import Entry
from cantodesk.checking.nlu import LANGUAGE_NAMES
from cantodesk.checking.problem import Problem
from cantodesk.checking.project import Project
from cantodesk.checking.reading import Document
from cantodesk.checking.responses import VARIABLE
from cantodesk.checking.wording import script_problems
from cantodesk.settings import LANGUAGES

_HEADING = "phrases"


def phrase_problems(project: Project) -> Iterator[Problem]:
    """What is wrong with the pieces: a language, a variable or the script."""
    document = project.language_file(_HEADING)
    if not document.content.is_mapping:
        return
    phrases = document.content.get(_HEADING)
    if not phrases.is_mapping:
        line = document.content.line_of(_HEADING)
        remedy = f"Put all pieces under the key `{_HEADING}:`."
        yield document.problem(line, f"The file has no pieces under `{_HEADING}`.", remedy)
    for name, line, piece in phrases.items():
        yield from _piece(document, name, line, piece)


def _piece(document: Document, name: str, line: int, piece: Entry) -> Iterator[Problem]:
    spoken = [language for language in LANGUAGES if piece.get(language).text]
    every = {v for language in spoken for v in VARIABLE.findall(piece.get(language).text)}
    for language in LANGUAGES:
        called, entry = LANGUAGE_NAMES[language], piece.get(language)
        if language not in spoken:
            yield document.problem(
                line, f"`{name}` has no {called} text.", f"Write one under `{language}:`."
            )
            continue
        missing = sorted(every - set(VARIABLE.findall(entry.text)))
        if missing:
            names = ", ".join(f"{{{variable}}}" for variable in missing)
            yield document.problem(
                entry.line,
                f"`{name}` in {called} lacks {names}, which another language has.",
                "Write it in here, or take it out there.",
            )
        if set("{}") & set(VARIABLE.sub("", entry.text)):
            yield document.problem(
                entry.line,
                f"A brace in `{name}` belongs to no variable.",
                "Write `{name}` in small letters, without spaces.",
            )
        yield from script_problems(document, entry, name, language)
