"""The demo business, moved to today.

Its files are written as seen on one day. Loaded as they are, a parcel that comes
tomorrow would be late a week later and every return period over.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cantodesk.services.business import Business
from cantodesk.services.importing import ImportReport, import_folder
from cantodesk.settings import HONG_KONG
from cantodesk.storage.vault import Vault

DEMO = Path("demo")
# The day on which the files are true.
DEMO_DAY = date(2026, 11, 25)
_DATED = {
    "orders.csv": ("placed_at", "eta", "delivered_at"),
    "products.csv": ("restock_on",),
    "customers.csv": ("points_expire_on",),
    "refunds.csv": ("requested_on", "paid_on"),
}


def import_demo(vault: Vault, business: Business) -> tuple[ImportReport, ...]:
    """Import the demo business as if its files had been written today."""
    with TemporaryDirectory() as folder:
        moved_demo(Path(folder), datetime.now(HONG_KONG).date())
        return import_folder(Path(folder), vault.engine, vault, business)


def moved_demo(folder: Path, day: date) -> None:
    """Copy the demo's files into ``folder`` with ``day`` in the place of DEMO_DAY."""
    by = day - DEMO_DAY
    for source in sorted(DEMO.glob("*.csv")):
        with source.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        for row in rows:
            for column in set(_DATED.get(source.name, ())) & row.keys():
                row[column] = moved(row[column], by)
        with (folder / source.name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def moved(value: str, by: timedelta) -> str:
    """An ISO day or moment, so much later; an empty cell stays empty."""
    if not value:
        return value
    read: Callable[[str], date] = datetime.fromisoformat if "T" in value else date.fromisoformat
    return (read(value) + by).isoformat()
