from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select, update

from cantodesk.storage.conversation_tables import CustomerKey
from cantodesk.storage.crypto import BadKeys, CannotDecrypt, MasterKeys
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

TEXT = "我住旺角彌敦道".encode()


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def keys_stored(engine: Engine) -> int:
    with session(engine, reading=True) as opened:
        return opened.scalar(select(func.count()).select_from(CustomerKey)) or 0


def test_refs_hide_the_sender_and_belong_to_one_tenant(engine: Engine, keys: MasterKeys) -> None:
    shop, other = Vault(engine, keys, "shop"), Vault(engine, keys, "other")
    ref = shop.customer_ref("85291234567")
    assert len(ref) == 64
    assert "9123" not in ref
    assert ref == shop.customer_ref("85291234567")
    assert ref != shop.customer_ref("85291234568")
    assert ref != other.customer_ref("85291234567")
    # A hostile id is somebody else's to refuse; it must not crash the vault.
    assert len(shop.customer_ref("a\ud83d")) == 64


def test_lookups_of_different_purposes_cannot_be_joined(vault: Vault) -> None:
    assert vault.lookup_hash("phone", "91234567") == vault.lookup_hash("phone", "91234567")
    hashes = {
        vault.lookup_hash("phone", "91234567"),
        vault.lookup_hash("order", "91234567"),
        vault.customer_ref("91234567"),
    }
    assert len(hashes) == 3


def test_what_is_sealed_opens_in_its_place_only(vault: Vault) -> None:
    sealed = vault.seal("a", "event", "1", TEXT)
    assert TEXT not in sealed
    assert vault.open("a", "event", "1", sealed) == TEXT
    vault.seal("b", "event", "1", TEXT)
    for ref, kind, uid in [("a", "event", "2"), ("a", "message", "1"), ("b", "event", "1")]:
        with pytest.raises(CannotDecrypt):
            vault.open(ref, kind, uid, sealed)


def test_a_row_of_another_tenant_does_not_open(engine: Engine, keys: MasterKeys) -> None:
    sealed = Vault(engine, keys, "shop").seal("a", "event", "1", TEXT)
    with pytest.raises(CannotDecrypt):
        Vault(engine, keys, "other").open("a", "event", "1", sealed)


def test_another_process_opens_it(engine: Engine, vault: Vault, keys: MasterKeys) -> None:
    sealed = vault.seal("a", "event", "1", TEXT)
    assert Vault(engine, keys, "shop").open("a", "event", "1", sealed) == TEXT


def test_erasing_makes_everything_of_this_customer_unreadable(vault: Vault) -> None:
    mine, theirs = vault.seal("a", "event", "1", TEXT), vault.seal("b", "event", "1", TEXT)
    assert vault.erase("a") is True
    assert vault.erase("a") is False
    with pytest.raises(CannotDecrypt):
        vault.open("a", "event", "1", mine)
    assert vault.open("b", "event", "1", theirs) == TEXT
    # The customer comes back: a new key, which does not open what was.
    assert vault.open("a", "event", "2", vault.seal("a", "event", "2", TEXT)) == TEXT
    with pytest.raises(CannotDecrypt):
        vault.open("a", "event", "1", mine)


def test_other_processes_notice_an_erasure(engine: Engine, keys: MasterKeys) -> None:
    clock = Clock()
    here, there = Vault(engine, keys, "shop"), Vault(engine, keys, "shop", clock)
    sealed = here.seal("a", "event", "1", TEXT)
    assert there.open("a", "event", "1", sealed) == TEXT
    here.erase("a")
    clock.now += 60
    with pytest.raises(CannotDecrypt):
        there.open("a", "event", "1", sealed)


def test_nothing_is_sealed_with_a_key_erased_elsewhere(engine: Engine, keys: MasterKeys) -> None:
    clock = Clock()
    here, there = Vault(engine, keys, "shop"), Vault(engine, keys, "shop", clock)
    there.seal("a", "event", "1", TEXT)
    here.erase("a")
    clock.now += 1
    sealed = there.seal("a", "event", "2", TEXT)
    assert Vault(engine, keys, "shop").open("a", "event", "2", sealed) == TEXT


def test_a_key_made_anew_elsewhere_is_found_at_once(engine: Engine, keys: MasterKeys) -> None:
    here, there = Vault(engine, keys, "shop"), Vault(engine, keys, "shop", Clock())
    there.seal("a", "event", "1", TEXT)
    here.erase("a")
    sealed = here.seal("a", "event", "2", TEXT)
    assert there.open("a", "event", "2", sealed) == TEXT


def test_two_that_seal_first_at_once_share_one_key(engine: Engine, keys: MasterKeys) -> None:
    vaults = [Vault(engine, keys, "shop") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        sealed = list(pool.map(lambda vault: vault.seal("a", "event", "1", TEXT), vaults))
    assert keys_stored(engine) == 1
    assert {vaults[0].open("a", "event", "1", value) for value in sealed} == {TEXT}


def test_rewrap_moves_the_keys_and_not_the_values(engine: Engine) -> None:
    lookup, first, second = os.urandom(32), os.urandom(32), os.urandom(32)
    old = Vault(engine, MasterKeys({1: first}, 1, lookup), "shop")
    sealed = {ref: old.seal(ref, "event", "1", TEXT) for ref in ("a", "b", "c")}
    both = Vault(engine, MasterKeys({1: first, 2: second}, 2, lookup), "shop")
    assert both.rewrap() == 3
    assert both.rewrap() == 0
    new = Vault(engine, MasterKeys({2: second}, 2, lookup), "shop")
    assert [new.open(ref, "event", "1", value) for ref, value in sealed.items()] == [TEXT] * 3


def test_rewrap_leaves_a_damaged_key_and_goes_on(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    lookup, first, second = os.urandom(32), os.urandom(32), os.urandom(32)
    old = Vault(engine, MasterKeys({1: first}, 1, lookup), "shop")
    for ref in ("a", "b"):
        old.seal(ref, "event", "1", TEXT)
    with session(engine) as opened:
        opened.execute(update(CustomerKey).where(CustomerKey.ref == "a").values(wrapped=b"x" * 60))
    assert Vault(engine, MasterKeys({1: first, 2: second}, 2, lookup), "shop").rewrap() == 1
    assert "1 data keys do not unwrap" in caplog.text


def test_an_absent_master_key_is_said_and_no_customer_is_blamed(
    engine: Engine, vault: Vault, keys: MasterKeys
) -> None:
    sealed = vault.seal("a", "event", "1", TEXT)
    without = Vault(engine, MasterKeys({7: os.urandom(32)}, 7, keys.lookup), "shop")
    for work in (
        lambda: without.open("a", "event", "1", sealed),
        lambda: without.seal("a", "event", "1", TEXT),
        without.verify,
        without.rewrap,
    ):
        with pytest.raises(BadKeys, match="version 1 is in use"):
            work()


def test_verify_knows_the_keys_of_this_database(
    engine: Engine, vault: Vault, keys: MasterKeys
) -> None:
    vault.verify()
    for ref in ("a", "b"):
        vault.seal(ref, "event", "1", TEXT)
    vault.verify()
    with pytest.raises(BadKeys, match="does not open this database"):
        Vault(engine, MasterKeys({1: os.urandom(32)}, 1, keys.lookup), "shop").verify()
