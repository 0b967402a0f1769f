"""The desk on a free port, and Chromium to look at it with."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
import pytest_asyncio
import uvicorn
from fake_assistant import FakeAssistant, business_file
from playwright.async_api import Browser, Page, async_playwright, expect

from cantodesk.desk.app import create_app, server_config
from cantodesk.settings import Settings

_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Milliseconds a browser test waits for what should happen at once.
_PATIENCE = 10_000
# Notes what the policy blocks, before any script of the page runs.
_WATCH = """
window.blocked = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.blocked.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass
class Desk:
    """A running desk and the assistant behind it."""

    address: str
    assistant: FakeAssistant
    _gate: asyncio.Event = field(default_factory=asyncio.Event)
    _loops: list[asyncio.AbstractEventLoop] = field(default_factory=list)

    def hold(self) -> None:
        """Let the assistant think until :meth:`release`."""
        self.assistant.gate = self._gate

    def release(self) -> None:
        """Let the assistant answer."""
        self.assistant.gate = None
        self._loops[0].call_soon_threadsafe(self._gate.set)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The desk in a thread, as it is served in earnest but for the port."""
    assistant = FakeAssistant()
    settings = Settings(home=tmp_path, business_file=business_file(tmp_path))
    app = create_app(
        settings,
        read_earlier=assistant.read_earlier,
        database_answers=lambda: True,
        transport=assistant.transport,
    )
    # Listening before the thread starts: a browser that is early waits in the queue.
    listening = socket.create_server(("127.0.0.1", 0))
    running = Desk(f"http://127.0.0.1:{listening.getsockname()[1]}/", assistant)
    server = uvicorn.Server(server_config(app, settings))

    async def serve() -> None:
        running._loops.append(asyncio.get_running_loop())
        await server.serve([listening])

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield running
    finally:
        if assistant.gate is not None:
            running.release()
        server.should_exit = True
        thread.join()
        listening.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The machine's own Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not installed. On Debian: apt-get install chromium fonts-noto-cjk"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        await browser.close()


@dataclass
class Visit:
    """A page that was opened, and what went on in it."""

    page: Page
    requested: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def blocked(self) -> list[str]:
        """What the content security policy blocked since the page was loaded."""
        found: list[str] = await self.page.evaluate("window.blocked")
        return found


class Visitor:
    """Opens the chat page as a given kind of customer."""

    def __init__(self, browser: Browser, desk: Desk) -> None:
        self._browser = browser
        self._desk = desk
        self.visits: list[Visit] = []

    async def __call__(
        self,
        locale: str = "zh-HK",
        width: int = 390,
        height: int = 844,
        scheme: str = "light",
        motion: str = "reduce",
    ) -> Visit:
        context = await self._browser.new_context(
            locale=locale,
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion=motion,  # type: ignore[arg-type]
            permissions=[],
        )
        context.set_default_timeout(_PATIENCE)
        await context.add_init_script(_WATCH)
        visit = Visit(await context.new_page())
        visit.page.on("request", lambda request: visit.requested.append(request.url))
        visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
        self.visits.append(visit)
        await visit.page.goto(self._desk.address)
        # The name comes from the server, so the page is whole.
        await expect(visit.page.locator("#mark")).not_to_be_empty()
        return visit


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, desk: Desk) -> AsyncIterator[Visitor]:
    """Opens pages, and looks at the end that no script of theirs broke."""
    visitor = Visitor(chromium, desk)
    yield visitor
    for opened in visitor.visits:
        await opened.page.context.close()
    assert [error for opened in visitor.visits for error in opened.errors] == []
