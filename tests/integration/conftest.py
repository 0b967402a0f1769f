"""The demo's shop on a real database, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

import pytest
from business_samples import DEMO, StandingClock, WordEncoder, demo_business
from sqlalchemy import Engine

from cantodesk.services.business import Business
from cantodesk.services.importing import import_folder
from cantodesk.services.shop import Shop, shop_of
from cantodesk.storage.engine import engine_for
from cantodesk.storage.vault import Vault


@pytest.fixture
def business() -> Business:
    return demo_business()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def shop(
    engine: Engine, vault: Vault, business: Business, encoder: WordEncoder, clock: StandingClock
) -> Shop:
    """All services, with the demo imported."""
    reports = import_folder(DEMO, engine, vault, business)
    assert all(report.ok for report in reports)
    return shop_of(engine, vault, business, encoder, clock)


@pytest.fixture
def broken_shop(
    vault: Vault, business: Business, encoder: WordEncoder, clock: StandingClock
) -> Shop:
    """All services on a database nobody answers for."""
    nowhere = engine_for("postgresql+psycopg2://nobody@127.0.0.1:1/none")
    return shop_of(nowhere, vault, business, encoder, clock)
