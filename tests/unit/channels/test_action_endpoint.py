"""Calls to the action server: whatever goes wrong, the customer gets an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from business_samples import StandingClock
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from cantodesk.assembly import Services
from cantodesk.channels.action_endpoint import GuardedActionEndpoint, answer_instead
from cantodesk.conversations.notice import NOTICE_VERSION
from cantodesk.settings import get_settings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SENDER = "a-customer"


def call(action: str, **slots: Any) -> dict[str, Any]:
    """What Rasa sends to the action server."""
    line = {
        "event": "user",
        "text": "陳大文 9123 4567",
        "timestamp": 5.0,
        "parse_data": {"intent": {"name": "track_order"}},
    }
    state = {"sender_id": SENDER, "slots": {"language": "en", **slots}, "events": [line]}
    return {"next_action": action, "sender_id": SENDER, "tracker": state}


@asynccontextmanager
async def action_server(handler: Handler) -> AsyncIterator[GuardedActionEndpoint]:
    """Our guard around a server that answers like this."""
    app = web.Application()
    app.router.add_post("/webhook", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    endpoint = GuardedActionEndpoint.around(EndpointConfig(f"http://127.0.0.1:{port}/webhook"))
    try:
        yield endpoint
    finally:
        await endpoint.close()
        await runner.cleanup()


async def ask(endpoint: GuardedActionEndpoint, action: str = "action_show_order") -> Any:
    return await endpoint.request(json=call(action), method="post")


def replies(answer: dict[str, Any]) -> list[str]:
    return [r["response"] for r in answer["responses"]]


async def test_an_answer_goes_through() -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.json_response({"events": [], "responses": [{"text": "hi"}]})

    async with action_server(handler) as endpoint:
        assert (await ask(endpoint))["responses"] == [{"text": "hi"}]


async def test_an_actions_own_rejection_goes_through() -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.json_response({"action_name": "a", "error": "rejected"}, status=400)

    async with action_server(handler) as endpoint:
        with pytest.raises(ClientResponseError):
            await ask(endpoint)


async def wrong_status(_request: web.Request) -> web.Response:
    return web.json_response({"error": "陳大文"}, status=500)


async def not_json(_request: web.Request) -> web.Response:
    return web.Response(text="{oops", content_type="application/json")


async def not_even_the_type(_request: web.Request) -> web.Response:
    return web.Response(text="<html>")


async def hangs_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@pytest.mark.parametrize("handler", [wrong_status, not_json, not_even_the_type, hangs_up])
async def test_a_failure_becomes_an_apology_with_a_ticket(
    services: Services, handler: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with action_server(handler) as endpoint:
            answer = await ask(endpoint)
    assert replies(answer) == ["utter_unavailable_ticket"]
    assert "陳大文" not in caplog.text
    assert "action action_show_order failed" in caplog.text


async def test_a_server_that_does_not_answer_is_waited_for_only_so_long(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def handler(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    monkeypatch.setenv("CANTODESK_ACTION_TIMEOUT", "0.1")
    get_settings.cache_clear()
    try:
        async with action_server(handler) as endpoint:
            assert replies(await ask(endpoint)) == ["utter_unavailable_ticket"]
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


async def test_a_server_that_is_not_there(services: Services) -> None:
    endpoint = GuardedActionEndpoint.around(EndpointConfig("http://127.0.0.1:1/webhook"))
    assert replies(await ask(endpoint)) == ["utter_unavailable_ticket"]


def test_the_apology_leaves_the_form_and_ends_the_turn(services: Services) -> None:
    events = answer_instead("action_show_order", call("action_show_order"))["events"]
    assert {"event": "active_loop", "name": None} in events
    assert {"event": "slot", "name": "turn_failed", "value": "failure"} in events
    assert events[-1] == {"event": "followup", "name": "action_listen"}


def test_without_a_database_there_is_an_apology_without_a_ticket(broken: Services) -> None:
    assert replies(answer_instead("action_show_order", call("x"))) == ["utter_unavailable"]


def test_the_hand_over_is_done_here_when_the_server_is_away(services: Services) -> None:
    answer = answer_instead("action_hand_over", call("x", hand_over_reason="negative_emotion"))
    assert replies(answer) == ["utter_hand_over_open"]
    assert answer["events"][-1] == {"event": "pause"}
    (held,) = services.handovers.list("queued")
    assert held.reason == "negative_emotion"
    assert held.ticket_number == answer["responses"][0]["ticket"]


def test_the_callback_is_told_with_its_day_by_hong_kongs_clock(
    services: Services, clock: StandingClock
) -> None:
    clock.move(hours=12)
    (reply,) = answer_instead("action_hand_over", call("x"))["responses"]
    assert reply["response"] == "utter_hand_over_closed"
    day, _, at = reply["callback"].partition(" ")
    assert day == "26/11"
    assert "09:00" <= at <= "18:00"


def test_a_hand_over_that_cannot_be_written_is_not_promised(broken: Services) -> None:
    answer = answer_instead("action_hand_over", call("x"))
    assert replies(answer) == ["utter_hand_over_unavailable"]
    assert {"event": "pause"} not in answer["events"]


def test_a_session_begins_without_the_server(services: Services) -> None:
    slots = {"language": "yue", "session_started_metadata": {"language": "en"}}
    answer = answer_instead("action_session_start", call("x", **slots))
    kinds = [event["event"] for event in answer["events"]]
    assert (kinds[0], kinds[-1]) == ("session_started", "action")
    # The statement on personal data is made in the assistant, so it comes all the same.
    assert answer["responses"] == [{"response": "utter_collection_statement", "language": "en"}]


def test_a_session_without_the_server_remembers_what_was_chosen(services: Services) -> None:
    known = {"language": "zh", "language_chosen": True, "notice_version": NOTICE_VERSION}
    answer = answer_instead("action_session_start", call("x", **known))
    kept = {e["name"]: e["value"] for e in answer["events"] if e["event"] == "slot"}
    assert kept == known
    assert answer["responses"] == []


def test_a_session_that_begins_without_the_server_does_not_wake_the_bot(services: Services) -> None:
    answer_instead("action_hand_over", call("x"))
    answer = answer_instead("action_session_start", call("x"))
    assert answer["events"][-1] == {"event": "pause"}


def test_a_session_begins_even_without_a_database(broken: Services) -> None:
    answer = answer_instead("action_session_start", call("x"))
    assert answer["events"][0] == {"event": "session_started"}
    assert answer["events"][-1] == {"event": "action", "name": "action_listen"}
