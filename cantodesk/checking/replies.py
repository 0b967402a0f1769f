"""Replies: the same in all three languages, and nothing in them that nobody fills or knows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from cantodesk.checking.nlu import LANGUAGE_NAMES
from cantodesk.checking.problem import Problem, unknown_remedy
from cantodesk.checking.project import Project
from cantodesk.checking.responses import (
    VARIABLE,
    Occasion,
    Variation,
    is_intent_payload,
    variations,
)
from cantodesk.settings import LANGUAGES


def reply_problems(project: Project) -> Iterator[Problem]:
    """What is wrong with the build of replies; their wording is checked elsewhere."""
    for response, found in variations(project).items():
        line = project.vocabulary.responses[response]
        for variation in found:
            yield from _conditions(project, variation)
            yield from _payloads(project, variation)
            yield from _braces(project, variation)
        yield from _languages(project, response, line, found)
        yield from _same_everywhere(project, found)
        yield from _filled(project, response, found)


def _conditions(project: Project, variation: Variation) -> Iterator[Problem]:
    for slot, line in variation.slots:
        if not project.vocabulary.knows_slot(slot):
            remedy = "Add it to `slots`, or use a slot that is there."
            yield project.domain.problem(
                line,
                f"A condition of `{variation.response}` asks for the slot `{slot}`, which the domain lacks.",
                unknown_remedy(slot, project.vocabulary.slots, remedy),
            )
    if variation.language is None and variation.channel is not None:
        yield project.domain.problem(
            variation.line,
            f"A variation of `{variation.response}` for the channel `{variation.channel}` has no "
            "language: there it wins over all languages.",
            "Give it `condition: *yue`, `*en` or `*zh`.",
        )
    elif variation.language is None:
        yield project.domain.problem(
            variation.line,
            f"A variation of `{variation.response}` has no language.",
            "Give it `condition: *yue`, `*en` or `*zh`.",
        )
    elif variation.language not in LANGUAGES:
        yield project.domain.problem(
            variation.line,
            f"A variation of `{variation.response}` is for `{variation.language}`, which is no language.",
            f"Use {', '.join(LANGUAGES)}.",
        )


def _payloads(project: Project, variation: Variation) -> Iterator[Problem]:
    for payload in variation.payloads():
        if not is_intent_payload(payload.text):
            continue
        intent, brace, details = payload.text[1:].partition("{")
        if not project.vocabulary.knows_intent(intent.strip()):
            remedy = "Add it to `intents`, or use an intent that is there."
            yield project.domain.problem(
                payload.line,
                f"A button of `{variation.response}` names the intent `{intent}`, which the domain lacks.",
                unknown_remedy(intent, project.vocabulary.intents, remedy),
            )
        if brace and not _is_json(brace + details):
            yield project.domain.problem(
                payload.line,
                f"A button of `{variation.response}` brings details that cannot be read.",
                'Write them as `/intent{"entity": "value"}`.',
            )


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return False
    return True


def _braces(project: Project, variation: Variation) -> Iterator[Problem]:
    for entry in variation.shown():
        payload = is_intent_payload(entry.text)
        if not payload and set("{}") & set(VARIABLE.sub("", entry.text)):
            yield project.domain.problem(
                entry.line,
                f"A brace in `{variation.response}` belongs to no variable.",
                "Write `{name}` in small letters, without spaces.",
            )


def _languages(
    project: Project, response: str, line: int, found: list[Variation]
) -> Iterator[Problem]:
    lines: dict[Occasion, int] = {(None, ()): line}
    for variation in found:
        lines.setdefault(variation.occasion, variation.line)
    for occasion, first in lines.items():
        said = {v.language for v in found if v.occasion == occasion}
        if occasion != (None, ()) and not said & set(LANGUAGES):
            continue  # its variations without a language are told already
        channel, others = occasion
        where = f" for the channel `{channel}`" if channel else ""
        where += "".join(f" when `{name}` is `{value}`" for name, value in others)
        for language in LANGUAGES:
            if language not in said:
                yield project.domain.problem(
                    first,
                    f"`{response}` has no {LANGUAGE_NAMES[language]} variation{where}.",
                    f"Write one with `condition: *{language}`.",
                )


def _same_everywhere(project: Project, found: list[Variation]) -> Iterator[Problem]:
    """The same variables and buttons in the three languages of one occasion."""
    for occasion in dict.fromkeys(v.occasion for v in found):
        spoken = [v for v in found if v.occasion == occasion and v.language in LANGUAGES]
        every = set().union(*(v.variables() for v in spoken))
        buttons = [_buttons(v) for v in spoken]
        usual = Counter(map(str, buttons)).most_common(1)
        for variation, own in zip(spoken, buttons, strict=True):
            spoken_name = LANGUAGE_NAMES[str(variation.language)]
            missing = sorted(every - variation.variables())
            if missing:
                names = ", ".join(f"{{{name}}}" for name in missing)
                yield project.domain.problem(
                    variation.line,
                    f"`{variation.response}` in {spoken_name} lacks {names}, which another language has.",
                    "Write it in here, or take it out there.",
                )
            if str(own) != usual[0][0]:
                yield project.domain.problem(
                    variation.line,
                    f"`{variation.response}` in {spoken_name} has other buttons than the other languages.",
                    "Give all three the same payloads, in the same order.",
                )


def _buttons(variation: Variation) -> list[str]:
    """Payloads in order. One that types words for the customer is in the customer's language."""
    texts = [payload.text for payload in variation.payloads()]
    return [text if is_intent_payload(text) else "words" for text in texts]


def _filled(project: Project, response: str, found: list[Variation]) -> Iterator[Problem]:
    passed = project.action_code.passed_to(response)
    if passed is None:
        return
    known = {*project.business_variables, *project.vocabulary.slots, *passed}
    for variation in found:
        for name in sorted(variation.variables() - known):
            remedy = "Add it to `variables` in demo/settings.yml, or have every `say` of the action pass it."
            yield project.domain.problem(
                variation.text.line,
                f"Nothing fills {{{name}}} in `{response}`.",
                unknown_remedy(name, known, remedy),
            )
