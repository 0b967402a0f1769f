"""The ledger: events become the rows that the desk and the figures read.

``endpoints.yml``::

    event_broker:
      type: cantodesk.conversations.ledger.LedgerBroker

The events are in the database before Rasa tells its broker, so the broker
carries nothing: it wakes a thread that reads what is new.
"""

from __future__ import annotations

import asyncio
import logging
from threading import Event, Thread
from typing import Any

from rasa.core.brokers.broker import EventBroker
from sqlalchemy import Engine

from cantodesk.conversations.projector import catch_up, rebuild
from cantodesk.conversations.transcripts import (
    EmotionPoint,
    TranscriptLine,
    emotion_series,
    transcript,
)
from cantodesk.storage.vault import Vault, open_vault

__all__ = [
    "EmotionPoint",
    "LedgerBroker",
    "TranscriptLine",
    "catch_up",
    "emotion_series",
    "rebuild",
    "transcript",
]

logger = logging.getLogger(__name__)

# Seconds: a look without being woken, for events of other processes; the wait after an error.
_LOOK_EVERY = 30.0
_RETRY_AFTER = 2.0
_STOP_WITHIN = 10.0


class LedgerBroker(EventBroker):
    """Rasa's event broker that wakes the projector and can neither fail nor block a turn."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        """Start the projector's thread; it first reads what was left from before."""
        self._engine = engine
        self._vault = vault
        self._wake = Event()
        self._wake.set()
        self._stopping = False
        self._thread = Thread(target=self._project, name="ledger", daemon=True)
        self._thread.start()

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: Any, event_loop: asyncio.AbstractEventLoop | None = None
    ) -> LedgerBroker:
        """The broker for ``endpoints.yml``; database and keys are those of the settings.

        Raises:
            BadKeys: when the keys cannot be used.
        """
        vault = open_vault()
        return cls(vault.engine, vault)

    def publish(self, event: dict[str, Any]) -> None:
        """Note that there is something new. Reads nothing of ``event``, raises nothing."""
        self._wake.set()

    def is_ready(self) -> bool:
        """Whether the projector is at work."""
        return self._thread.is_alive()

    async def close(self) -> None:
        """Project what is left and stop; ten seconds at most."""
        self._stopping = True
        self._wake.set()
        await asyncio.to_thread(self._thread.join, _STOP_WITHIN)

    def _project(self) -> None:
        wait = _LOOK_EVERY
        while True:
            self._wake.wait(wait)
            self._wake.clear()
            # Read before projecting: what is published from here on is projected by another round.
            stopping = self._stopping
            try:
                catch_up(self._engine, self._vault)
                wait = _LOOK_EVERY
            except Exception as error:
                logger.error("the ledger is behind: %s", type(error).__name__)
                wait = _RETRY_AFTER
            if stopping:
                return
