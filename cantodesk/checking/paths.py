"""Rules and stories as sequences of steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

from cantodesk.checking.entry import Entry
from cantodesk.checking.project import Project
from cantodesk.checking.reading import Document

USER, ACTION, LOOP, SLOT, CHECKPOINT, BOT = (
    "user",
    "action",
    "active_loop",
    "slot",
    "checkpoint",
    "bot",
)
LISTEN = "action_listen"
_SKIPPED = ("metadata",)
_KEYS = {
    "intent": USER,
    "user": USER,
    "action": ACTION,
    "active_loop": LOOP,
    "checkpoint": CHECKPOINT,
    "bot": BOT,
}
# Two `or` with all intents are some thousand ways; more is no dialogue anybody can read.
_MOST_WAYS = 5000


@dataclass(frozen=True)
class Step:
    """One step. ``value`` tells it from others of its kind; ``name`` is what it names."""

    kind: str
    name: str
    value: str
    line: int

    @property
    def token(self) -> tuple[str, str]:
        """What makes two steps the same."""
        return self.kind, self.value


@dataclass(frozen=True)
class DialoguePath:
    """A rule or a story: for each step the alternatives that `or` leaves."""

    document: Document
    line: int
    name: str
    is_rule: bool
    conditions: tuple[Step, ...]
    steps: tuple[tuple[Step, ...], ...]
    # Steps with a key nobody reads: line and key.
    unread: tuple[tuple[int, str], ...]
    at_start: bool
    waits: bool

    def all_steps(self) -> Iterator[Step]:
        """Every step that is written, conditions first."""
        yield from self.conditions
        for alternatives in self.steps:
            yield from alternatives

    def ways(self) -> Iterator[tuple[Step, ...]]:
        """Every sequence the path stands for, with the waiting between turns written out."""
        for way in islice(product(*self.steps), _MOST_WAYS):
            yield tuple(_with_listening(way, self.waits))


def dialogue_paths(project: Project) -> list[DialoguePath]:
    """All rules, then all stories, in the order of the files."""
    found: list[DialoguePath] = []
    for key, named in (("rules", "rule"), ("stories", "story")):
        for document in project.training():
            for element in document.content.get(key).elements:
                found.append(_path(document, element, named))
    return found


def _path(document: Document, entry: Entry, named: str) -> DialoguePath:
    unread: list[tuple[int, str]] = []
    conditions = [s for e in entry.get("condition").elements for s in _steps(e, unread)]
    steps: list[tuple[Step, ...]] = []
    for element in entry.get("steps").elements:
        if "or" in element:
            either = [tuple(_steps(e, unread)) for e in element.get("or").elements]
            steps.append(tuple(step for found in either for step in found))
        else:
            # A step such as slot_was_set may hold several.
            steps += [(step,) for step in _steps(element, unread)]
    return DialoguePath(
        document=document,
        line=entry.line_of(named),
        name=entry.get(named).text or "without a name",
        is_rule=named == "rule",
        conditions=tuple(conditions),
        steps=tuple(steps),
        unread=tuple(unread),
        at_start=entry.get("conversation_start").text.lower() == "true",
        waits=entry.get("wait_for_user_input").text.lower() != "false",
    )


def _steps(entry: Entry, unread: list[tuple[int, str]]) -> Iterator[Step]:
    if "slot_was_set" in entry:
        yield from _slots(entry.get("slot_was_set"))
        return
    for key, kind in _KEYS.items():
        if key in entry:
            yield _step(entry, key, kind)
            return
    unread += [(line, key) for key, line, _ in entry.items() if key not in _SKIPPED]
    if not entry.is_mapping:
        unread.append((entry.line, entry.text))


def _step(entry: Entry, key: str, kind: str) -> Step:
    name = entry.get(key).text.strip().removeprefix("/")
    value = name
    if key == "intent":
        entities = sorted(_entity(e) for e in entry.get("entities").elements)
        value = " ".join([name, *entities])
    elif key == "user":
        # A sentence of the customer's own: it names an intent only next to it.
        value, name = f"“{name}”", ""
    return Step(kind, name, value, entry.line_of(key))


def _entity(entry: Entry) -> str:
    return entry.text or " ".join(f"{key}={value.text}" for key, _, value in entry.items())


def _slots(listed: Entry) -> Iterator[Step]:
    for element in listed.elements or (listed,):
        if element.text:
            yield Step(SLOT, element.text, element.text, element.line)
        for name, line, value in element.items():
            yield Step(SLOT, name, f"{name}={value.text}", line)


def _with_listening(way: tuple[Step, ...], waits: bool) -> Iterator[Step]:
    """Before each line of the customer, and at the end, the assistant waits."""
    before: Step | None = None
    for step in way:
        if step.kind == USER and before is not None and _ends_a_turn(before):
            yield replace(step, kind=ACTION, name=LISTEN, value=LISTEN)
        yield step
        before = step
    if waits and before is not None and before.kind != USER and _ends_a_turn(before):
        yield replace(before, kind=ACTION, name=LISTEN, value=LISTEN)


def _ends_a_turn(step: Step) -> bool:
    """Whether waiting follows that is not written already, or left to where a checkpoint leads."""
    return step.kind != CHECKPOINT and step.token != (ACTION, LISTEN)
