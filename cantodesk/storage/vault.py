"""The vault: one data key for each customer, and what is sealed with it.

Deleting a customer's data key makes everything sealed for that customer
unreadable, in backups too.
"""

from __future__ import annotations

import logging
import os
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import CursorResult, Engine, delete, select, update

from cantodesk.settings import Settings, get_settings
from cantodesk.storage.conversation_tables import CustomerKey
from cantodesk.storage.crypto import (
    KEY_BYTES,
    BadKeys,
    CannotDecrypt,
    MasterKeys,
    bound_to,
    derived,
    keyed_hash,
    seal,
    unseal,
)
from cantodesk.storage.engine import engine_for, session
from cantodesk.storage.upsert import insert_if_absent

__all__ = ["CannotDecrypt", "Vault", "open_vault"]

logger = logging.getLogger(__name__)

_CACHED_KEYS = 4096
# Seconds a cached key may open values, and seal new ones, before the table is asked again.
# Sealing is stricter: a value sealed with a key erased meanwhile is lost for good.
_OPEN_FOR = 60.0
_SEAL_FOR = 1.0
_REWRAP_BATCH = 500


class Vault:
    """Seals and opens values for one tenant. Safe for threads.

    Seal **before** opening a ``session``: the first seal for a customer writes
    the data key in a transaction of its own, which on SQLite would wait for the
    caller's. Database errors come through as SQLAlchemy raises them.
    """

    def __init__(
        self,
        engine: Engine,
        keys: MasterKeys,
        tenant: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``clock`` gives seconds that never go back; tests bring their own."""
        self.engine = engine
        self._keys = keys
        self.tenant = tenant
        self._clock = clock
        self._cache: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._lock = Lock()
        # Counted so that a key read just before an erasure is not remembered just after it.
        self._erasures = 0
        self._sender_key = derived(keys.lookup, "sender")

    def customer_ref(self, sender_id: str) -> str:
        """The keyed hash that stands for a sender: 64 hexadecimal digits."""
        return keyed_hash(self._sender_key, self.tenant, sender_id)

    def lookup_hash(self, purpose: str, value: str) -> str:
        """A keyed hash of ``value``; the same value has another hash for another purpose."""
        key = derived(self._keys.lookup, f"lookup {purpose}")
        return keyed_hash(key, self.tenant, value)

    def seal(self, ref: str, kind: str, row_uid: str, plaintext: bytes) -> bytes:
        """Encrypt a value of one row for one customer, making the customer's key if needed."""
        key = self._data_key(ref, _SEAL_FOR) or self._new_data_key(ref)
        return seal(key, plaintext, self._belongs_to(ref, kind, row_uid))

    def open(self, ref: str, kind: str, row_uid: str, sealed: bytes) -> bytes:
        """Decrypt a value.

        Raises:
            CannotDecrypt: when the value was changed or moved, or the key was erased.
            BadKeys: when the master key that wraps this customer's key is not configured.
        """
        aad = self._belongs_to(ref, kind, row_uid)
        key = self._data_key(ref, _OPEN_FOR)
        if key is not None:
            try:
                return unseal(key, sealed, aad)
            except CannotDecrypt:
                # Erased and made anew by another process? Then the cached key is an old one.
                fresh = self._data_key(ref, 0.0)
                if fresh is not None and fresh != key:
                    return unseal(fresh, sealed, aad)
                raise
        raise CannotDecrypt("there is no key for this customer")

    def erase(self, ref: str) -> bool:
        """Delete the customer's data key. False when there was none."""
        try:
            with session(self.engine) as opened:
                found = opened.execute(delete(CustomerKey).where(CustomerKey.ref == ref))
                return isinstance(found, CursorResult) and found.rowcount > 0
        finally:
            with self._lock:
                self._erasures += 1
                self._cache.pop(ref, None)

    def rewrap(self) -> int:
        """Move every data key to the newest master key; the number moved.

        Keys that do not unwrap are left as they are, counted and logged.
        May run beside everything else, and again after an interruption.

        Raises:
            BadKeys: when a master key still in use is not configured; what was
                moved until then stays moved.
        """
        moved, damaged, after = 0, 0, ""
        while True:
            with session(self.engine, reading=True) as opened:
                rows = opened.execute(
                    select(CustomerKey.ref, CustomerKey.wrapped, CustomerKey.master_version)
                    .where(CustomerKey.master_version != self._keys.newest, CustomerKey.ref > after)
                    .order_by(CustomerKey.ref)
                    .limit(_REWRAP_BATCH)
                ).all()
            if not rows:
                break
            after = rows[-1].ref
            with session(self.engine) as opened:
                for ref, wrapped, version in rows:
                    try:
                        key = self._unwrap(ref, wrapped, version)
                    except CannotDecrypt:
                        damaged += 1
                        continue
                    found = opened.execute(
                        update(CustomerKey)
                        # An erasure or another rewrap in between wins.
                        .where(CustomerKey.ref == ref, CustomerKey.master_version == version)
                        .values(wrapped=self._wrap(ref, key), master_version=self._keys.newest)
                    )
                    moved += found.rowcount if isinstance(found, CursorResult) else 0
        if damaged:
            logger.error("%d data keys do not unwrap and were not moved", damaged)
        return moved

    def verify(self) -> None:
        """Make sure that the configured master keys are those of this database.

        Raises:
            BadKeys: when a master key in use is absent or another one.
        """
        with session(self.engine, reading=True) as opened:
            samples = []
            for version in opened.scalars(select(CustomerKey.master_version).distinct()).all():
                row = select(CustomerKey).where(CustomerKey.master_version == version)
                # A few, because a single damaged row says nothing about the master key.
                samples.append(opened.scalars(row.limit(5)).all())
        for rows in samples:
            if not any(self._unwraps(row) for row in rows):
                raise BadKeys(
                    f"Master key version {rows[0].master_version} does not open this database's "
                    "data keys. Restore the key this database was written with."
                )

    def _unwraps(self, row: CustomerKey) -> bool:
        try:
            self._unwrap(row.ref, row.wrapped, row.master_version)
        except CannotDecrypt:
            return False
        return True

    def _belongs_to(self, ref: str, kind: str, row_uid: str) -> bytes:
        return bound_to(self.tenant, ref, kind, row_uid)

    def _wrap(self, ref: str, key: bytes) -> bytes:
        newest = self._keys.newest
        aad = bound_to(ref, "data key", str(newest))
        return seal(self._keys.versions[newest], key, aad)

    def _unwrap(self, ref: str, wrapped: bytes, version: int) -> bytes:
        master = self._keys.versions.get(version)
        if master is None:
            raise BadKeys(
                f"Master key version {version} is in use and not configured. "
                "Add it to CANTODESK_MASTER_KEYS."
            )
        return unseal(master, wrapped, bound_to(ref, "data key", str(version)))

    def _data_key(self, ref: str, max_age: float) -> bytes | None:
        """The customer's key, from memory if it was read at most ``max_age`` seconds ago."""
        now = self._clock()
        with self._lock:
            erasures = self._erasures
            cached = self._cache.get(ref)
            if cached is not None and now - cached[1] < max_age:
                self._cache.move_to_end(ref)
                return cached[0]
        with session(self.engine, reading=True) as opened:
            row = opened.execute(
                select(CustomerKey.wrapped, CustomerKey.master_version).where(
                    CustomerKey.ref == ref
                )
            ).first()
        if row is None:
            with self._lock:
                self._cache.pop(ref, None)
            return None
        key = self._unwrap(ref, row.wrapped, row.master_version)
        self._remember(ref, key, now, erasures)
        return key

    def _new_data_key(self, ref: str) -> bytes:
        row = {
            "ref": ref,
            "wrapped": self._wrap(ref, os.urandom(KEY_BYTES)),
            "master_version": self._keys.newest,
            "created_at": datetime.now(UTC),
        }
        with session(self.engine) as opened:
            opened.execute(insert_if_absent(self.engine, CustomerKey, row, ["ref"]))
        # Of two that made one at once the first has won; both read it back.
        key = self._data_key(ref, 0.0)
        if key is None:
            raise CannotDecrypt("the customer's key was erased while it was made")
        return key

    def _remember(self, ref: str, key: bytes, read_at: float, erasures: int) -> None:
        with self._lock:
            if erasures != self._erasures:
                return
            self._cache[ref] = (key, read_at)
            self._cache.move_to_end(ref)
            while len(self._cache) > _CACHED_KEYS:
                self._cache.popitem(last=False)


def open_vault(settings: Settings | None = None) -> Vault:
    """The vault this process is configured for."""
    settings = settings or get_settings()
    return Vault(engine_for(settings.database), MasterKeys.from_settings(settings), settings.tenant)
