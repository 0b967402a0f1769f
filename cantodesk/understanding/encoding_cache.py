"""Encodings of training lines, kept on disk by text, so that an edit encodes only what is new.

Only training reads and writes it; a customer's line never gets here. A lost,
old or broken file costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from cantodesk.settings import get_settings
from cantodesk.understanding.encoders import Encoder, Matrix

_log = logging.getLogger(__name__)

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
        try:
            with np.load(self._path, allow_pickle=False) as arrays:
                keys, rows = arrays["keys"], arrays["rows"]
        except FileNotFoundError:
            return {}
        except Exception as error:  # whatever a half-written or foreign file raises
            _log.warning("Kept encodings could not be read (%s); made anew.", type(error).__name__)
            return {}
        if rows.ndim != 2 or rows.shape[1] != self._encoder.dimension:
            return {}
        return dict(zip(map(bytes, keys), rows, strict=True))

    def _write(self, known: dict[bytes, Matrix], first: Sequence[bytes]) -> None:
        order = list(dict.fromkeys([*first, *known]))[:_MOST]
        keys = np.frombuffer(b"".join(order), dtype=np.uint8).reshape(len(order), -1)
        # Beside it and then in its place: a kill in between leaves the old file whole.
        beside = self._path.with_suffix(f".{os.getpid()}.npz")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            np.savez(beside, keys=keys, rows=np.stack([known[key] for key in order]))
            beside.replace(self._path)
        except OSError as error:
            _log.warning("Encodings could not be kept (%s).", type(error).__name__)
            with suppress(OSError):
                beside.unlink()


def _key(line: str) -> bytes:
    return hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=16).digest()
