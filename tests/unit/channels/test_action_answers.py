"""What Rasa makes of an action server's answer once our guard has seen it: never silence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from business_samples import ROOT
from live import free_ports
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActiveLoop,
    BotUttered,
    Event,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import select

from cantodesk.assembly import Services
from cantodesk.channels.action_endpoint import GuardedActionEndpoint
from cantodesk.dialogue.replies import Replies
from cantodesk.settings import get_settings
from cantodesk.storage.business_tables import Ticket
from cantodesk.storage.engine import session

SAID = "my door code is 8899"


@pytest.fixture(scope="module")
def domain() -> Domain:
    """Slots and replies of the product."""
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """The business file is named from the project's folder."""
    monkeypatch.chdir(ROOT)


def http(status: str, body: bytes, kind: str = "application/json", length: int = 0) -> bytes:
    """A whole answer, or half of one where ``length`` promises more."""
    promised = length or len(body)
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {promised}\r\n\r\n"
    return head.encode() + body


FAILURES = {
    "500": http("500 Internal Server Error", b'{"error": "my door code is 8899"}'),
    "404": http("404 Not Found", b'{"error": "no", "action_name": "action_show_order"}'),
    "400 of a server that found no JSON": http("400 Bad Request", b'{"error": "Invalid body"}'),
    "400 and a page": http("400 Bad Request", b"<html>", "text/html"),
    "a page": http("200 OK", b"<html>", "text/html"),
    "broken JSON": http("200 OK", b'{"events": ['),
    "no object": http("200 OK", b'["events"]'),
    "no list of events": http("200 OK", b'{"events": {}, "responses": []}'),
    "no list of replies": http("200 OK", b'{"events": [], "responses": null}'),
    "an event without a name": http("200 OK", b'{"events": [{"name": "x"}], "responses": []}'),
    "a reply that is no object": http("200 OK", b'{"events": [], "responses": ["hi"]}'),
    "half an answer": http("200 OK", b'{"events": [', length=4000),
    "no HTTP": b"hello\r\n\r\n",
    "a connection cut": b"",
}


@asynccontextmanager
async def action_server(answer: bytes | None) -> AsyncIterator[str]:
    """The address of a server that answers with these bytes and hangs up, or with None never."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
        if answer is None:
            # Until the caller hangs up.
            await reader.read()
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhook"


async def run(url: str, domain: Domain, action: str = "action_show_order") -> list[Event]:
    """Rasa runs an action of this server: its events, the replies among them."""
    intent = {"name": "track_order", "confidence": 0.9}
    line = UserUttered(SAID, intent, parse_data={"intent": intent, "text": SAID})
    talk = DialogueStateTracker.from_events("a", [SlotSet("language", "en"), line], domain.slots)
    endpoint = GuardedActionEndpoint.around(EndpointConfig(url, enable_selective_domain=True))
    remote, replies = RemoteAction(action, endpoint), Replies(EndpointConfig(), domain)
    try:
        events: list[Event] = await remote.run(CollectingOutputChannel(), replies, talk, domain)
    finally:
        await endpoint.close()
    return events


def replies_in(events: list[Event]) -> list[Any]:
    return [event.text for event in events if isinstance(event, BotUttered)]


def ticket_numbers(services: Services) -> list[str]:
    with session(services.vault.engine, reading=True) as opened:
        return list(opened.scalars(select(Ticket.number)))


def assert_apology(events: list[Event], services: Services) -> None:
    (number,) = ticket_numbers(services)
    assert replies_in(events) == [
        f"Sorry, our system has a problem. I've opened case {number} and a colleague will follow "
        "it up; if it's urgent, call 2345 6000."
    ]
    # The form is left, the turn counts as failed, and Rasa does not go on by itself.
    assert ActiveLoop(None) in events
    assert SlotSet("turn_failed", "failure") in events
    assert FollowupAction("action_listen") in events


@pytest.mark.parametrize("answer", FAILURES.values(), ids=FAILURES)
async def test_every_wrong_answer_becomes_an_apology_with_a_ticket(
    services: Services, domain: Domain, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with action_server(answer) as url:
        assert_apology(await run(url, domain), services)
    assert "action action_show_order failed" in caplog.text
    assert SAID not in caplog.text


async def test_so_does_a_refused_connection(services: Services, domain: Domain) -> None:
    (port,) = free_ports(1)
    assert_apology(await run(f"http://127.0.0.1:{port}/webhook", domain), services)


async def test_so_does_a_server_that_hangs(
    services: Services, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = get_settings().model_copy(update={"action_timeout": 0.2})
    monkeypatch.setattr("cantodesk.channels.action_endpoint.get_settings", lambda: impatient)
    async with action_server(None) as url, asyncio.timeout(10):
        assert_apology(await run(url, domain), services)


async def test_a_good_answer_is_what_the_action_said(services: Services, domain: Domain) -> None:
    events = [{"event": "slot", "name": "language", "value": "zh"}]
    body = {"events": events, "responses": [{"text": "Your parcel is on its way."}]}
    async with action_server(http("200 OK", json.dumps(body).encode())) as url:
        done = await run(url, domain)
    assert replies_in(done) == ["Your parcel is on its way."]
    assert SlotSet("language", "zh") in done
    assert ticket_numbers(services) == []


async def test_a_good_answer_may_be_empty(services: Services, domain: Domain) -> None:
    async with action_server(http("200 OK", b"{}")) as url:
        assert await run(url, domain) == []
    assert ticket_numbers(services) == []


async def test_a_form_may_be_rejected(services: Services, domain: Domain) -> None:
    body = {"error": "not now", "action_name": "validate_order_form"}
    async with action_server(http("400 Bad Request", json.dumps(body).encode())) as url:
        with pytest.raises(ActionExecutionRejection) as rejected:
            await run(url, domain, "validate_order_form")
    assert (rejected.value.action_name, rejected.value.message) == (
        "validate_order_form",
        "not now",
    )
    assert ticket_numbers(services) == []
