"""What must be true before the assistant takes a message."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from cantodesk.channels import starting
from cantodesk.channels.action_endpoint import GuardedActionEndpoint
from cantodesk.channels.starting import make_ready
from cantodesk.conversations.tracker_store import WrongTrackerStore

OURS = object()


@pytest.fixture
def proven(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A store of ours that answers; the list says which was asked to prove itself."""
    checked: list[Any] = []

    async def check(store: Any) -> None:
        checked.append(store)

    monkeypatch.setattr(starting, "use_raw_store", lambda _agent: OURS)
    monkeypatch.setattr(starting, "check", check)
    return checked


def agent(endpoint: EndpointConfig | None) -> SimpleNamespace:
    return SimpleNamespace(
        action_endpoint=endpoint, processor=SimpleNamespace(action_endpoint=endpoint)
    )


async def test_the_store_proves_itself(proven: list[Any]) -> None:
    await make_ready(agent(None))
    assert proven == [OURS]


async def test_calls_to_the_action_server_are_guarded_everywhere(proven: list[Any]) -> None:
    made = agent(EndpointConfig("http://127.0.0.1:5055/webhook", token="t"))
    await make_ready(made)
    assert isinstance(made.action_endpoint, GuardedActionEndpoint)
    assert made.processor.action_endpoint is made.action_endpoint
    assert (made.action_endpoint.url, made.action_endpoint.token) == (
        "http://127.0.0.1:5055/webhook",
        "t",
    )


async def test_twice_ready_is_guarded_once(proven: list[Any]) -> None:
    made = agent(EndpointConfig("http://127.0.0.1:5055/webhook"))
    await make_ready(made)
    first = made.action_endpoint
    await make_ready(made)
    assert made.action_endpoint is first


async def test_without_an_action_server_there_is_nothing_to_guard(proven: list[Any]) -> None:
    made = agent(None)
    await make_ready(made)
    assert made.action_endpoint is None


async def test_a_store_that_is_not_ours_stops_the_start() -> None:
    domain = Domain.empty()
    plain = FailSafeTrackerStore(InMemoryTrackerStore(domain))
    with pytest.raises(WrongTrackerStore, match="unencrypted"):
        await make_ready(SimpleNamespace(tracker_store=plain, processor=None, action_endpoint=None))
