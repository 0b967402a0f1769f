"""Giving a conversation back to the bot after a person had it."""

from __future__ import annotations

import time
import uuid

from cantodesk.conversations.event_log import EventLog, NewEvent, encoded
from cantodesk.conversations.projector import catch_up
from cantodesk.storage.vault import Vault


def resume(vault: Vault, ref: str) -> bool:
    """Let the bot answer again from the customer's next line on; False if the sender is unknown.

    The event joins the conversation beside whatever a running turn writes: nothing of
    either is lost.
    """
    log = EventLog(vault.engine, vault)
    sender = log.sender_of(ref)
    if sender is None:
        return False
    now = time.time()
    event = {"event": "resume", "timestamp": now}
    log.append(sender, [NewEvent(uuid.uuid4().hex, "resume", now, encoded(event))])
    catch_up(vault.engine, vault)
    return True
