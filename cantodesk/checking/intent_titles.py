"""What intents are called when a customer is asked which is meant (data/language/intents.yml)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from cantodesk.checking.entry import Entry
from cantodesk.checking.nlu import LANGUAGE_NAMES
from cantodesk.checking.problem import Problem, unknown_remedy
from cantodesk.checking.project import Project
from cantodesk.checking.reading import Document
from cantodesk.checking.vocabulary import RASA_INTENTS
from cantodesk.checking.wording import script_problems
from cantodesk.dialogue.clarification import OUT_OF_SCOPE
from cantodesk.dialogue.intent_titles import FILE, Limits
from cantodesk.settings import LANGUAGES

_TITLES, _NEVER, _LIMITS = "titles", "never_offered", "limits"
_KEYS = (_LIMITS, _TITLES, _NEVER)
# A button on a telephone: Chinese characters, Latin letters.
_LONGEST = {"yue": 12, "zh": 12, "en": 36}
_STOPS = "。．.？?！!，,；;：:、"
_SHAPE = "Write `{yue: ..., en: ..., zh: ...}`."


def intent_title_problems(project: Project) -> Iterator[Problem]:
    """What is wrong with the titles: an intent or a language without one, or one that is no title."""
    document = project.language_file(FILE)
    if not document.content.is_mapping:
        return
    for key, line, _ in document.content.items():
        if key not in _KEYS:
            remedy = unknown_remedy(key, _KEYS, f"Use {', '.join(_KEYS)}.")
            yield document.problem(line, f"Nothing reads the key `{key}`.", remedy)
    titles = document.content.get(_TITLES)
    if not titles.is_mapping:
        line = document.content.line_of(_TITLES)
        remedy = f"Put all titles under the key `{_TITLES}:`."
        yield document.problem(line, f"The file has no titles under `{_TITLES}`.", remedy)
    yield from _limits(document)
    yield from _names(project, document, titles)
    for intent, line, by_language in titles.items():
        yield from _title(document, intent, line, by_language)
    yield from _alike(document, titles)


def _limits(document: Document) -> Iterator[Problem]:
    known = [limit.name for limit in fields(Limits)]
    for name, line, value in document.content.get(_LIMITS).items():
        if name not in known:
            remedy = unknown_remedy(name, known, f"Use {', '.join(known)}.")
            yield document.problem(line, f"There is no limit `{name}`.", remedy)
        elif not _is_confidence(value.text):
            wrong = f"The limit `{name}` is no number from 0 to 1."
            yield document.problem(line, wrong, "Write one, such as 0.25.")


def _is_confidence(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False


def _names(project: Project, document: Document, titles: Entry) -> Iterator[Problem]:
    intents = project.vocabulary.intents
    named = {intent: line for intent, line, _ in titles.items()}
    never = {e.text: e.line for e in document.content.get(_NEVER).texts()}
    for intent, line in sorted((named | never).items()):
        if intent not in intents and intent not in RASA_INTENTS:
            remedy = unknown_remedy(intent, intents, "Add it to `intents` in domain.yml.")
            yield document.problem(line, f"The intent `{intent}` is not in domain.yml.", remedy)
    for intent in sorted(named.keys() & never.keys()):
        wrong = f"`{intent}` has a title and stands under `{_NEVER}`."
        yield document.problem(never[intent], wrong, "Take it out of one of the two.")
    for intent in sorted(named.keys() & {OUT_OF_SCOPE, "nlu_fallback"}):
        wrong = f"`{intent}` is nothing a customer can want."
        yield document.problem(named[intent], wrong, "Take its title out.")
    for intent, line in intents.items():
        if intent not in named and intent not in never:
            remedy = f"Write one in {document.name}, or put the intent under `{_NEVER}` there."
            yield project.domain.problem(line, f"The intent `{intent}` has no title.", remedy)


def _title(document: Document, intent: str, line: int, by_language: Entry) -> Iterator[Problem]:
    for language, language_line, _ in by_language.items():
        if language not in LANGUAGES:
            wrong = f"`{intent}` has a title under `{language}`, which is no language."
            yield document.problem(language_line, wrong, _SHAPE)
    for language in LANGUAGES:
        called, entry = LANGUAGE_NAMES[language], by_language.get(language)
        text = entry.text.strip()
        if not text:
            yield document.problem(line, f"`{intent}` has no {called} title.", _SHAPE)
            continue
        if len(text) > _LONGEST[language]:
            wrong = f"The {called} title of `{intent}` has {len(text)} characters."
            remedy = f"Say it in {_LONGEST[language]}: it stands on a button."
            yield document.problem(entry.line, wrong, remedy)
        if text[-1] in _STOPS or "{" in text:
            wrong = f"The {called} title of `{intent}` does not read on inside a question."
            remedy = "Write words alone, without a mark at the end."
            yield document.problem(entry.line, wrong, remedy)
        yield from script_problems(document, entry, intent, language)


def _alike(document: Document, titles: Entry) -> Iterator[Problem]:
    for language in LANGUAGES:
        first: dict[str, str] = {}
        for intent, _, by_language in titles.items():
            entry = by_language.get(language)
            title = entry.text.strip().casefold()
            before = first.setdefault(title, intent) if title else intent
            if before != intent:
                wrong = f"`{intent}` and `{before}` have the same {LANGUAGE_NAMES[language]} title."
                remedy = "Say what makes the difference."
                yield document.problem(entry.line, wrong, remedy)
