"""A shop for tests: the demo's business, a clock that stands still, a toy encoder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cantodesk.services.business import Business
from cantodesk.settings import HONG_KONG

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "demo"

T = TypeVar("T")


def hong_kong(text: str) -> datetime:
    """``2026-11-24 20:00`` on a Hong Kong clock."""
    return datetime.fromisoformat(text).replace(tzinfo=HONG_KONG)


class StandingClock:
    """A clock that moves only when told to. A Tuesday evening to begin with."""

    def __init__(self, text: str = "2026-11-24 20:00") -> None:
        self.now = hong_kong(text)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **length: float) -> None:
        self.now += timedelta(**length)


def demo_business() -> Business:
    return Business.load(DEMO / "settings.yml")


def at_once(count: int, call: Callable[[int], T]) -> list[T]:
    """The results of ``call(0) … call(count - 1)``, let go at the same moment."""
    start = Barrier(count)

    def run(number: int) -> T:
        start.wait(timeout=30)
        return call(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


class WordEncoder:
    """Texts with the same words are near. Remembers what it was asked to embed."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.extend(texts)
        return np.array([self._row(text) for text in texts], dtype=np.float32)

    @staticmethod
    def _row(text: str) -> NDArray[np.float32]:
        row = np.zeros(64)
        for word in text.lower().split() or [""]:
            row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % 64] += 1
        return (row / np.linalg.norm(row)).astype(np.float32)


def everything_in(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of a SQLite file and what SQLite keeps beside it."""
    for file in path.parent.glob(f"{path.name}*"):
        yield file.name, file.read_bytes()


def csv_file(folder: Path, name: str, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("\n".join(lines).encode(encoding) + b"\n")
    return path


def written_hours(**days: Any) -> dict[str, Any]:
    """Hours of one office: Monday to Friday nine to six unless said otherwise."""
    return {
        "mon-fri": ["09:00-18:00"],
        "sat": [],
        "sun": [],
        "holidays": [],
        **{name.replace("_", "-"): spans for name, spans in days.items()},
    }


def business_with(hours: dict[str, Any], **rest: Any) -> Business:
    content = {"variables": {"company": "GoodDay"}, "opening_hours": {"customer_service": hours}}
    return Business.model_validate({**content, **rest})
