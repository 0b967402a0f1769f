"""Designers' files: read at training, kept in the model."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from ruamel.yaml.error import YAMLError

from cantodesk.understanding.language_files import fingerprint_of, keep, kept, read_language_file


def test_a_file_is_plain_dictionaries_and_lists(data: Path) -> None:
    assert read_language_file("variants")["romanised"] == {"m goi": "唔該"}


def test_an_empty_file_is_an_empty_dictionary(data: Path) -> None:
    (data / "language/written.yml").write_text("# nothing yet\n", encoding="utf-8")
    assert read_language_file("written") == {}


def test_a_missing_file_is_named(data: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.yml"):
        read_language_file("nothing")


def test_broken_yaml_is_refused(data: Path) -> None:
    (data / "language/written.yml").write_text("written: [", encoding="utf-8")
    with pytest.raises(YAMLError):
        read_language_file("written")


def test_the_environment_is_never_read_into_a_file(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET", "1234")
    (data / "language/written.yml").write_text("written: {x: '${A_SECRET}'}", encoding="utf-8")
    assert read_language_file("written") == {"written": {"x": "${A_SECRET}"}}


def test_python_objects_are_refused(data: Path) -> None:
    path = data / "language/written.yml"
    path.write_text("written: !!python/object/apply:os.getcwd []", encoding="utf-8")
    with pytest.raises(YAMLError):
        read_language_file("written")


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("words")
    keep(storage, resource, {"嘅": ["的", 1, None]})
    assert kept(storage, resource) == {"嘅": ["的", 1, None]}


def test_a_fingerprint_is_of_contents_not_of_times(data: Path) -> None:
    before = fingerprint_of("variants", code=("values",))
    path = data / "language/variants.yml"
    path.write_bytes(path.read_bytes())
    assert fingerprint_of("variants", code=("values",)) == before
