"""What must be true before the assistant takes a message."""

from __future__ import annotations

from typing import Any

from cantodesk.channels.action_endpoint import GuardedActionEndpoint
from cantodesk.channels.action_results import check_schema_once
from cantodesk.conversations.tracker_store import check, use_raw_store


async def make_ready(agent: Any) -> None:
    """Put our guards around a loaded agent and prove that its store works.

    Raises:
        WrongTrackerStore, BadKeys, StorageFailed: a sentence that says what to mend; Rasa then
            does not start.
    """
    store = use_raw_store(agent)
    await check(store)
    check_schema_once()
    endpoint = agent.action_endpoint
    if endpoint is not None and not isinstance(endpoint, GuardedActionEndpoint):
        agent.action_endpoint = GuardedActionEndpoint.around(endpoint)
        if agent.processor is not None:
            agent.processor.action_endpoint = agent.action_endpoint


async def make_quiet(agent: Any) -> None:
    """Close what the guards hold, before the server stops."""
    if isinstance(agent.action_endpoint, GuardedActionEndpoint):
        await agent.action_endpoint.close()
