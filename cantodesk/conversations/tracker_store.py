"""Rasa's tracker store, encrypted, append-only, and honest about failures.

``endpoints.yml``::

    tracker_store:
      type: cantodesk.conversations.tracker_store.EncryptedTrackerStore

Differences from Rasa's own SQL store, each for a loss seen there: a failed read
raises instead of starting a blank conversation; a save appends what this
tracker added, whatever another writer stored meanwhile; SQL runs in threads.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rasa.core.tracker_store import AwaitableTrackerStore, FailSafeTrackerStore, TrackerStore
from rasa.shared.core.events import SessionStarted, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Engine

from cantodesk.conversations.event_log import CANNOT_DECODE, EventLog, NewEvent, encoded
from cantodesk.conversations.failures import (
    BadSenderId,
    ConversationQuarantined,
    StorageFailed,
    WrongTrackerStore,
)
from cantodesk.conversations.sender_ids import checked_sender_id
from cantodesk.settings import get_settings
from cantodesk.storage.crypto import BadKeys, MasterKeys
from cantodesk.storage.engine import engine_for
from cantodesk.storage.vault import Vault

__all__ = [
    "BadSenderId",
    "ConversationQuarantined",
    "EncryptedTrackerStore",
    "StorageFailed",
    "WrongTrackerStore",
    "check",
    "use_raw_store",
]

logger = logging.getLogger(__name__)
T = TypeVar("T")

_MARK = "_cantodesk_stored"


@dataclass
class _Stored:
    """What a tracker object knows of the database.

    ``base`` events were read from it; ``uids[i]`` belongs to event ``base + i``
    and stays the same when a save is repeated; the first ``saved`` events are
    known to be committed.
    """

    base: int
    saved: int
    uids: list[str] = field(default_factory=list)


class EncryptedTrackerStore(TrackerStore):
    """Conversations as sealed events in the project's database.

    All methods raise ``BadSenderId`` for a hostile sender id and
    ``StorageFailed`` when the database or the keys fail. A tracker object is
    saved by the process that read it; a copy of one counts as new.
    """

    def __init__(
        self,
        domain: Any = None,
        event_broker: Any = None,
        host: str | None = None,
        url: str | None = None,
        engine: Engine | None = None,
        vault: Vault | None = None,
    ) -> None:
        """Connect to nothing yet.

        Args:
            domain: Rasa's domain.
            event_broker: told of events after they are committed.
            host: database address from the endpoint's ``url``; the settings' without it.
            url: the same, by its other name.
            engine: the database, instead of an address.
            vault: the vault, instead of one made from the settings.

        Raises:
            BadKeys: when the keys cannot be used.
        """
        super().__init__(domain, event_broker)
        if engine is None:
            engine = engine_for(url or host or get_settings().database)
        if vault is None:
            settings = get_settings()
            vault = Vault(engine, MasterKeys.from_settings(settings), settings.tenant)
        self.log = EventLog(engine, vault)
        # Kept so that a save goes on when its turn is cancelled.
        self._saving: set[asyncio.Task[Exception | None]] = set()

    def init_tracker(self, sender_id: str) -> Any:
        """A tracker without a limit of events: those over a limit would never be saved."""
        return DialogueStateTracker(sender_id, self.domain.slots)

    async def retrieve(self, sender_id: str) -> Any:
        """The tracker since the last session start, or None for a new conversation.

        Raises:
            ConversationQuarantined: when a stored row does not open.
        """
        return await self._tracker(sender_id, whole=False)

    async def retrieve_full_tracker(self, conversation_id: str) -> Any:
        """The tracker with every event, or None for a new conversation.

        Raises:
            ConversationQuarantined: when a stored row does not open.
        """
        return await self._tracker(conversation_id, whole=True)

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything is stored for this sender."""
        sender = checked_sender_id(conversation_id)
        return await self._run("read", lambda: self.log.holds(sender))

    async def save(self, tracker: Any) -> None:
        """Append what the tracker holds and did not hold when read or last saved.

        A cancelled caller (the customer's browser went away) does not cancel
        the writing.
        """
        task = asyncio.ensure_future(self._save(tracker, checked_sender_id(tracker.sender_id)))
        self._saving.add(task)
        task.add_done_callback(self._saving.discard)
        failure = await asyncio.shield(task)
        if failure is not None:
            raise failure

    async def keys(self) -> Iterable[str]:
        """The sender ids of all conversations."""
        return await self._run("read", self.log.sender_ids)

    async def delete(self, sender_id: str) -> None:
        """Delete the conversation's rows."""
        sender = checked_sender_id(sender_id)
        await self._run("deleted", lambda: self.log.delete(sender))

    async def _tracker(self, sender_id: str, *, whole: bool) -> Any:
        sender = checked_sender_id(sender_id)
        return await self._run("read", lambda: self._read(sender, whole))

    def _read(self, sender: str, whole: bool) -> Any:
        stored = self.log.read(sender, whole=whole)
        if not stored:
            return None
        try:
            events = deserialise_events(stored)
            # Rasa drops what it cannot make an event of; a gap must not go unseen.
            if len(events) == len(stored):
                tracker = DialogueStateTracker.from_events(sender, events, self.domain.slots)
                setattr(tracker, _MARK, _Stored(base=len(events), saved=len(events)))
                return tracker
        except Exception as error:
            logger.error("a stored event does not replay: %s", type(error).__name__)
        self.log.quarantine(sender, CANNOT_DECODE)
        raise ConversationQuarantined("A stored event of the conversation does not replay.")

    async def _save(self, tracker: Any, sender: str) -> Exception | None:
        """Write and publish; the failure is given back, since this frame holds the text."""
        mark = getattr(tracker, _MARK, None)
        if mark is None:
            mark = _Stored(base=0, saved=0)
            setattr(tracker, _MARK, mark)
        events = list(tracker.events)
        start = mark.saved
        # Given before the first await: two saves of one tracker at once agree on them.
        while mark.base + len(mark.uids) < len(events):
            mark.uids.append(uuid.uuid4().hex)
        if start >= len(events):
            return None
        bodies = [event.as_dict() for event in events[start:]]
        uids = mark.uids[start - mark.base :]
        try:
            await self._run("written", lambda: self.log.append(sender, _rows(uids, bodies)))
        except StorageFailed as error:
            return StorageFailed(*error.args)
        unseen = mark.saved - start
        mark.saved = max(mark.saved, len(events))
        self._publish(sender, bodies[unseen:])
        return None

    def _publish(self, sender: str, bodies: list[dict[str, Any]]) -> None:
        """Tell the broker. The events are safe already, so a broker's error is only noted."""
        if self.event_broker is None:
            return
        for body in bodies:
            try:
                self.event_broker.publish({"sender_id": sender, **body})
            except Exception as error:
                logger.error("the event broker failed: %s", type(error).__name__)

    async def _run(self, what: str, work: Callable[[], T]) -> T:
        """Run blocking work in a thread, and turn its errors into ours.

        Ours are raised here and not where the error was, because Rasa logs the
        variables of every frame an exception passed through.
        """
        failure: Exception
        try:
            return await asyncio.to_thread(work)
        except ConversationQuarantined as error:
            failure = ConversationQuarantined(*error.args)
        except Exception as error:
            logger.error("a conversation could not be %s: %s", what, type(error).__name__)
            failure = StorageFailed(f"The conversation was not {what}: {type(error).__name__}.")
        raise failure


def _rows(uids: list[str], bodies: list[dict[str, Any]]) -> list[NewEvent]:
    return [
        NewEvent(uid, body["event"], float(body["timestamp"]), encoded(body))
        for uid, body in zip(uids, bodies, strict=True)
    ]


async def check(store: EncryptedTrackerStore) -> None:
    """Prove that conversations can be written, read and deleted, and that the keys are right.

    Raises:
        BadKeys: when the keys are not those this database was written with.
        StorageFailed: when the database does not do its part.
    """
    known = await store._run("read", lambda: _keys_problem(store.log))
    if known is not None:
        raise BadKeys(known)
    sender = f"start-check-{uuid.uuid4().hex}"
    token = uuid.uuid4().hex
    probe = store.init_tracker(sender)
    probe.update(SessionStarted(metadata={"start_check": token}))
    try:
        await store.save(probe)
        found = await store.retrieve(sender)
        if found is None or found.events[-1].metadata.get("start_check") != token:
            raise StorageFailed("What was written to the database did not come back.")
    finally:
        vault = store.log.vault
        await store.delete(sender)
        await store._run("deleted", lambda: vault.erase(vault.customer_ref(sender)))
    if await store.exists(sender):
        raise StorageFailed("What was deleted from the database is still there.")


def _keys_problem(log: EventLog) -> str | None:
    try:
        log.vault.verify()
    except BadKeys as error:
        return str(error)
    if not log.senders_match():
        return (
            "The look-up key is not the one this database was written with, so no customer "
            "would be recognised. Restore the key."
        )
    return None


def use_raw_store(agent: Any) -> EncryptedTrackerStore:
    """Take away the wrapper with which Rasa swallows the store's errors; the store itself.

    Raises:
        WrongTrackerStore: when the agent's store is not ours.
    """
    store = agent.tracker_store
    while isinstance(store, FailSafeTrackerStore | AwaitableTrackerStore):
        store = store._tracker_store
    if not isinstance(store, EncryptedTrackerStore):
        raise WrongTrackerStore(
            f"Rasa keeps conversations in {type(store).__name__}, unencrypted. endpoints.yml must "
            "say tracker_store: {type: cantodesk.conversations.tracker_store."
            "EncryptedTrackerStore}; if it does, an import failed: see the warnings above."
        )
    agent.tracker_store = store
    if agent.processor is not None:
        agent.processor.tracker_store = store
    return store
