"""Designers' language files: read at training, kept in the model, read back from it.

A component that reads ``data/language/<name>.yml`` must notice an edit (its
fingerprint) and must run from the model alone (its resource). This is the one
place that does both.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from ruamel.yaml import YAML

from cantodesk.settings import get_settings

# What our modules call in their turn: naming one in a fingerprint names these too.
_CALLS = {"written": ("signs", "normalisation")}


def language_path(name: str) -> Path:
    """Where the designers keep a language file."""
    return get_settings().language_dir / f"{name}.yml"


def read_language_file(name: str) -> Any:
    """The content of ``data/language/<name>.yml`` as plain dictionaries and lists.

    Raises:
        FileNotFoundError, ruamel.yaml.error.YAMLError: with the file's name in it.
    """
    # The safe reader of the YAML library, not Rasa's: Rasa's expands ${VARIABLES} of the environment.
    return YAML(typ="safe").load(language_path(name).read_text(encoding="utf-8")) or {}


def fingerprint_of(*names: str, code: tuple[str, ...] = ()) -> str:
    """A hash of language files and of our modules a component calls.

    Rasa's own fingerprint sees only the component's class: without this, an edit
    of a list or of a helper would not retrain anything.
    """
    digest = hashlib.sha256()
    here = Path(__file__).parent
    modules = dict.fromkeys([*code, *(called for m in code for called in _CALLS.get(m, ()))])
    for path in [language_path(n) for n in names] + [here / f"{m}.py" for m in modules]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes() if path.exists() else b"absent")
    return digest.hexdigest()


def keep(storage: ModelStorage, resource: Resource, content: Any) -> None:
    """Write JSON-like content into the model."""
    with storage.write_to(resource) as folder:
        (folder / "content.json").write_text(
            json.dumps(content, ensure_ascii=False), encoding="utf-8"
        )


def kept(storage: ModelStorage, resource: Resource) -> Any:
    """Read back what :func:`keep` wrote."""
    with storage.read_from(resource) as folder:
        return json.loads((folder / "content.json").read_text(encoding="utf-8"))
