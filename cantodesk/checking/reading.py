"""Reading one YAML file: its tree, and what keeps it from being read as it was meant."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from cantodesk.checking.entry import Content, Entry
from cantodesk.checking.problem import Problem

_MANY_DOCUMENTS = "tests/scenarios/"
_NULL = "tag:yaml.org,2002:null"
_MERGE = "<<"
_OPEN = ("something is opened here and not closed", "Close it, or put the comma that is missing.")
# How the parser's sentence begins -> what a designer reads, and does about it.
_SENTENCES = {
    "mapping values are not allowed": (
        "a second `: ` stands in the line",
        "Put quotes round a text that holds `: `, or mend the indentation.",
    ),
    "could not find expected ':'": ("a line has no `: `", "Write `key: value`."),
    "expected ',' or ']'": _OPEN,
    "expected ',' or '}'": _OPEN,
    "found unexpected end of stream": (
        "a quotation mark is opened here and not closed",
        "Close it.",
    ),
    "found undefined alias": (
        "no `&name` is there for a `*name`",
        "Define it first with `&name`, or correct the name after `*`.",
    ),
    "but found another document": ("a second document begins", "Take out the line `---`."),
    "expected <block end>": (
        "the line does not stand under the ones above it",
        "Indent it like its neighbours.",
    ),
}
_LOOK = "Compare the line with its neighbours: indentation, colons, quotes, brackets."
# Where these go wrong is where they were opened, not where the parser gave up.
_OPENED = ("while scanning a quoted scalar", "while parsing a flow")


@dataclass(frozen=True)
class Document:
    """One file of the project. ``name`` is its path in the project, with slashes."""

    name: str
    content: Entry

    def problem(self, line: int, wrong: str, remedy: str) -> Problem:
        """A problem in this file."""
        return Problem(self.name, line, wrong, remedy)


def read_document(path: Path, name: str) -> tuple[Document | None, list[Problem]]:
    """A file's tree, None where it cannot be read at all, and its problems."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return None, [Problem(name, line, "This is not UTF-8.", "Save the file as UTF-8.")]
    except OSError as error:
        wrong = f"The file cannot be read ({type(error).__name__})."
        return None, [Problem(name, 1, wrong, "Make it readable.")]
    problems = [
        Problem(name, number, "A tab stands in this line.", "Write spaces instead.")
        for number, line in enumerate(text.split("\n"), 1)
        if "\t" in line
    ]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)
            # A scenario file holds a document a scenario; all others are one.
            many = name.startswith(_MANY_DOCUMENTS)
            reader = YAML(typ="safe")
            nodes = list(reader.compose_all(text)) if many else [reader.compose(text)]
    except RecursionError:
        problems.append(Problem(name, 1, "The file is nested too deeply.", "Flatten it."))
        return None, problems
    except YAMLError as error:
        problem = _not_yaml(name, text, error)
        if all(found.line != problem.line for found in problems):
            problems.append(problem)
        return None, problems
    tree = _Tree(name)
    contents = [tree.entry(node) for node in nodes if node is not None]
    return Document(name, contents[0] if contents else Entry(1)), problems + tree.problems


def _not_yaml(name: str, text: str, error: YAMLError) -> Problem:
    said, line = "it cannot be read", 1
    if isinstance(error, MarkedYAMLError):
        said = str(error.problem or said)
        opened = str(error.context or "").startswith(_OPENED)
        mark = error.context_mark if opened and error.context_mark else error.problem_mark
        if mark is not None:
            line = min(mark.line + 1, len(text.splitlines()) or 1)
    elif isinstance(error, ReaderError):
        said = "it holds a control character"
        line = text[: error.position].count("\n") + 1
    told = next((told for start, told in _SENTENCES.items() if said.startswith(start)), None)
    wrong, remedy = told or (said, _LOOK)
    return Problem(name, line, f"This is not YAML: {wrong}.", remedy)


class _Tree:
    """Turns the YAML library's nodes into entries, and notices keys that stand twice."""

    def __init__(self, name: str) -> None:
        self._name = name
        # Aliases share a node: one entry for each, and an end to those that hold themselves.
        self._made: dict[int, Entry] = {}
        self.problems: list[Problem] = []

    def entry(self, node: Any) -> Entry:
        key = id(node)
        if key not in self._made:
            self._made[key] = Entry(node.start_mark.line + 1)
            self._made[key] = self._entry(node)
        return self._made[key]

    def _entry(self, node: Any) -> Entry:
        line = node.start_mark.line + 1
        content: Content = None
        if isinstance(node, ScalarNode):
            content = None if node.tag == _NULL else str(node.value)
            return Entry(line, content, block=node.style == "|")
        if isinstance(node, SequenceNode):
            return Entry(line, tuple(self.entry(element) for element in node.value))
        if isinstance(node, MappingNode):
            return self._mapping(line, node)
        return Entry(line)

    def _mapping(self, line: int, node: Any) -> Entry:
        content: dict[str, Entry] = {}
        lines: dict[str, int] = {}
        merged: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            key, key_line = str(key_node.value), key_node.start_mark.line + 1
            value = self.entry(value_node)
            if key == _MERGE:
                for source in value.elements or (value,):
                    if isinstance(source.content, Mapping):
                        merged = {**source.content, **merged}
            elif key in content:
                wrong = f"The key `{key}` stands twice; it is in line {lines[key]} too."
                remedy = "Keep one of the two: only one of them is read."
                self.problems.append(Problem(self._name, key_line, wrong, remedy))
            else:
                content[key], lines[key] = value, key_line
        return Entry(line, {**merged, **content}, lines)
