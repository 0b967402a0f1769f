"""The designers' files, read once for all checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cantodesk.checking.action_code import ActionCode, read_action_code
from cantodesk.checking.entry import Entry
from cantodesk.checking.problem import Problem
from cantodesk.checking.reading import Document, read_document
from cantodesk.checking.vocabulary import Vocabulary
from cantodesk.dialogue.intent_titles import FILE as INTENT_TITLES
from cantodesk.settings import LANGUAGES
from cantodesk.understanding.lexicon import LEXICON_FILES

DOMAIN = "domain.yml"
BUSINESS = "demo/settings.yml"
LANGUAGE_FOLDER = "data/language/"
TEST_FOLDER = "tests/nlu/"
LANGUAGE_FILES = (
    *LEXICON_FILES,
    "variants",
    "written",
    "phrases",
    INTENT_TITLES,
    "anger",
    "sounds",
    *(f"emotion.{language}" for language in LANGUAGES),
    *(f"out_of_scope.{language}" for language in LANGUAGES),
)
_REQUIRED = (
    "config.yml",
    DOMAIN,
    "endpoints.yml",
    "credentials.yml",
    *(f"{LANGUAGE_FOLDER}{name}.yml" for name in LANGUAGE_FILES),
)
_FOLDERS = ("data", "tests/nlu", "tests/scenarios")
_NLU_FILE = re.compile(r"(?:^|/)nlu\.([a-z]+)\.ya?ml$")


@dataclass(frozen=True)
class Project:
    """All that can be read of a project, by path."""

    root: Path
    documents: Mapping[str, Document]

    @cached_property
    def domain(self) -> Document:
        """The domain, empty if it cannot be read."""
        return self.documents.get(DOMAIN) or Document(DOMAIN, Entry(1))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every name the domain knows."""
        return Vocabulary.of(self.domain.content)

    @cached_property
    def business_variables(self) -> frozenset[str]:
        """The names of the business file's variables."""
        document = self.documents.get(BUSINESS)
        variables = document.content.get("variables") if document else Entry(1)
        return frozenset(name for name, _, _ in variables.items())

    @cached_property
    def action_code(self) -> ActionCode:
        """What the custom actions say and are called."""
        return read_action_code(self.root)

    def training(self) -> Iterator[Document]:
        """The files Rasa trains on, by path; the language files are not among them."""
        for name, document in sorted(self.documents.items()):
            if name.startswith("data/") and not name.startswith(LANGUAGE_FOLDER):
                yield document

    def under(self, folder: str) -> Iterator[Document]:
        """The files in a folder (`tests/nlu/`), by path."""
        for name, document in sorted(self.documents.items()):
            if name.startswith(folder):
                yield document

    def language_file(self, name: str) -> Document:
        """A file of data/language, empty if it cannot be read."""
        path = f"{LANGUAGE_FOLDER}{name}.yml"
        return self.documents.get(path) or Document(path, Entry(1))


def language_of(name: str) -> str | None:
    """yue, en or zh, by the name of an NLU file; None if it says none of them."""
    found = _NLU_FILE.search(name)
    return found[1] if found and found[1] in LANGUAGES else None


def read_project(root: Path) -> tuple[Project, list[Problem]]:
    """Read every YAML file of a project, and say what keeps some from being read."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for name in yaml_files(root):
        document, found = read_document(root / name, name)
        problems += found
        if document is not None:
            documents[name] = document
    for name in _REQUIRED:
        if not (root / name).is_file():
            remedy = "Bring it back: the assistant does not start without it."
            problems.append(Problem(name, 1, "The file is missing.", remedy))
        elif name in documents and not documents[name].content.is_mapping:
            wrong = "The file holds no keys."
            problems.append(Problem(name, 1, wrong, "Bring back what it held."))
    return Project(root, documents), sorted(problems)


def yaml_files(root: Path) -> list[str]:
    """Paths in the project of all YAML files that are checked, with slashes."""
    named = [root / name for name in (*_REQUIRED[:4], BUSINESS, "tests/test_stories.yml")]
    found = [path for path in named if path.is_file()]
    for folder in _FOLDERS:
        for pattern in ("*.yml", "*.yaml"):
            found += (root / folder).rglob(pattern)
    return sorted({path.relative_to(root).as_posix() for path in found})
