"""Small conversations for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.shared.core.slots import TextSlot
from sqlalchemy import Engine, func, select, text

from cantodesk.conversations.tracker_store import EncryptedTrackerStore
from cantodesk.conversations.transcripts import transcript
from cantodesk.storage.base import Base
from cantodesk.storage.conversation_tables import Conversation
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

SENDER = "web:customer-1"
OTHER = "web:customer-2"


@contextmanager
def table_away(engine: Engine, table: str = "events") -> Iterator[None]:
    """A database in which reading and writing a table fails."""
    with session(engine) as opened:
        opened.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    try:
        yield
    finally:
        with session(engine) as opened:
            opened.execute(text(f"ALTER TABLE {table}_away RENAME TO {table}"))


class RecordingBroker:
    """An event broker that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def publish(self, event: dict[str, Any]) -> None:
        self.events.append(event)


def domain() -> Domain:
    """A domain with the one slot the samples use."""
    empty = Domain.empty()
    empty.slots = [TextSlot("language", mappings=[])]
    return empty


def a_store(engine: Engine, vault: Vault, broker: Any = None) -> EncryptedTrackerStore:
    """A store on the test's database."""
    return EncryptedTrackerStore(domain(), broker, engine=engine, vault=vault)


def customer_says(
    line: str,
    intent: str = "ask_delivery",
    language: str = "yue",
    emotion: str = "neutral",
    at: float | None = None,
) -> UserUttered:
    """A customer's line as the pipeline leaves it."""
    parsed = {
        "text": line,
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [],
        "language": {"code": language},
        "emotion": {"label": emotion, "score": 0.7},
    }
    return UserUttered(line, parsed["intent"], parse_data=parsed, input_channel="web", timestamp=at)


def bot_says(line: str, **metadata: Any) -> BotUttered:
    """A reply with two buttons."""
    buttons = [{"title": "係", "payload": "/affirm"}, {"title": "唔係", "payload": "/deny"}]
    return BotUttered(line, {"buttons": buttons}, metadata=metadata)


def session_start() -> list[Any]:
    """What Rasa writes at the start of a session."""
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]


async def say(store: EncryptedTrackerStore, *events: Any, sender: str = SENDER) -> Any:
    """One turn: read the tracker, add the events, save; the tracker saved."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    for event in events:
        tracker.update(event)
    await store.save(tracker)
    return tracker


def texts(tracker: Any) -> list[str]:
    """What was said, in order."""
    return [event.text for event in tracker.events if hasattr(event, "text")]


def count(engine: Engine, table: type[Base]) -> int:
    """How many rows a table has."""
    with session(engine, reading=True) as opened:
        return opened.scalar(select(func.count()).select_from(table)) or 0


def conversation(engine: Engine, vault: Vault, sender: str = SENDER) -> Conversation:
    """The row of one customer's conversation."""
    with session(engine, reading=True) as opened:
        return opened.get_one(Conversation, vault.customer_ref(sender))


def lines(engine: Engine, vault: Vault, sender: str = SENDER) -> list[str | None]:
    """The transcript's texts."""
    return [line.text for line in transcript(engine, vault, vault.customer_ref(sender))]
