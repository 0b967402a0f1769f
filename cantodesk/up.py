"""One command starts everything: database, demo business, model, processes."""

from __future__ import annotations

import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

from alembic.util import CommandError
from honcho.manager import Manager
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from cantodesk.demo import import_demo
from cantodesk.model import TrainingFailed, model_path, train
from cantodesk.processes import PROCESSES, command, environment
from cantodesk.services.attempts import forget_attempts
from cantodesk.services.business import Business, BusinessFileError, business_from
from cantodesk.settings import Settings
from cantodesk.storage.business_tables import Order
from cantodesk.storage.crypto import BadKeys
from cantodesk.storage.engine import session
from cantodesk.storage.migrating import migrate
from cantodesk.storage.vault import Vault, open_vault

_READY_WITHIN = 180
_TRIES_KEPT = timedelta(days=1)


def stop(sentence: str) -> NoReturn:
    """End with one sentence that says what is wrong and how to mend it."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def up(settings: Settings, project: Path) -> int:
    """Prepare what is missing and run all processes until Ctrl-C; the exit code."""
    check_ports(settings)
    business, vault = prepared(settings)
    load_demo(settings, vault, business)
    model = ready_model(settings, project)
    return run_all(settings, model)


def check_ports(settings: Settings) -> None:
    """Refuse to start on a port that somebody has."""
    for process in PROCESSES:
        port = getattr(settings, f"{process}_port")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError:
                stop(
                    f"Port {port} on {settings.host} is taken, and `{process}` needs it. End the "
                    f"program that has it, or set CANTODESK_{process.upper()}_PORT to a free port."
                )


def prepared(settings: Settings) -> tuple[Business, Vault]:
    """The business file read, the keys there, the database at its newest tables."""
    try:
        business = business_from(settings.business_file)
        vault = open_vault(settings)
        migrate(vault.engine)
        # New keys beside an old database would read nothing, and double every record imported.
        vault.verify()
        # Wrong tries of long ago lock nothing any more.
        forget_attempts(vault.engine, datetime.now(UTC) - _TRIES_KEPT)
    except (BusinessFileError, BadKeys) as error:
        stop(str(error))
    except SQLAlchemyError as error:
        stop(
            f"The database does not answer ({type(error).__name__}). "
            "CANTODESK_DATABASE_URL says which one is used; start it or change the address."
        )
    except CommandError:
        stop(
            "The database was made by another version of CantoDesk than this one. Install that "
            "version, or say in CANTODESK_DATABASE_URL which other database to use."
        )
    except OSError as error:
        stop(
            f"The folder {settings.home} cannot be used ({type(error).__name__}). "
            "CANTODESK_HOME says where keys and database are kept."
        )
    return business, vault


def load_demo(settings: Settings, vault: Vault, business: Business) -> None:
    """Fill an empty database of the local profile with the demo business."""
    if settings.profile != "local" or not is_empty(vault.engine):
        return
    print("Loading the demo business …", flush=True)
    for report in import_demo(vault, business):
        if not report.ok:
            stop(f"{report.file}: {report.errors[0]}")


def is_empty(engine: Engine) -> bool:
    """Whether there is no order yet."""
    with session(engine, reading=True) as opened:
        return not opened.scalar(select(func.count()).select_from(Order))


def ready_model(settings: Settings, project: Path) -> Path:
    """The model for the present data, trained now if there is none."""
    path = model_path(settings, project)
    if path.exists():
        return path
    print("Training a model for these data, about a minute …", flush=True)
    try:
        path, seconds = train(settings, project)
    except TrainingFailed as error:
        stop(str(error))
    print(f"Trained in {seconds:.0f} s.", flush=True)
    return path


def run_all(settings: Settings, model: Path) -> int:
    """All processes under honcho. One that ends takes the others with it."""
    manager = Manager()
    for process in PROCESSES:
        line = command(process, settings, model if process == "assistant" else None)
        manager.add_process(process, quoted(line), env=environment(settings))
    threading.Thread(target=announce, args=(settings,), daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0)


def quoted(line: list[str]) -> str:
    """For honcho, which gives the line to a shell: `exec` leaves no shell between us and Ctrl-C."""
    import shlex

    return f"exec {shlex.join(line)}"


def announce(settings: Settings) -> None:
    """Say where everything is once it answers."""
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline:
        if answers(f"{settings.url('desk')}/ready"):
            print(
                f"\n  Chat page   {settings.url('desk')}/\n"
                f"  REST        {settings.url('assistant')}/webhooks/rest/webhook\n"
                "  Ctrl-C ends everything.\n",
                flush=True,
            )
            return
        time.sleep(0.5)


def answers(url: str) -> bool:
    """Whether a page of ours answers with success."""
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310 - our own address
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
