"""Is this the customer of that order? The order's number and four digits of its telephone."""

from __future__ import annotations

import hmac

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cantodesk.services.attempts import IdentityCheck, try_once
from cantodesk.services.clock import Clock, utc_now
from cantodesk.services.failures import STORAGE_FAILURES, log_failure
from cantodesk.services.numbers import last_four, order_number
from cantodesk.storage.business_tables import Order
from cantodesk.storage.vault import Vault

__all__ = ["UNVERIFIED", "Identity", "IdentityCheck", "order_last4_hash"]

_NO_HASH = "0" * 64
# What each refusal is called in the outcomes of every service that verifies first.
UNVERIFIED = {
    IdentityCheck.REFUSED: "not_verified",
    IdentityCheck.LOCKED: "locked",
    IdentityCheck.UNAVAILABLE: "unavailable",
}


def order_last4_hash(vault: Vault, order_id: str, last4: str) -> str:
    """What `orders.last4_hash` holds."""
    return vault.lookup_hash("order last four", f"{order_id}|{last4}")


class Identity:
    """Checks customers against orders."""

    def __init__(self, engine: Engine, vault: Vault, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._vault = vault
        self._clock = clock

    def verify(self, order_id: str, last4: str) -> IdentityCheck:
        """Judge one try. Four digits, or a whole Hong Kong number, are accepted.

        An order that does not exist is refused, counted and locked like one with
        other digits, and costs the same work. What cannot be an order number is
        refused without a count: there is nothing to guess.
        """
        number = order_number(order_id)
        if number is None:
            return IdentityCheck.REFUSED
        digits = last_four(last4)
        try:
            tried = order_last4_hash(self._vault, number, digits or "")
            subject = self._vault.lookup_hash("order", number)

            def is_right(opened: Session) -> bool:
                held = opened.scalar(select(Order.last4_hash).where(Order.order_id == number))
                # Both comparisons always run.
                same = hmac.compare_digest(tried, held or _NO_HASH)
                return same and digits is not None and held is not None

            return try_once(self._engine, subject, self._clock(), is_right)
        except STORAGE_FAILURES as error:
            log_failure("checking an order's customer", error)
            return IdentityCheck.UNAVAILABLE
