"""Custom actions: the domain's list and the classes of the action server agree."""

from __future__ import annotations

from collections.abc import Iterator

from cantodesk.checking.problem import Problem, unknown_remedy
from cantodesk.checking.project import Project
from cantodesk.checking.vocabulary import RASA_ACTIONS


def custom_action_problems(project: Project) -> Iterator[Problem]:
    """Actions without a class, classes the domain lacks, and replies that are not there."""
    vocabulary, code = project.vocabulary, project.action_code
    yield from code.problems
    made = {found.action for found in code.classes}
    for action, line in vocabulary.actions.items():
        if action in made or action in RASA_ACTIONS or action in vocabulary.responses:
            continue
        remedy = "Write the class, or take the action out of the domain."
        yield project.domain.problem(
            line,
            f"No class in actions/ is the action `{action}`.",
            unknown_remedy(action, made - set(vocabulary.actions), remedy),
        )
    for found in code.classes:
        if found.action not in vocabulary.actions:
            wrong = f"The domain has no action `{found.action}`, which this class is."
            remedy = "Add it to `actions` in domain.yml."
            yield Problem(found.file, found.line, wrong, remedy)
        if found.form is not None and found.form not in vocabulary.forms:
            wrong = f"The domain has no form `{found.form}`, which this class checks."
            remedy = "Add it to `forms` in domain.yml."
            yield Problem(
                found.file, found.line, wrong, unknown_remedy(found.form, vocabulary.forms, remedy)
            )
        for slot, line in found.slots:
            if not vocabulary.knows_slot(slot):
                wrong = f"`{found.form}` asks for the slot `{slot}`, which the domain lacks."
                remedy = "Add it to `slots` in domain.yml, or use a slot that is there."
                yield Problem(
                    found.file, line, wrong, unknown_remedy(slot, vocabulary.slots, remedy)
                )
    for saying in code.sayings:
        for name in saying.names:
            if name not in vocabulary.responses:
                wrong = f"The domain has no response `{name}`, which is said here."
                remedy = "Add it to `responses` in domain.yml."
                yield Problem(
                    saying.file,
                    saying.line,
                    wrong,
                    unknown_remedy(name, vocabulary.responses, remedy),
                )
