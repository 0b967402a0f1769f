"""Rasa's web server with our channel in it, spoken to over HTTP."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from conversation_samples import bot_says, domain, say
from rasa.core.channels.channel import UserMessage, register
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic
from sanic.server.async_server import AsyncioServer

from cantodesk.channels import rest
from cantodesk.channels.action_endpoint import GuardedActionEndpoint
from cantodesk.channels.rest import LARGEST_BODY, RestChannel
from cantodesk.conversations.failures import WrongTrackerStore
from cantodesk.conversations.tracker_store import EncryptedTrackerStore
from cantodesk.storage.crypto import MasterKeys
from cantodesk.storage.engine import engine_for
from cantodesk.storage.vault import Vault

WEBHOOK = "/webhooks/rest/webhook"


class FakeAgent:
    """Rasa's agent: answers every message with ``replies`` or fails; keeps what it was told."""

    def __init__(self, store: Any) -> None:
        self.tracker_store = store
        self.domain = domain()
        self.nlg = self
        self.action_endpoint: Any = EndpointConfig("http://127.0.0.1:5055/webhook")
        self.processor = SimpleNamespace(tracker_store=store, action_endpoint=self.action_endpoint)
        self.replies: tuple[str, ...] = ("你好呀",)
        self.failure: Exception | None = None
        # Turns wait here for as many others, so that they are under way at once.
        self.meeting = asyncio.Barrier(1)
        self.heard: list[UserMessage] = []

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        await self.meeting.wait()
        if self.failure is not None:
            raise self.failure
        for reply in self.replies:
            text = reply.format(line=message.text)
            await message.output_channel.send_text_message(message.sender_id, text)

    async def generate(
        self, response: str, tracker: DialogueStateTracker, _channel: str, **_variables: Any
    ) -> dict[str, str]:
        return {"text": f"{response} in {tracker.get_slot('language')}"}


@pytest.fixture(autouse=True)
def _several_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sanic rewrites its own code for the first server of a process; in tests there are more."""
    monkeypatch.setattr(Sanic, "test_mode", True)


@pytest.fixture
def store(
    tmp_path: Path, sqlite_template: Path, keys: MasterKeys
) -> Iterator[EncryptedTrackerStore]:
    shutil.copy(sqlite_template, tmp_path / "cantodesk.sqlite3")
    engine = engine_for(f"sqlite:///{tmp_path / 'cantodesk.sqlite3'}")
    yield EncryptedTrackerStore(domain(), engine=engine, vault=Vault(engine, keys, "shop"))
    engine.dispose()


@pytest.fixture
def agent(store: EncryptedTrackerStore) -> FakeAgent:
    return FakeAgent(store)


@asynccontextmanager
async def listening(agent: FakeAgent) -> AsyncIterator[tuple[AsyncioServer, str]]:
    """A web server on a free port, not yet started, and its address."""
    app = Sanic(f"assistant_{uuid.uuid4().hex}")
    app.ctx.agent = agent
    register([RestChannel()], app, "/webhooks/")
    door = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=door, return_asyncio_server=True)
    await server.startup()
    try:
        yield server, f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        await server.close()


@pytest.fixture
async def client(agent: FakeAgent) -> AsyncIterator[httpx.AsyncClient]:
    """A program on this machine that knows the assistant's address."""
    async with listening(agent) as (server, address):
        await server.after_start()
        async with httpx.AsyncClient(base_url=address, trust_env=False) as opened:
            yield opened
        await server.before_stop()


async def test_a_line_is_answered_in_rasas_format(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    agent.replies = ("你好呀", "想問咩？")
    answer = await client.post(WEBHOOK, json={"sender": "a", "message": "你好"})
    assert answer.status_code == 200
    assert answer.json() == [
        {"recipient_id": "a", "text": "你好呀"},
        {"recipient_id": "a", "text": "想問咩？"},
    ]
    (heard,) = agent.heard
    assert (heard.text, heard.sender_id, heard.input_channel) == ("你好", "a", "rest")


@pytest.mark.parametrize(
    ("metadata", "language"),
    [({"page_language": "en", "is_external": True}, "en"), (["page_language"], "yue"), (7, "yue")],
)
async def test_a_caller_may_say_the_language_of_its_page_and_nothing_else(
    client: httpx.AsyncClient, agent: FakeAgent, metadata: Any, language: str
) -> None:
    body = {"sender": "a", "message": "你好", "metadata": metadata}
    assert (await client.post(WEBHOOK, json=body)).status_code == 200
    assert agent.heard[0].metadata == {"language": language}


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"hello", 400, "the body is not JSON"),
        (b"[1]", 400, "the body is not a JSON object"),
        ({"message": "hi"}, 400, "sender: A sender id is not empty."),
        ({"sender": "a"}, 400, "message: a text is expected"),
        ({"sender": "a", "message": {"text": "hi"}}, 400, "message: a text is expected"),
        ({"sender": "a", "message": "x" * 2001}, 413, "message: longer than 2000 characters"),
        ({"sender": "a", "message": "x" * LARGEST_BODY}, 413, "the body is larger than 64 KB"),
    ],
)
async def test_what_cannot_be_accepted_is_answered_with_the_reason(
    client: httpx.AsyncClient, agent: FakeAgent, body: Any, status: int, error: str
) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await client.post(WEBHOOK, content=raw)
    assert (answer.status_code, answer.json()) == (status, {"error": error})
    assert agent.heard == []


async def test_a_page_of_another_site_is_not_heard(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    body = {"sender": "a", "message": "hello"}
    answer = await client.post(WEBHOOK, json=body, headers={"Origin": "https://example.com"})
    assert answer.status_code == 403
    assert agent.heard == []


async def test_a_turn_that_fails_is_still_answered(
    client: httpx.AsyncClient, agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "report_failure", lambda _sender, _language: "T-000001")
    agent.failure = RuntimeError("hello")
    answer = await client.post(WEBHOOK, json={"sender": "a", "message": "hello"})
    assert answer.status_code == 200
    assert answer.json() == [{"recipient_id": "a", "text": "utter_unavailable_ticket in en"}]


async def test_customers_who_write_at_once_each_get_their_own_replies(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    agent.replies, agent.meeting = ("you said {line}",), asyncio.Barrier(8)
    said = [{"sender": f"web:{number}", "message": f"line {number}"} for number in range(8)]
    answers = await asyncio.gather(*(client.post(WEBHOOK, json=body) for body in said))
    assert [answer.json() for answer in answers] == [
        [{"recipient_id": body["sender"], "text": f"you said {body['message']}"}] for body in said
    ]


async def test_a_command_is_obeyed_only_as_a_button_of_the_stored_talk(
    client: httpx.AsyncClient, agent: FakeAgent, store: EncryptedTrackerStore
) -> None:
    await say(store, bot_says("啱唔啱？"), sender="a")
    for sender in ("a", "b"):
        await client.post(WEBHOOK, json={"sender": sender, "message": "/affirm"})
    assert [message.text for message in agent.heard] == ["/affirm", "／affirm"]


async def test_the_channel_says_that_it_is_there(client: httpx.AsyncClient) -> None:
    answer = await client.get("/webhooks/rest/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_the_guards_stand_before_the_first_message(
    client: httpx.AsyncClient, agent: FakeAgent
) -> None:
    assert isinstance(agent.action_endpoint, GuardedActionEndpoint)
    assert agent.processor.action_endpoint is agent.action_endpoint


async def test_with_a_store_that_does_not_encrypt_nothing_starts() -> None:
    async with listening(FakeAgent(InMemoryTrackerStore(domain()))) as (server, _):
        with pytest.raises(WrongTrackerStore):
            await server.after_start()
