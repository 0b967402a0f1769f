"""The desk against a fake assistant, spoken to as a browser would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fake_assistant import FakeAssistant, business_file
from fastapi import FastAPI

from cantodesk.desk.app import create_app
from cantodesk.settings import Settings

DESK = "http://127.0.0.1:8000"


class Clock:
    """Seconds that go on when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the pace."""
    return Clock()


@pytest.fixture
def assistant() -> FakeAssistant:
    """What answers behind the desk."""
    return FakeAssistant()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a small shop."""
    return Settings(home=tmp_path, business_file=business_file(tmp_path))


@pytest.fixture
def app(settings: Settings, assistant: FakeAssistant, clock: Clock) -> FastAPI:
    """The desk."""
    return create_app(
        settings,
        read_earlier=assistant.read_earlier,
        database_answers=lambda: True,
        transport=assistant.transport,
        clock=clock,
    )


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser with its own cookies."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=DESK) as client:
        yield client
