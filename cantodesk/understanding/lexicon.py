"""The designers' word lists: kinds of goods, districts, ways to pay.

One file a list under ``data/language``. A list maps a value to its spellings in
each language; the value is what services look for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cantodesk.settings import LANGUAGES
from cantodesk.understanding.normalisation import Variants, normalise

# Entity name -> file and the key inside it.
LISTS = {"product": "products", "district": "districts", "payment_method": "payment_methods"}
# The lists, and the spellings they are read with.
LEXICON_FILES = (*LISTS.values(), "variants")
# A listed word stands inside these and means something else: a number is no telephone for sale.
_COMPOUNDS = ("手機號碼", "手機號", "手机号码", "手机号", "電話號碼", "电话号码")


@dataclass(frozen=True)
class Entry:
    """One spelling of one listed thing."""

    entity: str
    value: str
    spelling: str


@dataclass(frozen=True)
class Lexicon:
    """All lists together."""

    entries: tuple[Entry, ...]

    def spellings(self) -> set[str]:
        """Every spelling, and what only looks like one, for the segmenter to keep whole."""
        return {entry.spelling for entry in self.entries}.union(_COMPOUNDS)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def as_data(self) -> list[list[str]]:
        """JSON form, for the model."""
        return [[e.entity, e.value, e.spelling] for e in self.entries]

    @classmethod
    def from_data(cls, data: list[list[str]]) -> Lexicon:
        """Back from :meth:`as_data`."""
        return cls(tuple(Entry(*row) for row in data))


def read_lexicon() -> Lexicon:
    """Read all list files, each spelling as it is read in a line: 南丫島 is 南呀島, as 丫 is 呀.

    Raises:
        ValueError: a list is not `value: {yue: [...], en: [...], zh: [...]}`; names file and value.
    """
    # Here and not above: the pure part of this module needs no Rasa.
    from cantodesk.understanding.language_files import read_language_file

    variants = Variants.from_data(read_language_file("variants"))
    entries: list[Entry] = []
    for entity, name in LISTS.items():
        listed = read_language_file(name).get(name)
        if not isinstance(listed, Mapping):
            raise ValueError(f"data/language/{name}.yml: needs the key `{name}:` with a mapping")
        for value, by_language in listed.items():
            entries.extend(_entries(entity, name, str(value), by_language, variants))
    return Lexicon(tuple(dict.fromkeys(entries)))


def _entries(
    entity: str, name: str, value: str, by_language: object, variants: Variants
) -> Iterator[Entry]:
    if not isinstance(by_language, Mapping) or not set(by_language) <= set(LANGUAGES):
        raise ValueError(
            f"data/language/{name}.yml: `{value}` needs lists under yue, en and zh, and nothing else"
        )
    for spellings in by_language.values():
        for spelling in spellings or ():
            yield Entry(entity, value, _as_read(str(spelling), variants))


def _as_read(spelling: str, variants: Variants) -> str:
    # Only Chinese: a Latin spelling alone looks like Cantonese in Latin letters, in a line it does not.
    return spelling if spelling.isascii() else normalise(spelling, variants).text
