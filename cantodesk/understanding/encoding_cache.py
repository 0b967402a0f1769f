"""Encodings of training lines, kept on disk by text, so that an edit encodes only what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from cantodesk.settings import get_settings
from cantodesk.understanding.encoders import Encoder, Matrix
from cantodesk.understanding.training_cache import read_cached, write_cached

# Lines encoded at a time: bounds memory, keeps the matrix products large.
_BATCH = 256
# Encodings no longer asked for are kept too, up to this many: designers go back and forth.
_MOST = 60_000


def encode_for_training(encoder: Encoder, lines: Sequence[str]) -> Matrix:
    """The encodings of training lines, shape (lines, dimension), from the disk where it has them."""
    return _Kept(encoder, get_settings().home / "encodings").encode(lines)


class _Kept:
    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self._path = folder / f"{encoder.name}.npz"

    def encode(self, lines: Sequence[str]) -> Matrix:
        known = self._read()
        keys = [_key(line) for line in lines]
        new = {key: line for key, line in zip(keys, lines, strict=True) if key not in known}
        fresh = list(new)
        for start in range(0, len(fresh), _BATCH):
            batch = fresh[start : start + _BATCH]
            rows = self._encoder.encode([new[key] for key in batch])
            known.update(zip(batch, rows, strict=True))
        if new:
            self._write(known, first=keys)
        if not keys:
            return np.zeros((0, self._encoder.dimension), dtype=np.float32)
        return np.stack([known[key] for key in keys])

    def _read(self) -> dict[bytes, Matrix]:
        known = read_cached(self._path, _rows_by_key) or {}
        fits = all(row.shape == (self._encoder.dimension,) for row in known.values())
        return known if fits else {}

    def _write(self, known: dict[bytes, Matrix], first: Sequence[bytes]) -> None:
        order = list(dict.fromkeys([*first, *known]))[:_MOST]
        keys = np.frombuffer(b"".join(order), dtype=np.uint8).reshape(len(order), -1)
        rows = np.stack([known[key] for key in order])
        write_cached(self._path, lambda file: np.savez(file, keys=keys, rows=rows))


def _rows_by_key(file: BinaryIO) -> dict[bytes, Matrix]:
    with np.load(file, allow_pickle=False) as arrays:
        return dict(zip(map(bytes, arrays["keys"]), arrays["rows"], strict=True))


def _key(line: str) -> bytes:
    return hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=16).digest()
