"""What an operator meets at the command line: every trouble is one sentence that helps."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from business_samples import DEMO, ROOT
from conversation_samples import domain
from rasa.shared.core.events import ConversationPaused, ConversationResumed, UserUttered
from sqlalchemy import func, select, text
from typer.testing import CliRunner, Result

from cantodesk import cli, up
from cantodesk.conversations.failures import StorageFailed
from cantodesk.conversations.handovers import HandOvers
from cantodesk.conversations.tracker_store import EncryptedTrackerStore
from cantodesk.model import fingerprint
from cantodesk.services.importing import import_file
from cantodesk.settings import Settings, get_settings
from cantodesk.storage.business_tables import Order, Product
from cantodesk.storage.engine import engine_for, session
from cantodesk.storage.vault import open_vault

SENDER = "web:customer-1"


@pytest.fixture
def settings(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """A home of the local profile, with all tables, found through the environment."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copy(sqlite_template, home / "cantodesk.sqlite3")
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("CANTODESK_HOME", str(home))
    get_settings.cache_clear()
    made = get_settings()
    yield made
    engine_for(made.database).dispose()
    get_settings.cache_clear()


def run(*line: str) -> Result:
    get_settings.cache_clear()
    return CliRunner().invoke(cli.app, list(line))


def sentence(result: Result) -> str:
    """The one line on the error output of a command that ended with exit code 1."""
    assert result.exit_code == 1, result.output
    (line,) = result.stderr.strip().splitlines()
    return line


# --- the designers' files ---


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what Rasa and `make check` read, to break."""
    copy = tmp_path / "project"
    shutil.copytree(ROOT / "data", copy / "data")
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(ROOT / name, copy / name)
    monkeypatch.setattr(cli, "PROJECT", copy)
    return copy


def test_up_with_a_broken_yaml_file_names_file_and_line_and_starts_nothing(
    settings: Settings, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up, "up", lambda *_: pytest.fail("started"))
    rules = project / "data" / "orders" / "rules.yml"
    lines = rules.read_text(encoding="utf-8").splitlines()
    rules.write_text("\n".join([*lines[:4], "  - steps: [", *lines[4:]]), encoding="utf-8")
    assert sentence(run("up")).startswith("data/orders/rules.yml:")


def test_up_with_sound_files_starts(
    settings: Settings, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Path] = []

    def start(_settings: Settings, folder: Path) -> int:
        started.append(folder)
        return 0

    monkeypatch.setattr(up, "up", start)
    assert run("up").exit_code == 0
    assert started == [project]


@pytest.mark.parametrize("name", ["data/orders/more.yml", "data/orders/more.yaml"])
def test_a_new_training_file_makes_another_model_necessary(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).write_text('version: "3.1"\n', encoding="utf-8")
    assert fingerprint(project) != before


# --- starting ---


def test_ports_are_looked_at_before_anything_is_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    for name in ("check_ports", "prepared", "load_demo", "ready_model", "run_all"):
        made = (None, None) if name == "prepared" else 0
        monkeypatch.setattr(up, name, lambda *_, n=name, m=made: steps.append(n) or m)
    assert up.up(settings, ROOT) == 0
    assert steps == ["check_ports", "prepared", "load_demo", "ready_model", "run_all"]


def orders(settings: Settings) -> int:
    with session(engine_for(settings.database), reading=True) as opened:
        return opened.scalar(select(func.count()).select_from(Order)) or 0


def test_an_empty_database_gets_the_whole_demo(settings: Settings) -> None:
    business, vault = up.prepared(settings)
    up.load_demo(settings, vault, business)
    lines = (DEMO / "orders.csv").read_text(encoding="utf-8").splitlines()
    assert orders(settings) == len(lines) - 1


def test_a_shop_with_one_order_of_its_own_is_left_alone(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    business, vault = up.prepared(settings)
    lines = (DEMO / "orders.csv").read_text(encoding="utf-8").splitlines()
    own = tmp_path / "orders.csv"
    own.write_text("\n".join(lines[:2]), encoding="utf-8")
    assert import_file("orders", own, vault.engine, vault, business).ok
    up.load_demo(settings, vault, business)
    assert orders(settings) == 1
    with session(vault.engine, reading=True) as opened:
        assert opened.scalars(select(Product.sku)).all() == []
    assert capsys.readouterr().out == ""


def test_a_home_that_is_no_folder_is_one_sentence(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("CANTODESK_HOME", str(file))
    said = sentence(run("migrate"))
    assert str(file) in said
    assert "CANTODESK_HOME" in said


def test_a_database_of_a_newer_version_is_one_sentence(settings: Settings) -> None:
    with engine_for(settings.database).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_tomorrow'"))
    said = sentence(run("migrate"))
    assert "another version of CantoDesk" in said
    assert "CANTODESK_DATABASE_URL" in said


# --- keys ---


def test_production_says_key_by_key_how_to_begin(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANTODESK_PROFILE", "production")
    for variable, form in [("CANTODESK_MASTER_KEYS", "1:{}"), ("CANTODESK_LOOKUP_KEY", "{}")]:
        said = sentence(run("migrate"))
        assert said.startswith(f"{variable} is not set")
        # The command in the sentence makes a key that is accepted as the sentence says.
        command = said.partition("Make one with: ")[2].partition(" and write it as 1:<key>")[0]
        made = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602
        monkeypatch.setenv(variable, form.format(made.stdout.strip()))
    assert sentence(run("migrate")).startswith("CANTODESK_DATABASE_URL is not set")
    monkeypatch.setenv("CANTODESK_DATABASE_URL", settings.database)
    assert run("migrate").output.strip() == "The database is up to date."


# --- a customer who waits for a person ---


@pytest.fixture
async def waiting(settings: Settings) -> int:
    """A paused conversation and its hand-over's number."""
    vault = open_vault(settings)
    store = EncryptedTrackerStore(domain(), engine=vault.engine, vault=vault)
    tracker = store.init_tracker(SENDER)
    for event in (UserUttered("搵真人"), ConversationPaused()):
        tracker.update(event)
    await store.save(tracker)
    opened = HandOvers(vault.engine, vault).open(SENDER, "request_human", {})
    assert opened.handover is not None
    return opened.handover.id


async def talk(settings: Settings) -> list[type]:
    """The kinds of events of the conversation; the last two tell whether the bot may speak."""
    vault = open_vault(settings)
    store = EncryptedTrackerStore(domain(), engine=vault.engine, vault=vault)
    tracker = await store.retrieve(SENDER)
    assert tracker.is_paused() is (type(tracker.events[-1]) is ConversationPaused)
    return [type(event) for event in tracker.events]


async def test_after_resolving_the_bot_has_its_turn_again(settings: Settings, waiting: int) -> None:
    assert (await talk(settings))[-1] is ConversationPaused
    assert run("handovers", "--resolve", str(waiting)).exit_code == 0
    assert (await talk(settings))[-2:] == [ConversationPaused, ConversationResumed]


async def test_resolving_twice_gives_the_turn_back_once(settings: Settings, waiting: int) -> None:
    for _ in range(2):
        run("handovers", "--resolve", str(waiting))
    assert (await talk(settings)).count(ConversationResumed) == 1


async def test_a_turn_that_cannot_be_given_back_leaves_the_call_open(
    settings: Settings, waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise StorageFailed("The conversation was not written: OperationalError.")

    with monkeypatch.context() as broken:
        broken.setattr("cantodesk.handover_console.resume", fail)
        assert "again" in sentence(run("handovers", "--resolve", str(waiting)))
    assert "queued" in run("handovers").output
    # Once the database is well, the same command does both.
    run("handovers", "--resolve", str(waiting))
    assert run("handovers").output.strip() == "Nobody is waiting."
    assert (await talk(settings))[-1] is ConversationResumed


@pytest.mark.parametrize("option", ["--show", "--resolve"])
def test_a_call_that_is_not_there_is_a_failure_to_a_script(settings: Settings, option: str) -> None:
    assert "99" in sentence(run("handovers", option, "99"))
