"""Rules and stories that go on differently after the same beginning.

Rasa finds these too, but only while it trains.
"""

from __future__ import annotations

from collections.abc import Iterator

from cantodesk.checking.paths import ACTION, LISTEN, LOOP, USER, DialoguePath, Step, dialogue_paths
from cantodesk.checking.problem import Problem
from cantodesk.checking.project import Project

Token = tuple[str, str]
# What must hold and what has happened: (conditions, steps so far).
Situation = tuple[frozenset[Token], tuple[Token, ...]]
Known = dict[Situation, tuple[Step, DialoguePath]]
_ALWAYS: frozenset[Token] = frozenset()
_AT_START = ("conversation_start", "true")


def contradiction_problems(project: Project) -> Iterator[Problem]:
    """Two rules, two stories, or a rule and a story that do not agree."""
    rules: Known = {}
    stories: Known = {}
    found: dict[Problem, None] = {}
    for path in dialogue_paths(project):
        known = rules if path.is_rule else stories
        for way in path.ways():
            problem = _first_difference(known, path, way)
            if problem is None and not path.is_rule:
                problem = _against_rules(rules, path, way)
            if problem is not None:
                found[problem] = None
    yield from found


def _first_difference(known: Known, path: DialoguePath, way: tuple[Step, ...]) -> Problem | None:
    """The first action that differs from what is known; everything before it becomes known."""
    conditions = frozenset(step.token for step in path.conditions)
    if path.at_start:
        conditions |= {_AT_START}
    return _compared(known, path, way, conditions, learn=True)


def _against_rules(rules: Known, path: DialoguePath, way: tuple[Step, ...]) -> Problem | None:
    """The first turn outside a form that an unconditional rule would answer differently."""
    in_form = False
    for position, step in enumerate(way):
        if step.kind == LOOP:
            in_form = bool(step.name)
        if step.kind == USER and not in_form:
            following = [p for p in range(position + 1, len(way)) if way[p].kind == USER]
            turn = way[position : following[0] if following else len(way)]
            problem = _compared(rules, path, turn, _ALWAYS, learn=False)
            if problem is not None:
                return problem
    return None


def _compared(
    known: Known,
    path: DialoguePath,
    way: tuple[Step, ...],
    conditions: frozenset[Token],
    *,
    learn: bool,
) -> Problem | None:
    before: tuple[Token, ...] = ()
    for step in way:
        if step.kind == ACTION:
            first = known.get((conditions, before))
            if first is None:
                if learn:
                    known[conditions, before] = (step, path)
            elif first[0].token != step.token:
                return _problem(step, path, *first)
        before = (*before, step.token)
    return None


def _problem(step: Step, path: DialoguePath, first: Step, where: DialoguePath) -> Problem:
    kind, other_kind = _kind(path), _kind(where)
    remedy = f"Make them agree, or give the {kind} a condition."
    if not path.is_rule:
        remedy = "Make them agree, or let them begin differently."
    return path.document.problem(
        step.line,
        f"The {kind} `{path.name}` goes on with {_said(step)} where the {other_kind} "
        f"`{where.name}` ({where.document.name}:{first.line}) goes on with {_said(first)}.",
        remedy,
    )


def _kind(path: DialoguePath) -> str:
    return "rule" if path.is_rule else "story"


def _said(step: Step) -> str:
    return "waiting" if step.name == LISTEN else f"`{step.name}`"
