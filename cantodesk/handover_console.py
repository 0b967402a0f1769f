"""`cantodesk handovers`: who waits for a person, what is known, and giving the bot back its turn."""

from __future__ import annotations

import json

from cantodesk.conversations.handovers import HandOver, HandOvers, ResolveStatus
from cantodesk.conversations.resuming import resume
from cantodesk.settings import HONG_KONG, Settings
from cantodesk.storage.conversation_tables import HandoverStatus
from cantodesk.storage.vault import open_vault
from cantodesk.up import prepared, stop


def listing(settings: Settings, everything: bool) -> list[str]:
    """One line a hand-over, the longest waiting first."""
    calls = _handovers(settings).list(None if everything else HandoverStatus.QUEUED)
    if not calls:
        return ["Nobody is waiting."]
    return [_line(call) for call in calls]


def shown(settings: Settings, number: int) -> list[str]:
    """One hand-over with its packet."""
    file = _handovers(settings).get(number)
    if file is None:
        stop(f"There is no hand-over {number}.")
    packet = json.dumps(file.packet, ensure_ascii=False, indent=2, default=str)
    return [_line(file.handover), packet]


def resolved(settings: Settings, number: int) -> list[str]:
    """Mark as done; from the customer's next line on the bot answers again.

    The bot gets its turn first: when that fails the call stays open, and the command can be
    given again.
    """
    handovers = _handovers(settings)
    file = handovers.get(number)
    if file is not None and file.handover.status is HandoverStatus.QUEUED:
        resume(open_vault(settings), file.handover.conversation_ref)
    status = handovers.resolve(number)
    sentence = f"Hand-over {number}: {status.replace('_', ' ')}."
    if status in (ResolveStatus.NOT_FOUND, ResolveStatus.UNAVAILABLE):
        stop(sentence)
    return [sentence]


def _handovers(settings: Settings) -> HandOvers:
    _, vault = prepared(settings)
    return HandOvers(vault.engine, vault)


def _line(call: HandOver) -> str:
    at = call.opened_at.astimezone(HONG_KONG)
    return (
        f"{call.id:>5}  {at:%Y-%m-%d %H:%M}  {call.status:<9} {call.reason:<17} "
        f"{call.language or '-':<4} {call.ticket_number or '-'}  {call.conversation_ref[:12]}"
    )
