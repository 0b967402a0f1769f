from __future__ import annotations

import asyncio
import logging
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_assistant import FakeAssistant, business_file
from fastapi import FastAPI
from starlette.requests import Request

import cantodesk.desk
from cantodesk.desk.app import create_app, server_config
from cantodesk.desk.protection import CONTENT_SECURITY_POLICY, read_body
from cantodesk.desk.sentences import Obstacle
from cantodesk.services.business import BusinessFileError
from cantodesk.settings import Settings

STATIC = Path(cantodesk.desk.__file__).parent / "static"


@pytest.mark.parametrize(
    "path", ["/", "/static/chat.js", "/chat/config", "/chat/history", "/health", "/nowhere"]
)
async def test_every_answer_is_protected(browser: httpx.AsyncClient, path: str) -> None:
    headers = (await browser.get(path)).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' https: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_what_breaks_is_answered_politely_and_logged_without_words(
    app: FastAPI, browser: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("marker-words of a customer")

    response = await browser.get("/broken", headers={"Accept-Language": "en"})
    assert response.status_code == 500
    assert response.json()["sentence"] == Obstacle.BROKEN.sentence("en")
    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "RuntimeError" in caplog.text
    assert "marker-words" not in caplog.text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
async def test_no_documentation_that_loads_from_elsewhere(
    browser: httpx.AsyncClient, path: str
) -> None:
    assert (await browser.get(path)).status_code == 404


async def test_the_page_and_its_files(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        response = await browser.get(path)
        assert response.status_code == 200, path
        assert response.headers["cache-control"] == "no-cache"
    assert (await browser.head("/")).status_code == 200
    assert (await browser.get("/static/../app.py")).status_code == 404


def test_nothing_inline_and_nothing_from_elsewhere() -> None:
    html = (STATIC / "chat.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", html)
    for file in STATIC.iterdir():
        content = file.read_text(encoding="utf-8")
        addresses = set(re.findall(r"https?://[\w.]+", content)) - {"http://www.w3.org"}
        assert addresses == set(), file.name
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|document\.write", content
        )


async def test_alive_whatever_happens(browser: httpx.AsyncClient, assistant: FakeAssistant) -> None:
    assistant.fail = lambda _: httpx.Response(500)
    response = await browser.get("/health")
    assert (response.status_code, response.json()) == (200, {"alive": True})


@pytest.mark.parametrize("assistant_up", [True, False])
@pytest.mark.parametrize("database_up", [True, False])
async def test_ready_when_everything_behind_it_answers(
    settings: Settings, assistant_up: bool, database_up: bool
) -> None:
    assistant = FakeAssistant(fail=None if assistant_up else lambda _: httpx.Response(500))
    app = create_app(
        settings,
        read_earlier=assistant.read_earlier,
        database_answers=lambda: database_up,
        transport=assistant.transport,
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://desk.test"
    ) as client:
        response = await client.get("/ready")
    assert response.json() == {"assistant": assistant_up, "database": database_up}
    assert response.status_code == (200 if assistant_up and database_up else 503)


async def test_with_its_own_ledger_and_database(tmp_path: Path, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "desk.sqlite3")
    settings = Settings(
        home=tmp_path,
        database_url=f"sqlite:///{tmp_path}/desk.sqlite3",
        business_file=business_file(tmp_path),
    )
    assistant = FakeAssistant()
    app = create_app(settings, transport=assistant.transport)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://desk.test"
    ) as client:
        assert (await client.get("/ready")).json() == {"assistant": True, "database": True}
        await client.post("/chat/messages", json={"text": "hi"})
        assert (await client.get("/chat/history")).json() == {"messages": [], "state": "bot"}


async def test_a_database_that_is_away_is_not_ready(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        database_url=f"sqlite:///{tmp_path}/folder",
        business_file=business_file(tmp_path),
    )
    (tmp_path / "folder").mkdir()
    app = create_app(settings, read_earlier=FakeAssistant().read_earlier)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://desk.test"
    ) as client:
        assert (await client.get("/ready")).json()["database"] is False


def test_refuses_to_start_without_a_company(tmp_path: Path) -> None:
    nowhere = Settings(home=tmp_path, business_file=tmp_path / "none.yml")
    with pytest.raises(BusinessFileError, match=r"none\.yml"):
        create_app(nowhere, read_earlier=FakeAssistant().read_earlier)
    path = business_file(tmp_path)
    path.write_text(path.read_text().replace("company:", "firm:"), encoding="utf-8")
    with pytest.raises(BusinessFileError, match="company"):
        create_app(
            Settings(home=tmp_path, business_file=path), read_earlier=FakeAssistant().read_earlier
        )


def test_requests_are_not_logged(app: FastAPI, settings: Settings) -> None:
    config = server_config(app, settings)
    assert not config.access_log
    assert (config.host, config.port) == ("127.0.0.1", 8000)
    assert not logging.getLogger("uvicorn.access").handlers


async def test_a_body_that_does_not_come_is_given_up() -> None:
    async def nothing() -> Any:
        await asyncio.Event().wait()

    request = Request({"type": "http", "method": "POST", "headers": []}, nothing)
    assert await read_body(request, seconds=0.01) is Obstacle.TOO_SLOW
