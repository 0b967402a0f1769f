"""The live stack that all scenarios share, and the file in which calls to the outside are noted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live import LiveStack

LAST = "test_no_outside_host.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks back at all that was done comes at the end."""
    items.sort(key=lambda item: item.path.name == LAST)


@pytest.fixture(scope="session")
def calls_outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which every process of every stack notes what it calls beyond this machine."""
    return tmp_path_factory.mktemp("calls") / "outside.txt"


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, calls_outside: Path) -> Iterator[LiveStack]:
    """The product with the demo business."""
    with LiveStack(tmp_path_factory.mktemp("live"), calls_outside) as stack:
        yield stack
