"""What the custom actions are called and say, read from their source without running it.

Running it would import the services and everything under them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cantodesk.checking.problem import Problem

_RESPONSE = "utter_"


@dataclass(frozen=True)
class Saying:
    """One call of ``turn.say``.

    ``responses`` are patterns of names; ``sure`` means each is one plain name.
    ``variables`` is None where the source does not show which are passed.
    """

    file: str
    line: int
    responses: tuple[re.Pattern[str], ...]
    names: tuple[str, ...]
    sure: bool
    variables: frozenset[str] | None

    def may_say(self, response: str) -> bool:
        """Whether the call can be about this response."""
        return any(pattern.fullmatch(response) for pattern in self.responses)


@dataclass(frozen=True)
class ActionClass:
    """One class of the action server. ``slots`` are those a form's class names, with lines."""

    file: str
    line: int
    action: str
    form: str | None = None
    slots: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ActionCode:
    """Everything read from the folder ``actions``."""

    classes: tuple[ActionClass, ...] = ()
    sayings: tuple[Saying, ...] = ()
    problems: tuple[Problem, ...] = ()

    def passed_to(self, response: str) -> frozenset[str] | None:
        """Variables that actions surely pass to a response.

        None where that cannot be told. Several calls that name the response must
        all pass a variable; calls that only may mean it count when none names it.
        """
        named = [s for s in self.sayings if s.sure and response in s.names]
        if named:
            passed = [s.variables for s in named if s.variables is not None]
            return frozenset.intersection(*passed) if len(passed) == len(named) else None
        possible = [s.variables for s in self.sayings if not s.sure and s.may_say(response)]
        known = [variables for variables in possible if variables is not None]
        return frozenset().union(*known) if len(known) == len(possible) else None


def read_action_code(root: Path) -> ActionCode:
    """Read ``actions/**/*.py`` of a project."""
    modules: list[_Module] = []
    problems: list[Problem] = []
    for path in sorted((root / "actions").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        try:
            modules.append(_Module(name, ast.parse(path.read_bytes())))
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            wrong = "This is not Python."
            problems.append(Problem(name, line, wrong, "Ask a developer to mend the file."))
    returned: dict[str, frozenset[str]] = {}
    for module in modules:
        returned.update(module.returned())
    return ActionCode(
        tuple(found for module in modules for found in module.classes()),
        tuple(found for module in modules for found in module.sayings(returned)),
        tuple(problems),
    )


@dataclass(frozen=True)
class _Module:
    name: str
    tree: ast.Module
    _functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = field(init=False)

    def __post_init__(self) -> None:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        found = [node for node in ast.walk(self.tree) if isinstance(node, kinds)]
        object.__setattr__(self, "_functions", found)

    def classes(self) -> Iterator[ActionClass]:
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.ClassDef):
                continue
            values = dict(_class_values(node))
            form = _constant(values.get("form"))
            action = _constant(values.get("action")) or _constant(values.get("name"))
            if form:
                slots = tuple(_texts(values.get("slots")))
                yield ActionClass(self.name, node.lineno, f"validate_{form}", form, slots)
            elif action:
                yield ActionClass(self.name, node.lineno, action)

    def returned(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Functions that return a dictionary written out, with its keys."""
        for function in self._functions:
            values = [n.value for n in ast.walk(function) if isinstance(n, ast.Return)]
            keys = [_keys(value) for value in values if value is not None]
            known = [found for found in keys if found is not None]
            if known and len(known) == len(values):
                yield function.name, frozenset.intersection(*known)

    def sayings(self, returned: dict[str, frozenset[str]]) -> Iterator[Saying]:
        for function in self._functions:
            passed = dict(_assigned_keys(function, returned))
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _is_say(node):
                    yield self._saying(node, passed)

    def _saying(self, call: ast.Call, passed: dict[str, frozenset[str]]) -> Saying:
        response = call.args[0] if call.args else _keyword(call, "response")
        names = _names(response)
        sure = names is not None
        patterns = [re.escape(name) for name in names or ()]
        if isinstance(response, ast.JoinedStr):
            patterns = [_pattern(response)]
        elif names is None:
            # Chosen elsewhere in the file, for example from a dictionary of verdicts.
            patterns = [re.escape(name) for name in self._mentioned()]
        variables: frozenset[str] | None = frozenset()
        for keyword in call.keywords:
            if keyword.arg == "response" or variables is None:
                continue
            if keyword.arg is not None:
                variables |= {keyword.arg}
            else:
                more = _spread(keyword.value, passed)
                variables = None if more is None else variables | more
        compiled = tuple(re.compile(pattern) for pattern in patterns)
        return Saying(self.name, call.lineno, compiled, tuple(names or ()), sure, variables)

    def _mentioned(self) -> set[str]:
        constants = (_constant(node) for node in ast.walk(self.tree))
        return {text for text in constants if text and text.startswith(_RESPONSE)}


def _is_say(call: ast.Call) -> bool:
    has_response = bool(call.args) or _keyword(call, "response") is not None
    return isinstance(call.func, ast.Attribute) and call.func.attr == "say" and has_response


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg == name), None)


def _constant(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _texts(node: ast.AST | None) -> Iterator[tuple[str, int]]:
    for element in node.elts if isinstance(node, ast.Tuple | ast.List) else ():
        text = _constant(element)
        if text is not None:
            yield text, element.lineno


def _names(node: ast.AST | None) -> list[str] | None:
    """`"a"` or `"a" if x else "b"`; None for anything else."""
    if isinstance(node, ast.IfExp):
        one, other = _names(node.body), _names(node.orelse)
        return one + other if one is not None and other is not None else None
    text = _constant(node)
    return None if text is None else [text]


def _pattern(node: ast.JoinedStr) -> str:
    return "".join(
        re.escape(text) if (text := _constant(part)) is not None else ".*" for part in node.values
    )


def _class_values(node: ast.ClassDef) -> Iterator[tuple[str, ast.AST]]:
    """`action = "x"`, `form: str = "x"`, and what a method `name` returns."""
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            if statement.value is not None:
                yield statement.target.id, statement.value
        elif isinstance(statement, ast.FunctionDef) and statement.name == "name":
            for inner in ast.walk(statement):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield "name", inner.value


def _keys(node: ast.AST) -> frozenset[str] | None:
    """The keys of a dictionary written out with plain texts."""
    if not isinstance(node, ast.Dict):
        return None
    keys = [_constant(key) for key in node.keys]
    known = [key for key in keys if key is not None]
    return frozenset(known) if len(known) == len(keys) else None


def _assigned_keys(
    function: ast.FunctionDef | ast.AsyncFunctionDef, returned: dict[str, frozenset[str]]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Local names that hold a dictionary whose keys are known."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            keys = _spread(node.value, {}, returned)
            if keys is not None:
                yield node.targets[0].id, keys


def _spread(
    node: ast.AST,
    local: dict[str, frozenset[str]],
    returned: dict[str, frozenset[str]] | None = None,
) -> frozenset[str] | None:
    """Keys of a dictionary: written out, held by a local name, or returned by a function."""
    if isinstance(node, ast.Await):
        return _spread(node.value, local, returned)
    if isinstance(node, ast.Name):
        return local.get(node.id)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and returned:
        return returned.get(node.func.id)
    return _keys(node)
