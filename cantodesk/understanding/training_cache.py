"""Files that training keeps under the home to be quicker the next time.

Only training reads and writes them; a customer's line never gets here. A lost, old
or broken file costs time and nothing else.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


def read_cached(path: Path, read: Callable[[BinaryIO], _T]) -> _T | None:
    """What ``read`` makes of the file; None if there is none or it cannot be read."""
    try:
        with path.open("rb") as file:
            return read(file)
    except FileNotFoundError:
        return None
    except Exception as error:  # whatever a half-written or foreign file raises
        _log.warning("%s could not be read (%s); made anew.", path.name, type(error).__name__)
        return None


def write_cached(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Keep a file, or say in the log why it could not be kept."""
    # Beside it and then in its place: a kill in between leaves the old file whole.
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with beside.open("wb") as file:
            write(file)
        beside.replace(path)
    except OSError as error:
        _log.warning("%s could not be kept (%s).", path.name, type(error).__name__)
        with suppress(OSError):
            beside.unlink()
