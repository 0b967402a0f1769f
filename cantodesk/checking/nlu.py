"""NLU files: enough lines of every intent in every language, and only what the domain knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from cantodesk.checking.annotations import entities_in
from cantodesk.checking.examples import (
    OTHER_KINDS,
    Example,
    examples_of,
    intent_blocks,
    listed_lines,
)
from cantodesk.checking.problem import Problem, unknown_remedy
from cantodesk.checking.project import Project, language_of
from cantodesk.checking.reading import Document

# Lines that every intent needs in each language. Cantonese is spelt in the most ways.
FEWEST_LINES = {"yue": 20, "en": 12, "zh": 12}
LANGUAGE_NAMES = {"yue": "Cantonese", "en": "English", "zh": "Mandarin"}
_KINDS = ("intent", *OTHER_KINDS)
_WELL_FORMED = "Write `[words](entity)`, with no space inside the brackets or between them."


def nlu_problems(project: Project) -> Iterator[Problem]:
    """Everything about NLU files that one file at a time, or a count, can tell."""
    counts: Counter[tuple[str, str]] = Counter()
    blocks: dict[tuple[str, str], tuple[Document, int]] = {}
    for document in project.training():
        yield from _shape(document)
        language = language_of(document.name)
        for intent, block in intent_blocks(document):
            yield from _intent(project, document, intent, block.line_of("intent"))
            if language is None:
                yield document.problem(
                    block.line_of("intent"),
                    "The file's name does not say which language these lines are in.",
                    "Name it nlu.yue.yml, nlu.en.yml or nlu.zh.yml.",
                )
            else:
                blocks.setdefault((intent, language), (document, block.line_of("intent")))
        for example in examples_of(document):
            yield from _entities(project, example)
            if language is not None:
                counts[example.intent, language] += 1
    yield from _floors(project, counts, blocks)


def _shape(document: Document) -> Iterator[Problem]:
    nlu = document.content.get("nlu")
    for block in nlu.elements:
        if not any(kind in block for kind in _KINDS):
            yield document.problem(
                block.line,
                "This entry names no intent.",
                "Begin it with `- intent: ` and its name.",
            )
        elif "examples" not in block:
            remedy = "Add `examples: |` and the lines under it."
            yield document.problem(block.line, "This entry has no `examples`.", remedy)
        for line, text in listed_lines(block.get("examples")):
            if not text.startswith("-") or not text[1:].strip():
                yield document.problem(
                    line,
                    "This line is not read: it does not begin with `- ` and words.",
                    "Begin it with `- `, or take it out.",
                )


def _intent(project: Project, document: Document, intent: str, line: int) -> Iterator[Problem]:
    known = project.vocabulary.intents
    if intent.split("/")[0] not in known:
        remedy = "Add it to `intents` in domain.yml, or use an intent that is there."
        yield document.problem(
            line,
            f"The domain has no intent `{intent}`.",
            unknown_remedy(intent, known, remedy),
        )


def _entities(project: Project, example: Example) -> Iterator[Problem]:
    known = project.vocabulary.entities
    for name in entities_in(example.text):
        if name is None:
            yield example.problem(
                "An entity in this line is not marked as it should be.", _WELL_FORMED
            )
        elif name not in known:
            remedy = "Add it to `entities` in domain.yml, or use an entity that is there."
            yield example.problem(
                f"The domain has no entity `{name}`.", unknown_remedy(name, known, remedy)
            )


def _floors(
    project: Project,
    counts: Counter[tuple[str, str]],
    blocks: dict[tuple[str, str], tuple[Document, int]],
) -> Iterator[Problem]:
    for intent, domain_line in project.vocabulary.intents.items():
        for language, fewest in FEWEST_LINES.items():
            found = counts[intent, language]
            place = blocks.get((intent, language))
            spoken = LANGUAGE_NAMES[language]
            if place is None:
                file = _file_for(intent, language, blocks)
                yield project.domain.problem(
                    domain_line,
                    f"The intent `{intent}` has no {spoken} lines.",
                    f"Write at least {fewest} in {file}.",
                )
            elif found < fewest:
                document, line = place
                yield document.problem(
                    line,
                    f"The intent `{intent}` has {found} {spoken} lines and needs {fewest}.",
                    f"Write {fewest - found} more.",
                )


def _file_for(
    intent: str, language: str, blocks: dict[tuple[str, str], tuple[Document, int]]
) -> str:
    """Where the lines belong: beside those of the other languages."""
    folders = [
        PurePosixPath(document.name).parent
        for (name, _), (document, _) in blocks.items()
        if name == intent
    ]
    folder = folders[0] if folders else PurePosixPath("data/<skill>")
    return str(folder / f"nlu.{language}.yml")
