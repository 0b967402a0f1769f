"""Calls to the action server that cannot end in silence.

Rasa logs a failed action and goes on as if it had run; the customer sees nothing.
Here a failed call becomes the answer an action would have given: an apology with a
ticket, or, when a person was wanted, the hand-over itself, done in this process.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from cantodesk.assembly import get_services
from cantodesk.conversations.notice import NOTICE_RESPONSE, opening
from cantodesk.settings import HONG_KONG, get_settings

logger = logging.getLogger(__name__)

_REJECTED = 400
# Seconds a connection is kept for the next call; Sanic keeps its side for five.
_IDLE = 3.0


class GuardedActionEndpoint(EndpointConfig):
    """An action endpoint with a time-out, kept connections and an answer for every failure."""

    _client: aiohttp.ClientSession | None = None

    @classmethod
    def around(cls, endpoint: EndpointConfig) -> GuardedActionEndpoint:
        """The same address and options, guarded."""
        return cls(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            endpoint.cafile,
            **endpoint.kwargs,
        )

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:
        """One client for all calls; Rasa makes and closes one for each, a few each turn."""
        if self._client is None or self._client.closed:
            auth = aiohttp.BasicAuth(**self.basic_auth) if self.basic_auth else None
            # Given up before the action server does, or a call would meet a closed connection.
            connector = aiohttp.TCPConnector(keepalive_timeout=_IDLE)
            self._client = aiohttp.ClientSession(
                headers=self.headers, auth=auth, connector=connector
            )
        yield self._client

    async def close(self) -> None:
        """Close the kept connections."""
        if self._client is not None:
            await self._client.close()

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["timeout"] = aiohttp.ClientTimeout(total=get_settings().action_timeout)
        call = dict(kwargs.get("json") or {})
        try:
            answer = await super().request(*args, **kwargs)
            if is_answer(answer):
                return answer
            # Rasa makes None of what is no JSON, such as a proxy's own page.
            problem = "no answer in it"
        except ClientResponseError as error:
            if error.status == _REJECTED and is_rejection(error.text):
                raise  # an action's own way to reject a form
            problem = f"status {error.status}"
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            problem = type(error).__name__
        action = str(call.get("next_action"))
        logger.error("action %s failed: %s", action, problem)
        return await asyncio.to_thread(answer_instead, action, call)


def is_answer(answer: object) -> bool:
    """Whether this has an answer's shape; of anything else Rasa would drop all and say nothing."""
    if not isinstance(answer, dict):
        return False
    events, replies = answer.get("events", []), answer.get("responses", [])
    return (
        isinstance(events, list)
        and isinstance(replies, list)
        and all(isinstance(event, dict) and "event" in event for event in events)
        and all(isinstance(reply, dict) for reply in replies)
    )


def is_rejection(body: str | bytes) -> bool:
    """Whether the body of a 400 names the action that rejects; a web server's own 400 does not."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and "action_name" in content


def answer_instead(action: str, call: dict[str, Any]) -> dict[str, Any]:
    """What the action server would have sent: events and replies."""
    sender, state = str(call.get("sender_id")), call.get("tracker") or {}
    if action == "action_session_start":
        # Replies are made in this process: the statement is said even now.
        begin = opening(state.get("slots") or {})
        slots = [{"event": "slot", "name": k, "value": v} for k, v in begin.slots.items()]
        listen = {"event": "action", "name": "action_listen"}
        events = [{"event": "session_started"}, *slots, listen]
        statement = {"response": NOTICE_RESPONSE, "language": begin.slots.get("language")}
        if get_services().people.waiting(sender):
            # A new session would wake the bot while a person has the conversation.
            events.append({"event": "pause"})
        return {"events": events, "responses": [statement] if begin.statement else []}
    leave = [
        {"event": "active_loop", "name": None},
        {"event": "slot", "name": "requested_slot", "value": None},
    ]
    if action == "action_hand_over":
        return _hand_over(sender, state, leave)
    ticket = get_services().people.report_failure(sender, state, action)
    reply = {"response": "utter_unavailable_ticket", "ticket": ticket}
    wait = {"event": "followup", "name": "action_listen"}
    return {
        "events": [*leave, {"event": "slot", "name": "turn_failed", "value": "failure"}, wait],
        "responses": [reply if ticket else {"response": "utter_unavailable"}],
    }


def _hand_over(sender: str, state: dict[str, Any], leave: list[dict[str, Any]]) -> dict[str, Any]:
    reason = (state.get("slots") or {}).get("hand_over_reason") or "request_human"
    called = get_services().people.call(sender, state, reason)
    if called is None:
        wait = {"event": "followup", "name": "action_listen"}
        return {
            "events": [*leave, wait],
            "responses": [{"response": "utter_hand_over_unavailable"}],
        }
    reply = "utter_hand_over_open" if called.office_open else "utter_hand_over_closed"
    # Day and month as Hong Kong writes them: good in every language.
    local = called.callback.astimezone(HONG_KONG)
    callback = f"{local.day}/{local.month} {local:%H:%M}"
    return {
        "events": [*leave, {"event": "pause"}],
        "responses": [{"response": reply, "ticket": called.ticket, "callback": callback}],
    }
