"""Forms: begun and ended by a rule, with a question for each slot."""

from __future__ import annotations

from collections.abc import Iterator

from cantodesk.checking.entry import Entry
from cantodesk.checking.paths import ACTION, LOOP, DialoguePath, dialogue_paths
from cantodesk.checking.problem import Problem, unknown_remedy
from cantodesk.checking.project import Project


def form_problems(project: Project) -> Iterator[Problem]:
    """What a form of the domain still needs."""
    paths = dialogue_paths(project)
    for form, line, entry in project.domain.content.get("forms").items():
        if not any(_begins(path, form) for path in paths):
            yield project.domain.problem(
                line,
                f"No rule begins `{form}`.",
                f"Write one with `action: {form}` and `active_loop: {form}`.",
            )
        if not any(_ends(path, form) for path in paths):
            yield project.domain.problem(
                line,
                f"No rule says what follows when `{form}` has all it asks for.",
                f"Write one with the condition `active_loop: {form}` and the step `active_loop: null`.",
            )
        yield from _slots(project, form, entry)


def _begins(path: DialoguePath, form: str) -> bool:
    steps = {step.token for alternatives in path.steps for step in alternatives}
    return {(ACTION, form), (LOOP, form)} <= steps


def _ends(path: DialoguePath, form: str) -> bool:
    active = False
    for step in path.all_steps():
        if step.kind == LOOP:
            if active and not step.name:
                return True
            active = step.name == form
    return False


def _slots(project: Project, form: str, entry: Entry) -> Iterator[Problem]:
    vocabulary = project.vocabulary
    for slot in entry.get("required_slots").texts():
        if not vocabulary.knows_slot(slot.text):
            remedy = "Add it to `slots` in domain.yml, or use a slot that is there."
            yield project.domain.problem(
                slot.line,
                f"`{form}` asks for the slot `{slot.text}`, which the domain lacks.",
                unknown_remedy(slot.text, vocabulary.slots, remedy),
            )
        elif not any(name in vocabulary.runnable() for name in _questions(form, slot.text)):
            yield project.domain.problem(
                slot.line,
                f"`{form}` has no question for `{slot.text}`.",
                f"Add the response `utter_ask_{slot.text}` or the action `action_ask_{slot.text}`.",
            )
    for intent in entry.get("ignored_intents").texts():
        if not vocabulary.knows_intent(intent.text):
            remedy = "Add it to `intents` in domain.yml, or use an intent that is there."
            yield project.domain.problem(
                intent.line,
                f"`{form}` ignores the intent `{intent.text}`, which the domain lacks.",
                unknown_remedy(intent.text, vocabulary.intents, remedy),
            )


def _questions(form: str, slot: str) -> tuple[str, ...]:
    """Where Rasa looks for the question of a slot."""
    return tuple(
        f"{kind}_ask_{about}" for kind in ("action", "utter") for about in (f"{form}_{slot}", slot)
    )
