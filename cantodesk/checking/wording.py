"""The wording of replies: the right language, the right script, and short."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from opencc import OpenCC

from cantodesk.checking.entry import Entry
from cantodesk.checking.nlu import LANGUAGE_NAMES
from cantodesk.checking.problem import Problem
from cantodesk.checking.project import Project
from cantodesk.checking.reading import Document
from cantodesk.checking.responses import COLLECTION_STATEMENT, VARIABLE, Variation, variations

# Characters of a text; a customer reads it on a telephone.
LONGEST_TEXT = 300
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
# So little may well be the same in two languages: a name, 收到。
_SHORT_HAN, _SHORT_WORDS = 5, 3
# Big5's first level holds what Traditional Chinese uses every day: 后 里 台 只 are in it although
# they are Simplified for 後 裏 臺 隻 too. 么 is in it by accident.
_BIG5_FIRST_LEVEL = (b"\xa4\x40", b"\xc6\x7e")
_NEVER_TRADITIONAL = "么"


def wording_problems(project: Project) -> Iterator[Problem]:
    """What is wrong with the words of replies."""
    for response, found in variations(project).items():
        for variation in found:
            yield from _length(project, variation)
            yield from _language(project, variation)
            yield from _script(project, variation)
        yield from _forgotten(project, response, found)


def _length(project: Project, variation: Variation) -> Iterator[Problem]:
    text = variation.text.text
    listing = "\n" in text.strip()
    if len(text) > LONGEST_TEXT and not listing and variation.response != COLLECTION_STATEMENT:
        yield project.domain.problem(
            variation.text.line,
            f"A text of `{variation.response}` has {len(text)} characters.",
            f"Say it in {LONGEST_TEXT}, or as a list with line breaks.",
        )


def _language(project: Project, variation: Variation) -> Iterator[Problem]:
    plain = VARIABLE.sub(" ", variation.text.text)
    han, words = len(_HAN.findall(plain)), len(_LATIN_WORD.findall(plain))
    wrong = None
    if variation.language == "en" and han > words:
        wrong = f"The English text of `{variation.response}` is in Chinese."
    elif variation.language in ("yue", "zh") and not han and words >= _SHORT_WORDS:
        spoken = LANGUAGE_NAMES[variation.language]
        wrong = f"The {spoken} text of `{variation.response}` is in English."
    if wrong:
        yield project.domain.problem(variation.text.line, wrong, "Translate it.")


def _forgotten(project: Project, response: str, found: list[Variation]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for variation in found:
        text = variation.text.text.strip()
        plain = VARIABLE.sub(" ", text)
        short = (
            len(_HAN.findall(plain)) < _SHORT_HAN and len(_LATIN_WORD.findall(plain)) < _SHORT_WORDS
        )
        if variation.language not in LANGUAGE_NAMES or short:
            continue
        before = first.setdefault(text, variation.language)
        if before != variation.language:
            one, other = LANGUAGE_NAMES[before], LANGUAGE_NAMES[variation.language]
            yield project.domain.problem(
                variation.text.line,
                f"The {other} text of `{response}` is the {one} one.",
                "Translate it.",
            )


def _script(project: Project, variation: Variation) -> Iterator[Problem]:
    for entry in variation.wording():
        yield from script_problems(project.domain, entry, variation.response, variation.language)


def script_problems(
    document: Document, entry: Entry, name: str, language: str | None
) -> Iterator[Problem]:
    """Characters of a text that its language writes otherwise; ``name`` is what the text is of."""
    if language == "zh":
        strange, script = traditional_in(entry.text), "Simplified"
    elif language == "yue":
        strange, script = simplified_in(entry.text), "Traditional"
    else:
        return
    if strange:
        pairs = ", ".join(f"{here} → {better}" for here, better in strange.items())
        yield document.problem(
            entry.line,
            f"`{name}` in {LANGUAGE_NAMES[language]} is not all in {script} script: "
            f"{''.join(strange)}.",
            f"Write {pairs}.",
        )


def traditional_in(text: str) -> dict[str, str]:
    """Characters of a text that are not Simplified, each with its Simplified form."""
    return {here: _converter("t2s").convert(here) for here in _changed(text, "t2s")}


def simplified_in(text: str) -> dict[str, str]:
    """Characters of a text that are only Simplified, each with its Hong Kong form."""
    changed = [here for here in _changed(text, "s2t") if not _everyday_traditional(here)]
    return {here: _converter("s2hk").convert(here) for here in changed}


@lru_cache(maxsize=3)
def _converter(direction: str) -> OpenCC:
    return OpenCC(direction)


def _changed(text: str, direction: str) -> list[str]:
    """Characters that a conversion changes; whole, because neighbours decide (皇后, 後面)."""
    converted = _converter(direction).convert(text)
    pairs = zip(text, converted, strict=False)
    return list(dict.fromkeys(here for here, other in pairs if here != other))


def _everyday_traditional(character: str) -> bool:
    if character in _NEVER_TRADITIONAL:
        return False
    code = character.encode("big5", errors="ignore")
    return _BIG5_FIRST_LEVEL[0] <= code <= _BIG5_FIRST_LEVEL[1]
