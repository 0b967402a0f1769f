"""Rasa's REST format over our front door: POST a line, get the replies.

For scripts, tests and the chat page of the same machine; it trusts its caller's
`sender`, so it is bound to the loopback interface.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from cantodesk.assembly import get_services
from cantodesk.channels.front_door import INPUT_MODES, FrontDoor, Refused
from cantodesk.channels.starting import make_quiet, make_ready

LARGEST_BODY = 64 * 1024


class RestChannel(InputChannel):
    """`/webhooks/rest/webhook`, with the same JSON in and out as Rasa's own channel."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        webhook = Blueprint("cantodesk_rest", url_prefix=None)

        @webhook.listener("after_server_start")
        async def start(app: Sanic, _loop: Any) -> None:
            await make_ready(app.ctx.agent)

        @webhook.listener("before_server_stop")
        async def stop(app: Sanic, _loop: Any) -> None:
            await make_quiet(app.ctx.agent)

        @webhook.get("/")
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            door = FrontDoor(on_new_message, lambda: request.app.ctx.agent, report_failure)
            try:
                if request.headers.get("origin"):
                    # A page of another site, open in a browser on this machine.
                    raise Refused("requests from web pages are not accepted here", status=403)
                body = parsed_body(request.body)
                replies = await door.turn(
                    body.get("sender", ""),
                    body.get("message", ""),
                    self.name(),
                    page_metadata(body.get("metadata")),
                )
            except Refused as refusal:
                return response.json({"error": str(refusal)}, status=refusal.status)
            return response.json(replies)

        return webhook


def report_failure(sender: str, language: str) -> str | None:
    """A ticket for a turn that failed whole; its number, or None when even that fails."""
    state = {"slots": {"language": language}}
    return get_services().people.report_failure(sender, state, "a whole turn")


def parsed_body(raw: bytes) -> dict[str, Any]:
    """The JSON object of a request.

    Raises:
        Refused: too large, not JSON, or not an object.
    """
    if len(raw) > LARGEST_BODY:
        raise Refused("the body is larger than 64 KB", status=413)
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refused("the body is not JSON") from None
    if not isinstance(body, dict):
        raise Refused("the body is not a JSON object")
    return body


def page_metadata(metadata: object) -> dict[str, Any]:
    """What a caller may say about a message: its page's language, how it was put in, and nothing else."""
    if not isinstance(metadata, dict):
        return {}
    language, mode = metadata.get("page_language"), metadata.get("input_mode")
    return {
        **({"page_language": language} if isinstance(language, str) else {}),
        **({"input_mode": mode} if isinstance(mode, str) and mode in INPUT_MODES else {}),
    }
