"""What counts as "the store is unavailable", and the one way it is logged."""

from __future__ import annotations

import logging

from sqlalchemy.exc import SQLAlchemyError

from cantodesk.storage.crypto import BadKeys, CannotDecrypt

logger = logging.getLogger(__name__)

STORAGE_FAILURES = (SQLAlchemyError, CannotDecrypt, BadKeys)


def log_failure(doing: str, error: BaseException) -> None:
    """Log what failed by its class alone: a message may hold what a customer wrote."""
    logger.error("%s failed: %s", doing, type(error).__name__)
