"""The emotion files: lines under the four degrees."""

from __future__ import annotations

from collections.abc import Iterator

from cantodesk.checking.examples import listed_lines, same_line_key
from cantodesk.checking.problem import Problem, unknown_remedy
from cantodesk.checking.project import Project
from cantodesk.checking.reading import Document
from cantodesk.settings import LANGUAGES

# The degrees that understanding learns; a test holds them to cantodesk/understanding/emotion.py,
# which cannot be imported without Rasa.
DEGREES = ("strong", "mild", "neutral", "positive")
_DEGREE_LIST = ", ".join(DEGREES)


def emotion_lines(document: Document) -> Iterator[tuple[str, int, str]]:
    """(degree, line number, line) of an emotion file."""
    for degree, _, listed in document.content.get("emotion").items():
        for line, text in listed_lines(listed):
            if text.startswith("- "):
                yield degree, line, text[2:].strip()


def emotion_problems(project: Project) -> Iterator[Problem]:
    """What is wrong with the emotion files of the three languages."""
    for language in LANGUAGES:
        document = project.language_file(f"emotion.{language}")
        if document.content.is_mapping:
            yield from _degrees(document)
            yield from _repeated(document)


def _degrees(document: Document) -> Iterator[Problem]:
    emotion = document.content.get("emotion")
    line = document.content.line_of("emotion")
    for degree, degree_line, listed in emotion.items():
        if degree not in DEGREES:
            yield document.problem(
                degree_line,
                f"There is no degree `{degree}`.",
                unknown_remedy(degree, DEGREES, f"Use {_DEGREE_LIST}."),
            )
        for text_line, text in listed_lines(listed):
            if not text.startswith("- "):
                wrong = "This line is not read: it does not begin with `- `."
                yield document.problem(text_line, wrong, "Begin it with `- `, or take it out.")
    held = {degree for degree, _, _ in emotion_lines(document)}
    for degree in DEGREES:
        if degree not in held:
            wrong = f"The degree `{degree}` has no lines."
            yield document.problem(line, wrong, f"Write `{degree}: |` and lines under it.")


def _repeated(document: Document) -> Iterator[Problem]:
    first: dict[str, tuple[str, int]] = {}
    for degree, line, text in emotion_lines(document):
        before, before_line = first.setdefault(same_line_key(text), (degree, line))
        if before_line == line:
            continue
        if before == degree:
            wrong = f"The same line stands in line {before_line}."
            yield document.problem(line, wrong, "Keep one of the two.")
        else:
            wrong = f"The same line stands under `{before}` (line {before_line}) and `{degree}`."
            yield document.problem(line, wrong, "Keep it under one degree.")
