"""Lines that stand twice, under two intents, or among the test lines."""

from __future__ import annotations

from collections.abc import Iterator

from cantodesk.checking.emotion_files import emotion_lines
from cantodesk.checking.examples import Example, examples_of, listed_lines, same_line_key
from cantodesk.checking.problem import Problem
from cantodesk.checking.project import LANGUAGE_FILES, TEST_FOLDER, Project, language_of
from cantodesk.checking.reading import Document


def repetition_problems(project: Project) -> Iterator[Problem]:
    """The same line twice in training, and test lines that are trained on.

    One intent may have a line in two languages: 「thx」 is said in both.
    """
    first: dict[tuple[str, str | None], Example] = {}
    elsewhere: dict[str, Example] = {}
    of_intents, of_emotion = _intent_tests(project), _emotion_tests(project)
    for document in project.training():
        language = language_of(document.name)
        for example in examples_of(document):
            # Emotion learns calm from these lines too.
            test = of_intents.get(example.key) or of_emotion.get(example.key)
            yield from _tested(document, example.line, test)
            before = elsewhere.setdefault(example.key, example)
            if before.intent == example.intent:
                before = first.setdefault((example.key, language), example)
            if before is not example:
                yield _twice(before, example)
    for name in LANGUAGE_FILES:
        if name.startswith("emotion."):
            document = project.language_file(name)
            for _, line, text in emotion_lines(document):
                yield from _tested(document, line, of_emotion.get(same_line_key(text)))
        if name.startswith("out_of_scope."):
            document = project.language_file(name)
            for line, text in listed_lines(document.content.get("out_of_scope")):
                key = same_line_key(text.removeprefix("- "))
                yield from _tested(document, line, of_intents.get(key))


def _twice(before: Example, again: Example) -> Problem:
    where = f"{before.document.name}:{before.line}"
    if before.intent == again.intent:
        return again.problem(f"The same line stands at {where}.", "Keep one of the two.")
    return again.problem(
        f"The same line stands under `{before.intent}` ({where}), here under `{again.intent}`.",
        "Keep it under the intent it means, or say more in it.",
    )


def _tested(document: Document, line: int, test: str | None) -> Iterator[Problem]:
    if test is not None:
        remedy = "Write another line here: test lines are never trained on."
        yield document.problem(line, f"The same line is a test line ({test}).", remedy)


def _intent_tests(project: Project) -> dict[str, str]:
    """Every test line with an intent -> where it stands."""
    lines: dict[str, str] = {}
    for document in project.under(TEST_FOLDER):
        for example in examples_of(document):
            lines.setdefault(example.key, f"{document.name}:{example.line}")
    return lines


def _emotion_tests(project: Project) -> dict[str, str]:
    """Every test line with a degree of emotion -> where it stands."""
    lines: dict[str, str] = {}
    for document in project.under(TEST_FOLDER):
        for entry in document.content.get("emotion_test").elements:
            text = same_line_key(entry.get("text").text)
            lines.setdefault(text, f"{document.name}:{entry.line}")
    return lines
