"""The demo's shop on disk, for actions and channels: one import, a copy for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from business_samples import DEMO, StandingClock, WordEncoder, demo_business

from actions import turn
from cantodesk.assembly import Services, assemble
from cantodesk.channels import action_endpoint
from cantodesk.services.importing import import_folder
from cantodesk.settings import Settings
from cantodesk.storage.engine import engine_for
from cantodesk.storage.vault import open_vault


@pytest.fixture(scope="session")
def shop_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with keys and the demo imported."""
    home = tmp_path_factory.mktemp("shop")
    shutil.copy(sqlite_template, home / "cantodesk.sqlite3")
    settings = Settings(home=home)
    vault = open_vault(settings)
    reports = import_folder(DEMO, vault.engine, vault, demo_business())
    assert all(report.ok for report in reports)
    vault.engine.dispose()
    return home


@pytest.fixture
def clock() -> StandingClock:
    """A Wednesday morning in office hours, the day the demo's orders are of."""
    return StandingClock("2026-11-25 11:00")


@pytest.fixture
def services(
    shop_template: Path, tmp_path: Path, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """Real services on a copy of that home; actions get these."""
    home = tmp_path / "home"
    shutil.copytree(shop_template, home)
    settings = Settings(home=home, business_file=DEMO / "settings.yml")
    made = assemble(settings, WordEncoder(), clock)
    for module in (turn, action_endpoint):
        monkeypatch.setattr(module, "get_services", lambda: made)
    yield made
    engine_for(settings.database).dispose()


@pytest.fixture
def broken(tmp_path: Path, clock: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Services on a database nobody answers for."""
    settings = Settings(
        home=tmp_path,
        database_url="postgresql+psycopg2://nobody@127.0.0.1:1/none",
        business_file=DEMO / "settings.yml",
    )
    made = assemble(settings, WordEncoder(), clock)
    for module in (turn, action_endpoint):
        monkeypatch.setattr(module, "get_services", lambda: made)
    return made
