"""Reading test and training lines, each with its intent, its language and its entities."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from cantodesk.settings import LANGUAGES

_ANNOTATION = re.compile(r"\[(?P<text>[^\]]*)\](?:\((?P<short>[^)]*)\)|(?P<long>\{[^}]*\}))")


class EvaluationFailed(Exception):
    """It cannot be measured. The message is one sentence that says what to mend."""


@dataclass(frozen=True)
class Entity:
    """An entity of a line: offsets into its plain text. ``value``: as annotated, or as found."""

    start: int
    end: int
    name: str
    value: str = ""


@dataclass(frozen=True)
class Line:
    """One line of an NLU file, without the marks of its entities."""

    text: str
    intent: str
    language: str
    file: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True)
class EmotionLine:
    """One line of an emotion file: strongly negative, or calm."""

    text: str
    language: str
    strong: bool


@dataclass(frozen=True)
class LineSet:
    """One set of test lines: `dev` or `test`. ``neutral``: texts in which no language shows."""

    name: str
    lines: tuple[Line, ...]
    emotion: tuple[EmotionLine, ...]
    neutral: frozenset[str]
    missing: tuple[str, ...]

    def has(self, language: str) -> bool:
        """Whether there are lines of a language."""
        return any(line.language == language for line in self.lines)


def read_set(folder: Path) -> LineSet:
    """What is there of one set; ``missing`` names the files that are not.

    Raises:
        EvaluationFailed: a file is there and cannot be read.
    """
    missing: list[str] = []

    def there(name: str) -> Path | None:
        path = folder / name
        if path.exists():
            return path
        missing.append(f"{folder.name}/{name}")
        return None

    lines: list[Line] = []
    for language in LANGUAGES:
        path = there(f"nlu.{language}.yml")
        lines += [] if path is None else nlu_lines(path, language)
    emotion = there("emotion.yml")
    # Not missed where it is not: it only takes lines out of one figure.
    neutral = folder / "neutral.yml"
    return LineSet(
        name=folder.name,
        lines=tuple(lines),
        emotion=() if emotion is None else tuple(emotion_lines(emotion)),
        neutral=frozenset(neutral_lines(neutral)) if neutral.exists() else frozenset(),
        missing=tuple(missing),
    )


def training_lines(data: Path) -> list[Line]:
    """Every line of ``data/<skill>/nlu.<language>.yml``.

    Raises:
        EvaluationFailed: a file cannot be read.
    """
    return [
        line
        for language in LANGUAGES
        for path in sorted(data.glob(f"*/nlu.{language}.yml"))
        for line in nlu_lines(path, language)
    ]


def nlu_lines(path: Path, language: str) -> Iterator[Line]:
    """The lines of one NLU file, in its order.

    Raises:
        EvaluationFailed: it is no NLU file.
    """
    for block in _under(path, "nlu"):
        if not isinstance(block, dict) or "intent" not in block:
            continue
        for raw in _dashed(block.get("examples"), path):
            text, entities = without_marks(raw)
            if text:
                yield Line(text, str(block["intent"]), language, str(path), entities)


def without_marks(raw: str) -> tuple[str, tuple[Entity, ...]]:
    """The plain text of an annotated line, and the entities marked in it."""
    text, done = "", 0
    entities = []
    for match in _ANNOTATION.finditer(raw):
        name, value = _meant(match)
        if not name:
            continue
        text += raw[done : match.start()]
        entities.append(Entity(len(text), len(text) + len(match["text"]), name, value))
        text += match["text"]
        done = match.end()
    return text + raw[done:], tuple(entities)


def _meant(match: re.Match[str]) -> tuple[str, str]:
    if match["long"] is None:
        name, _, value = match["short"].partition(":")
        return name, value
    try:
        marks = json.loads(match["long"])
    except ValueError:
        return "", ""
    return str(marks.get("entity", "")), str(marks.get("value", ""))


def emotion_lines(path: Path) -> Iterator[EmotionLine]:
    """The lines of an emotion test file.

    Raises:
        EvaluationFailed: a line lacks its text, its language or what is expected.
    """
    for number, entry in enumerate(_under(path, "emotion_test"), 1):
        try:
            text, language, expected = entry["text"], entry["language"], entry["expect"]
        except (TypeError, KeyError):
            raise EvaluationFailed(
                f"{path}: line {number} under `emotion_test` needs text, language and expect."
            ) from None
        if language not in LANGUAGES or expected not in ("strong", "calm"):
            raise EvaluationFailed(
                f"{path}: line {number} under `emotion_test` needs a language of "
                f"{', '.join(LANGUAGES)} and `expect: strong` or `expect: calm`."
            )
        yield EmotionLine(str(text), language, expected == "strong")


def neutral_lines(path: Path) -> list[str]:
    """Lines that could be Cantonese as well as Mandarin.

    Raises:
        EvaluationFailed: there is no list of lines in the file.
    """
    return [without_marks(str(entry))[0] for entry in _under(path, "neutral")]


def _under(path: Path, key: str) -> list[Any]:
    content = read_yaml(path)
    found = content.get(key) if isinstance(content, dict) else None
    if isinstance(found, str):
        found = list(_dashed(found, path))
    if not isinstance(found, list):
        raise EvaluationFailed(f"{path}: there is no list under `{key}`.")
    return found


def _dashed(block: Any, path: Path) -> Iterator[str]:
    if not isinstance(block, str):
        raise EvaluationFailed(f"{path}: `examples` must be a block of lines: write `examples: |`.")
    for line in block.splitlines():
        if line.strip().startswith("- "):
            yield line.strip()[2:].strip()


def read_yaml(path: Path) -> Any:
    """The content of a YAML file.

    Raises:
        EvaluationFailed: it is missing, or it is no YAML; the sentence names the line.
    """
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = "" if mark is None else f", line {mark.line + 1}"
        raise EvaluationFailed(
            f"{path}{line}: this is no valid YAML ({error.problem}); `make check` says more."
        ) from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise EvaluationFailed(
            f"{path}: this is no valid YAML ({type(error).__name__}); `make check` says more."
        ) from None
    except OSError as error:
        raise EvaluationFailed(f"{path} cannot be read ({type(error).__name__}).") from None
