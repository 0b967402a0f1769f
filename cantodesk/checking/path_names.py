"""Rules, stories, forms and slots may only name what the domain has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cantodesk.checking.paths import ACTION, LOOP, SLOT, USER, Step, dialogue_paths
from cantodesk.checking.problem import Problem, unknown_remedy
from cantodesk.checking.project import Project
from cantodesk.checking.reading import Document
from cantodesk.checking.vocabulary import Vocabulary

_TRAINING_KEYS = ("version", "nlu", "rules", "stories")
_STEPS = "intent, action, active_loop, slot_was_set, or, checkpoint"


def path_name_problems(project: Project) -> Iterator[Problem]:
    """Names in rules and stories that nobody knows, and keys that nobody reads."""
    for document in project.training():
        for key, line, _ in document.content.items():
            if key not in _TRAINING_KEYS:
                remedy = f"Use {', '.join(_TRAINING_KEYS)}."
                yield document.problem(
                    line,
                    f"Nothing reads the key `{key}` here.",
                    unknown_remedy(key, _TRAINING_KEYS, remedy),
                )
    for path in dialogue_paths(project):
        for line, key in path.unread:
            yield path.document.problem(line, f"Nothing reads the step `{key}`.", f"Use {_STEPS}.")
        for step in path.all_steps():
            yield from _step(project.vocabulary, path.document, step)


def _step(vocabulary: Vocabulary, document: Document, step: Step) -> Iterator[Problem]:
    if step.kind == USER and step.name and not vocabulary.knows_intent(step.name):
        yield _unknown(document, step.line, "intent", step.name, vocabulary.intents)
    elif step.kind == ACTION and step.name not in vocabulary.runnable():
        if step.name.startswith("utter_"):
            yield _unknown(document, step.line, "response", step.name, vocabulary.responses)
        else:
            yield _unknown(document, step.line, "action", step.name, vocabulary.runnable())
    elif step.kind == LOOP and step.name and step.name not in vocabulary.forms:
        yield _unknown(document, step.line, "form", step.name, vocabulary.forms)
    elif step.kind == SLOT and not vocabulary.knows_slot(step.name):
        yield _unknown(document, step.line, "slot", step.name, vocabulary.slots)


def slot_name_problems(project: Project) -> Iterator[Problem]:
    """Names in the mappings of slots that nobody knows."""
    vocabulary, domain = project.vocabulary, project.domain
    for _, _, slot in domain.content.get("slots").items():
        for mapping in slot.get("mappings").elements:
            for key in ("intent", "not_intent"):
                for named in mapping.get(key).texts():
                    if not vocabulary.knows_intent(named.text):
                        yield _unknown(domain, named.line, "intent", named.text, vocabulary.intents)
            entity = mapping.get("entity")
            if entity.text and entity.text not in vocabulary.entities:
                yield _unknown(domain, entity.line, "entity", entity.text, vocabulary.entities)
            for condition in mapping.get("conditions").elements:
                form = condition.get("active_loop")
                if form.text and form.text not in vocabulary.forms:
                    yield _unknown(domain, form.line, "form", form.text, vocabulary.forms)
                asked = condition.get("requested_slot")
                if asked.text and not vocabulary.knows_slot(asked.text):
                    yield _unknown(domain, asked.line, "slot", asked.text, vocabulary.slots)


def _unknown(document: Document, line: int, kind: str, name: str, known: Iterable[str]) -> Problem:
    heading = "entities" if kind == "entity" else f"{kind}s"
    article = "an" if kind[0] in "aei" else "a"
    remedy = f"Add it to `{heading}` in domain.yml, or use {article} {kind} that is there."
    return document.problem(
        line, f"The domain has no {kind} `{name}`.", unknown_remedy(name, known, remedy)
    )
