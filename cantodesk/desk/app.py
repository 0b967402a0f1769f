"""The desk as an ASGI application. Today it serves the customers' chat page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.types import Scope

from cantodesk.desk.assistant import Assistant
from cantodesk.desk.chat import Chat, Shop, chat_routes
from cantodesk.desk.earlier_talk import ReadEarlierTalk, from_ledger
from cantodesk.desk.protection import Protection
from cantodesk.desk.talks import Talks
from cantodesk.services.business import BusinessFileError, business_from
from cantodesk.settings import Settings
from cantodesk.storage.engine import engine_for, session
from cantodesk.storage.vault import open_vault

_STATIC = Path(__file__).parent / "static"
# Seconds a turn may go on after the process was told to stop.
_DRAIN = 15


def create_app(
    settings: Settings,
    *,
    read_earlier: ReadEarlierTalk | None = None,
    database_answers: Callable[[], bool] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> FastAPI:
    """The application for these settings; what follows them is for tests.

    Raises:
        BusinessFileError: when the business file is missing, wrong, or names no company.
        BadKeys: when the ledger's keys cannot be used.
    """
    assistant = Assistant(settings.url("assistant"), transport)
    chat = Chat(
        assistant=assistant,
        talks=Talks(clock),
        read_earlier=read_earlier or from_ledger(open_vault(settings)),
        shop=shop_of(settings.business_file),
        secure=settings.profile == "production",
    )
    database_up = database_answers or (lambda: _answers(engine_for(settings.database)))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await assistant.close()

    app = FastAPI(
        title="CantoDesk",
        # The interactive documentation loads scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        middleware=[Middleware(Protection)],
    )
    app.include_router(chat_routes(chat))
    app.mount("/static", _Static(directory=_STATIC), name="static")

    @app.api_route("/", methods=["GET", "HEAD"])
    async def page(_: Request) -> Response:
        return FileResponse(_STATIC / "chat.html", headers={"Cache-Control": "no-cache"})

    @app.api_route("/health", methods=["GET", "HEAD"])
    async def health() -> Response:
        return JSONResponse({"alive": True})

    @app.api_route("/ready", methods=["GET", "HEAD"])
    async def ready() -> Response:
        assistant_up, database = await asyncio.gather(
            assistant.is_ready(), asyncio.to_thread(database_up)
        )
        return JSONResponse(
            {"assistant": assistant_up, "database": database},
            200 if assistant_up and database else 503,
        )

    return app


def shop_of(business_file: Path) -> Shop:
    """The business's name and telephone, from its file.

    Raises:
        BusinessFileError: when the file cannot be used or names no company.
    """
    variables = business_from(business_file).variables
    if "company" not in variables:
        raise BusinessFileError(f"{business_file}: variables.company is missing.")
    return Shop(variables["company"], variables.get("hotline"))


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the desk is served. Requests are not logged: their addresses are personal data."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.desk_port,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_DRAIN,
        # No route of ours has one, and Rasa holds the package back to a release uvicorn cannot load.
        ws="none",
    )


def serve(settings: Settings) -> None:
    """Run the desk until it is told to stop.

    Raises:
        BusinessFileError, BadKeys: see :func:`create_app`.
    """
    uvicorn.Server(server_config(create_app(settings), settings)).run()


class _Static(StaticFiles):
    """Files that browsers keep, and ask after each time, so that a new version shows at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _answers(engine: Engine) -> bool:
    try:
        with session(engine, reading=True) as opened:
            return opened.execute(text("SELECT 1")).scalar() == 1
    except SQLAlchemyError:
        return False
