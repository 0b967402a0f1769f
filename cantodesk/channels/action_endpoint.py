"""Calls to the action server that cannot end in silence.

Rasa logs a failed action and goes on as if it had run; the customer sees nothing.
Here a failed call becomes the answer an action would have given: an apology with a
ticket, or, when a person was wanted, the hand-over itself, done in this process.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from cantodesk.assembly import get_services
from cantodesk.settings import get_settings

logger = logging.getLogger(__name__)

_REJECTED = 400


class GuardedActionEndpoint(EndpointConfig):
    """An action endpoint with a time-out and an answer for every failure."""

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

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["timeout"] = aiohttp.ClientTimeout(total=get_settings().action_timeout)
        call = dict(kwargs.get("json") or {})
        try:
            return await super().request(*args, **kwargs)
        except ClientResponseError as error:
            if error.status == _REJECTED:
                raise  # an action's own way to reject a form
            problem = f"status {error.status}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            problem = type(error).__name__
        action = str(call.get("next_action"))
        logger.error("action %s failed: %s", action, problem)
        return await asyncio.to_thread(answer_instead, action, call)


def answer_instead(action: str, call: dict[str, Any]) -> dict[str, Any]:
    """What the action server would have sent: events and replies."""
    sender, state = str(call.get("sender_id")), call.get("tracker") or {}
    if action == "action_session_start":
        # The greeting waits for a better moment; the session begins.
        listen = {"event": "action", "name": "action_listen"}
        return {"events": [{"event": "session_started"}, listen], "responses": []}
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
    local = called.callback.astimezone().strftime("%H:%M")
    return {
        "events": [*leave, {"event": "pause"}],
        "responses": [{"response": reply, "ticket": called.ticket, "callback": local}],
    }
