"""Personal data of imported records, sealed with one data key for the business's own files.

Customers' conversations have a key each; these records come from, and are kept
by, the business itself, and go when their rows are removed.
"""

from __future__ import annotations

import json

from cantodesk.storage.vault import Vault


def records_ref(vault: Vault) -> str:
    """Whose data key seals the business's records."""
    return vault.lookup_hash("business records", vault.tenant)


def seal_personal(vault: Vault, table: str, row_id: str, cells: dict[str, str | None]) -> bytes:
    """Seal the personal cells of one row."""
    words = json.dumps(cells, ensure_ascii=False)
    return vault.seal(records_ref(vault), table, row_id, words.encode())


def open_personal(vault: Vault, table: str, row_id: str, sealed: bytes) -> dict[str, str | None]:
    """The personal cells of one row again.

    Raises:
        CannotDecrypt: when the value was changed or moved.
    """
    found: dict[str, str | None] = json.loads(vault.open(records_ref(vault), table, row_id, sealed))
    return found
