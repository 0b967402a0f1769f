"""YAML as a tree in which everything knows its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Content = str | None | tuple["Entry", ...] | Mapping[str, "Entry"]


@dataclass(frozen=True)
class Entry:
    """One value: a text as it is written, nothing, a list or a mapping.

    ``line`` counts from 1 and is where the value begins; ``key_lines`` are the
    lines of a mapping's keys; ``block`` marks a text under ``|``, whose own lines
    begin on the next one.
    """

    line: int
    content: Content = None
    key_lines: Mapping[str, int] = field(default_factory=dict)
    block: bool = False

    @property
    def text(self) -> str:
        """The text, or an empty one."""
        return self.content if isinstance(self.content, str) else ""

    @property
    def elements(self) -> tuple[Entry, ...]:
        """The values of a list, or none."""
        return self.content if isinstance(self.content, tuple) else ()

    @property
    def is_mapping(self) -> bool:
        """Whether this has keys, or could have."""
        return isinstance(self.content, Mapping)

    def __contains__(self, key: str) -> bool:
        return isinstance(self.content, Mapping) and key in self.content

    def get(self, key: str) -> Entry:
        """The value under a key; an empty entry on this line if there is none."""
        if isinstance(self.content, Mapping) and key in self.content:
            return self.content[key]
        return Entry(self.line)

    def line_of(self, key: str) -> int:
        """The line of a key, or of this entry if it has no such key."""
        return self.key_lines.get(key, self.line)

    def items(self) -> Iterator[tuple[str, int, Entry]]:
        """Key, its line, and the value; nothing unless this is a mapping."""
        if isinstance(self.content, Mapping):
            for key, value in self.content.items():
                yield key, self.line_of(key), value

    def texts(self) -> tuple[Entry, ...]:
        """A text alone, or the texts of a list: how YAML lets one write one or several."""
        alone = (self,) if isinstance(self.content, str) else self.elements
        return tuple(entry for entry in alone if isinstance(entry.content, str))

    def text_lines(self) -> Iterator[tuple[int, str]]:
        """The lines of a text with their numbers."""
        for number, line in enumerate(self.text.splitlines()):
            yield (self.line + 1 + number if self.block else self.line), line
