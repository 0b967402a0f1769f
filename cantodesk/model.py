"""The trained model that belongs to the data as they are now."""

from __future__ import annotations

import hashlib
import subprocess
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from cantodesk.processes import environment, rasa
from cantodesk.settings import Settings

# Code of ours whose change makes an old model wrong.
_CODE = ("understanding", "dialogue")
_YAML = (".yml", ".yaml")
_KEPT = 3


class TrainingFailed(Exception):
    """Rasa could not train. The message says why and where the whole log is."""


def sources(project: Path) -> Iterator[Path]:
    """Every file a model is made of, in a stable order."""
    yield project / "config.yml"
    yield project / "domain.yml"
    # Rasa trains on both spellings.
    yield from sorted(p for p in (project / "data").rglob("*.y*ml") if p.suffix in _YAML)
    for room in _CODE:
        yield from sorted((Path(__file__).parent / room).glob("*.py"))


def fingerprint(project: Path) -> str:
    """Twelve hexadecimal digits that change with any of the sources and with Rasa."""
    digest = hashlib.sha256(version("rasa").encode())
    for path in sources(project):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def model_path(settings: Settings, project: Path) -> Path:
    """Where the model for the present data is, or will be."""
    return settings.models_dir / f"cantodesk-{fingerprint(project)}.tar.gz"


def train(settings: Settings, project: Path) -> tuple[Path, float]:
    """Train and keep the model; its path and the seconds it took.

    Raises:
        TrainingFailed: with Rasa's own last error.
    """
    wanted = model_path(settings, project)
    log = settings.home / "train.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    name = wanted.name.removesuffix(".tar.gz")
    # `cantodesk check` and `rasa data validate` look for mistakes; a second look here costs a minute.
    fixed = ("--fixed-model-name", name, "--out", str(settings.models_dir))
    line = rasa("train", "--skip-validation", *fixed)
    started = time.monotonic()
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(  # noqa: S603
            line,
            cwd=project,
            # Training has the machine to itself.
            env={**environment(settings), "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0 or not wanted.exists():
        raise TrainingFailed(f"Training failed: {last_error(log)} The whole log is in {log}.")
    forget_old(settings.models_dir, wanted)
    return wanted, time.monotonic() - started


def last_error(log: Path) -> str:
    """The last line of a log that names an error, as a sentence."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    named = [line.strip() for line in lines if "Error" in line or "Exception" in line]
    last = (named or [line for line in lines if line.strip()] or ["no output"])[-1]
    return last.rstrip(".") + "."


def forget_old(folder: Path, keep: Path) -> None:
    """Leave the newest few models, and the one in use in any case."""
    models = sorted(folder.glob("cantodesk-*.tar.gz"), key=lambda p: p.stat().st_mtime)
    for path in models[:-_KEPT]:
        if path != keep:
            path.unlink(missing_ok=True)
