"""The action server: `python -m actions`."""

from __future__ import annotations

import logging

from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

import actions
from cantodesk.assembly import get_services
from cantodesk.settings import get_settings
from cantodesk.understanding.sentences import encode_sentences

logger = logging.getLogger("actions")


def server() -> Sanic:
    """rasa-sdk's server with our actions, and without its habit of quoting conversations."""
    app = create_app(actions, cors_origins="")

    @app.exception(Exception)
    async def failed(_request: Request, error: Exception) -> HTTPResponse:
        # rasa-sdk answers with the whole conversation, which Rasa then writes into its log.
        logger.error("a call failed: %s", type(error).__name__)
        return response.json({"error": "the action failed"}, status=500)

    @app.listener("before_server_start")
    async def warm_up(_app: Sanic, _loop: object) -> None:
        get_services()
        encode_sentences(["你好"])

    return app


def main() -> None:
    """Serve until stopped."""
    settings = get_settings()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    # One line a registered action says nothing that the domain does not.
    logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)
    server().run(settings.host, settings.actions_port, access_log=False, motd=False)


if __name__ == "__main__":
    main()
