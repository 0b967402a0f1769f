"""What guards the page against other sites: headers, origin, content type, size."""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cantodesk.desk.customer_line import LONGEST_BODY
from cantodesk.desk.sentences import Obstacle, page_language

logger = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' https: data:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# Seconds in which a body of at most 64 KB has to arrive.
_BODY_TIMEOUT = 10.0


def refusal(obstacle: Obstacle, language: str, retry_after: int | None = None) -> JSONResponse:
    """``{"error": name, "sentence": text}`` with the status of the obstacle."""
    headers = {"Cache-Control": "no-store"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    content = {"error": obstacle.value, "sentence": obstacle.sentence(language)}
    return JSONResponse(content, obstacle.status, headers)


def foreign_post(request: Request) -> Obstacle | None:
    """Why this POST is not one of our own page, or None.

    Another site can post forms and plain text to us from a customer's browser,
    but not JSON, and it cannot hide its origin.
    """
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/json":
        return Obstacle.NOT_JSON
    origin = request.headers.get("origin")
    if origin is not None and _host_of(origin) != request.headers.get("host"):
        return Obstacle.FOREIGN
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return Obstacle.FOREIGN
    return None


def _host_of(origin: str) -> str:
    """Host and port; empty for ``null`` and for what is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


async def read_body(request: Request, seconds: float = _BODY_TIMEOUT) -> bytes | Obstacle:
    """The body, of which never more than 64 KB are held.

    Raises:
        ClientDisconnect: when nobody waits for an answer any more.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced[:12]) > LONGEST_BODY:
        return Obstacle.TOO_LARGE
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LONGEST_BODY:
                    return Obstacle.TOO_LARGE
    except TimeoutError:
        return Obstacle.TOO_SLOW
    return bytes(body)


class Protection:
    """ASGI: our headers on every answer, and a polite one when something broke.

    The exception itself is not logged: its text could hold a customer's words.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except ClientDisconnect:
            return
        except Exception as error:
            logger.error("a request broke: %s%s", type(error).__name__, _place(error))
            if not begun:
                language = page_language(Request(scope).headers.get("accept-language", ""))
                await refusal(Obstacle.BROKEN, language)(scope, receive, guarded)


def _place(error: BaseException) -> str:
    """File name and line of where it happened."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f" ({trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno})"
