from __future__ import annotations

import base64
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.settings import Settings
from cantodesk.storage.crypto import (
    BadKeys,
    CannotDecrypt,
    MasterKeys,
    bound_to,
    derived,
    keyed_hash,
    seal,
    unseal,
)

KEY = bytes(range(32))


def encoded(key: bytes | None = None) -> str:
    return base64.b64encode(key if key is not None else os.urandom(32)).decode()


@given(st.binary(max_size=400), st.binary(max_size=40))
def test_a_sealed_value_opens_to_what_it_was(plaintext: bytes, aad: bytes) -> None:
    sealed = seal(KEY, plaintext, aad)
    assert unseal(KEY, sealed, aad) == plaintext
    assert len(sealed) == len(plaintext) + 29


def test_the_same_value_is_never_sealed_to_the_same_bytes() -> None:
    assert len({seal(KEY, b"same", b"") for _ in range(200)}) == 200


def test_a_change_of_any_byte_is_noticed() -> None:
    sealed = seal(KEY, "我想查訂單".encode(), b"row 1")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(CannotDecrypt):
            unseal(KEY, bytes(changed), b"row 1")
    for length in range(len(sealed)):
        with pytest.raises(CannotDecrypt):
            unseal(KEY, sealed[:length], b"row 1")


def test_a_value_does_not_open_in_another_place_or_with_another_key() -> None:
    sealed = seal(KEY, b"text", b"row 1")
    with pytest.raises(CannotDecrypt):
        unseal(KEY, sealed, b"row 2")
    with pytest.raises(CannotDecrypt):
        unseal(os.urandom(32), sealed, b"row 1")


@given(st.lists(st.text(max_size=6), max_size=4), st.lists(st.text(max_size=6), max_size=4))
def test_different_parts_never_bind_to_the_same_bytes(one: list[str], other: list[str]) -> None:
    assert (bound_to(*one) == bound_to(*other)) == (one == other)


def test_hashes_depend_on_key_and_purpose() -> None:
    assert derived(KEY, "sender") != derived(KEY, "phone")
    assert keyed_hash(KEY, "a", "bc") != keyed_hash(KEY, "ab", "c")
    assert keyed_hash(KEY, "a") != keyed_hash(os.urandom(32), "a")
    assert len(keyed_hash(KEY, "a")) == 64


def test_the_last_master_key_encrypts_and_all_of_them_decrypt() -> None:
    first, second = os.urandom(32), os.urandom(32)
    keys = MasterKeys.parse(f"2:{encoded(second)}, 1:{encoded(first)}", encoded())
    assert keys.newest == 1
    assert dict(keys.versions) == {1: first, 2: second}


SAME = encoded()


@pytest.mark.parametrize(
    ("master", "lookup", "sentence"),
    [
        ("", encoded(), "no master key"),
        (encoded(), encoded(), "version:key"),
        (f"one:{encoded()}", encoded(), "version:key"),
        (f"0:{encoded()}", encoded(), "version:key"),
        (f"1:{encoded(b'short')}", encoded(), "5 bytes and needs 32"),
        (f"1:{encoded(bytes(32))}", encoded(), "all zeros"),
        (f"1:{encoded(b'ab' * 16)}", encoded(), "pattern"),
        ("1:not base64!", encoded(), "not base64"),
        (f"1:{encoded()},1:{encoded()}", encoded(), "twice"),
        (f"1:{SAME},2:{SAME}", encoded(), "the same"),
        (f"1:{SAME}", SAME, "the same"),
        (f"1:{encoded()}", "", "0 bytes"),
    ],
)
def test_bad_keys_are_refused_with_a_sentence(master: str, lookup: str, sentence: str) -> None:
    with pytest.raises(BadKeys, match=sentence) as refused:
        MasterKeys.parse(master, lookup)
    assert SAME not in str(refused.value)


def test_keys_are_not_shown_when_printed() -> None:
    key = os.urandom(32)
    keys = MasterKeys({1: key}, 1, key)
    assert repr(key) not in repr(keys)


def test_the_key_file_is_made_private_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "home" / "keys.json"
    made = MasterKeys.from_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert MasterKeys.from_file(path) == made
    assert os.listdir(path.parent) == ["keys.json"]


def test_processes_that_start_together_use_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: MasterKeys.from_file(path).lookup, range(32)))
    assert len(set(made)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    MasterKeys.from_file(path)
    path.chmod(mode)
    with pytest.raises(BadKeys, match="chmod 600"):
        MasterKeys.from_file(path)


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"master_keys": "1:x"}', "\ud83d"])
def test_a_damaged_key_file_is_refused_and_not_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    data = content.encode("utf-8", "surrogatepass")
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(BadKeys, match="damaged"):
        MasterKeys.from_file(path)
    assert path.read_bytes() == data


def test_settings_bring_keys_or_the_local_profile_makes_them(tmp_path: Path) -> None:
    given_keys = Settings(master_keys=f"1:{SAME}", lookup_key=encoded())
    assert MasterKeys.from_settings(given_keys).versions[1] == base64.b64decode(SAME)

    local = Settings(home=tmp_path / "home")
    made = MasterKeys.from_settings(local)
    assert json.loads(local.key_file.read_text())["master_keys"].startswith("1:")
    assert MasterKeys.from_settings(local) == made

    with pytest.raises(BadKeys, match="CANTODESK_LOOKUP_KEY"):
        MasterKeys.from_settings(Settings(master_keys=f"1:{SAME}"))
