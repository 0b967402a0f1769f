"""Three wrong tries lock an order or a ticket for a quarter of an hour.

The row belongs to what is asked for, not to who asks: a lock holds in every
conversation, and a guesser gains nothing by opening new ones.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, delete, or_, select
from sqlalchemy.orm import Session

from cantodesk.storage.business_tables import IdentityAttempt
from cantodesk.storage.engine import session
from cantodesk.storage.upsert import insert_if_absent

MOST_FAILURES = 3
LOCKED_FOR = timedelta(minutes=15)


class IdentityCheck(StrEnum):
    """The outcome of a try. REFUSED never says whether the thing exists."""

    VERIFIED = "verified"
    REFUSED = "refused"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


def try_once(
    engine: Engine,
    subject: str,
    now: datetime,
    is_right: Callable[[Session], bool],
) -> IdentityCheck:
    """Judge one try and count it, in one transaction.

    ``subject`` is the keyed hash of what is tried. ``is_right`` runs while the
    subject's row is held, so that of many tries at once only three are judged; it
    runs also for a locked subject, so that the work is the same. The third wrong
    try locks, and already answers LOCKED. A right try clears the count.

    Raises:
        SQLAlchemyError: when the database does not answer.
    """
    with session(engine) as opened:
        fresh = {"subject": subject, "failures": 0}
        opened.execute(insert_if_absent(engine, IdentityAttempt, fresh, ["subject"]))
        row = opened.scalars(
            select(IdentityAttempt).where(IdentityAttempt.subject == subject).with_for_update()
        ).one()
        right = is_right(opened)
        if row.locked_until is not None and row.locked_until > now:
            return IdentityCheck.LOCKED
        failures = 0 if row.locked_until is not None else row.failures
        row.locked_until = None
        if right:
            row.failures = 0
            return IdentityCheck.VERIFIED
        row.failures = failures + 1
        row.last_failed_at = now
        if row.failures >= MOST_FAILURES:
            row.locked_until = now + LOCKED_FOR
            return IdentityCheck.LOCKED
        return IdentityCheck.REFUSED


def forget_attempts(engine: Engine, before: datetime) -> int:
    """Remove rows with nothing wrong since ``before``; the number removed.

    Raises:
        SQLAlchemyError: when the database does not answer.
    """
    with session(engine) as opened:
        gone = opened.scalars(
            delete(IdentityAttempt)
            .where(
                or_(
                    IdentityAttempt.last_failed_at.is_(None),
                    IdentityAttempt.last_failed_at < before,
                )
            )
            .where(
                or_(IdentityAttempt.locked_until.is_(None), IdentityAttempt.locked_until < before)
            )
            .returning(IdentityAttempt.subject)
        ).all()
    return len(gone)
