"""Reads scenarios and plays them against a running assistant. No pytest: load tests use it too.

The format is told in README.md.
"""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from replies import Domain
from ruamel.yaml import YAML

_TURN_KEYS = {
    "customer", "press", "who", "language", "expect", "says", "never_says",
    "expect_buttons", "remember",
}  # fmt: skip
_SCENARIO_KEYS = {"scenario", "language", "turns", "then"}
_THEN_KEYS = {"handovers", "tickets", "orders"}
_PATIENCE = 90.0


class BadScenario(Exception):
    """A scenario file is not as README.md says; the text says where and what."""


@dataclass(frozen=True)
class Turn:
    """One line of a customer and what is expected of the replies."""

    customer: str | None
    press: str | None
    who: str
    language: str
    expect: tuple[str, ...] | None
    says: tuple[str, ...]
    never_says: tuple[str, ...]
    buttons: tuple[str, ...]
    remember: Mapping[str, str]


@dataclass(frozen=True)
class Scenario:
    """A named conversation. ``then`` is what the database holds for its first customer."""

    name: str
    file: str
    turns: tuple[Turn, ...]
    then: Mapping[str, Any]


@dataclass
class Played:
    """How it went: seconds of every turn, and the first problem, told to a reader."""

    seconds: list[float] = field(default_factory=list)
    problem: str | None = None


@dataclass
class _Talk:
    """What is known while a scenario is played."""

    remembered: dict[str, str] = field(default_factory=dict)
    latest: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def scenarios(folder: Path) -> Iterator[Scenario]:
    """Every scenario of every YAML file of a folder, in order.

    Raises:
        BadScenario: a word that means nothing, or something missing.
    """
    for path in sorted(folder.glob("*.yml")):
        for document in YAML(typ="safe").load_all(path.read_text(encoding="utf-8")):
            yield _scenario(path.name, document)


def play(scenario: Scenario, base_url: str, sender: str, domain: Domain) -> Played:
    """Play a scenario as ``sender`` (other people in it: ``sender-<who>``), up to its first problem."""
    played, talk = Played(), _Talk()
    for number, turn in enumerate(scenario.turns, 1):
        person = sender if turn.who == "me" else f"{sender}-{turn.who}"
        before = talk.latest.get(turn.who, [])
        line = turn.press if turn.press is not None else _filled(turn.customer or "", talk)
        problem = None
        if turn.press is not None and turn.press not in payloads(before):
            problem = f"there is no button {turn.press}; there are {payloads(before)}"
        if problem is None:
            started = time.monotonic()
            replies, problem = _send(base_url, person, line)
            played.seconds.append(time.monotonic() - started)
            talk.latest[turn.who] = replies
            talk.said += [f"  {turn.who}: {line}", *(f"  bot: {_text(r)}" for r in replies)]
            problem = problem or problem_in(replies, turn, domain, talk.remembered)
        if problem is not None:
            told = "\n".join(talk.said[-14:])
            played.problem = f"{scenario.name}, turn {number}: {problem}\n{told}"
            break
    return played


def problem_in(
    replies: list[dict[str, Any]], turn: Turn, domain: Domain, remembered: dict[str, str]
) -> str | None:
    """What is wrong with the replies of a turn, or None. Fills ``remembered``."""
    texts = [_text(reply) for reply in replies]
    if turn.expect is not None:
        fits = len(texts) == len(turn.expect) and all(
            any(domain.is_reply(text, name, turn.language) for name in wanted.split("|"))
            for text, wanted in zip(texts, turn.expect, strict=True)
        )
        if not fits:
            got = [domain.names_of(text) for text in texts]
            return f"expected {list(turn.expect)} in {turn.language}, got {got}"
    whole = "\n".join(texts)
    for words in turn.says:
        if words not in whole:
            return f"expected the words {words!r}"
    for words in turn.never_says:
        if words in whole:
            return f"the words {words!r} must not be said"
    missing = [payload for payload in turn.buttons if payload not in payloads(replies)]
    if missing:
        return f"expected the buttons {missing}, got {payloads(replies)}"
    for name, pattern in turn.remember.items():
        found = re.search(pattern, whole)
        if found is None:
            return f"nothing to remember as {name}: no {pattern}"
        remembered[name] = found.group()
    return None


def payloads(replies: list[dict[str, Any]]) -> list[str]:
    """What the buttons of some replies send."""
    return [b["payload"] for reply in replies for b in reply.get("buttons") or []]


def _send(base_url: str, sender: str, line: str) -> tuple[list[dict[str, Any]], str | None]:
    body = json.dumps({"sender": sender, "message": line}).encode()
    request = urllib.request.Request(
        f"{base_url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            return json.loads(answer.read()), None
    except OSError as error:  # among them URLError, HTTPError and time-outs
        return [], f"no answer: {error}"


def _text(reply: dict[str, Any]) -> str:
    return str(reply.get("text") or "")


def _filled(line: str, talk: _Talk) -> str:
    for name, value in talk.remembered.items():
        line = line.replace(f"{{{name}}}", value)
    return line


def _scenario(file: str, document: Any) -> Scenario:
    if not isinstance(document, dict) or not document.get("scenario"):
        raise BadScenario(f"{file}: every document begins with `scenario: <its name>`.")
    name = str(document["scenario"])
    where = f"{file}, {name}"
    _known(where, document, _SCENARIO_KEYS)
    then = document.get("then") or {}
    _known(f"{where}, then", then, _THEN_KEYS)
    language, turns = document.get("language"), []
    for number, turn in enumerate(document.get("turns") or [], 1):
        _known(f"{where}, turn {number}", turn, _TURN_KEYS)
        language = turn.get("language", language)
        turns.append(_turn(f"{where}, turn {number}", turn, language))
    if not turns:
        raise BadScenario(f"{where}: there are no turns.")
    return Scenario(name, file, tuple(turns), then)


def _turn(where: str, turn: dict[str, Any], language: str | None) -> Turn:
    if ("customer" in turn) == ("press" in turn):
        raise BadScenario(f"{where}: say either `customer` or `press`.")
    if language not in ("yue", "en", "zh"):
        raise BadScenario(f"{where}: `language` is yue, en or zh.")
    checked = {"expect", "says", "never_says", "expect_buttons"} & set(turn)
    if not checked:
        raise BadScenario(f"{where}: nothing is expected of it.")
    expect = turn.get("expect")
    return Turn(
        customer=_line(where, turn, "customer"),
        press=_line(where, turn, "press"),
        who=str(turn.get("who", "me")),
        language=language,
        expect=None if expect is None else tuple(map(str, expect)),
        says=tuple(map(str, turn.get("says", ()))),
        never_says=tuple(map(str, turn.get("never_says", ()))),
        buttons=tuple(map(str, turn.get("expect_buttons", ()))),
        remember=turn.get("remember", {}),
    )


def _line(where: str, turn: dict[str, Any], key: str) -> str | None:
    line = turn.get(key)
    if line is not None and not isinstance(line, str):
        # 0830 would lose its nought.
        raise BadScenario(f'{where}: write numbers in quotes, `{key}: "{line}"`.')
    return line


def _known(where: str, given: dict[str, Any], known: set[str]) -> None:
    strange = sorted(set(given) - known)
    if strange:
        raise BadScenario(f"{where}: {strange} means nothing. Use {', '.join(sorted(known))}.")
