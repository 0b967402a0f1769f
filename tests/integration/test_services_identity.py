"""Who may see an order: four digits, three tries, one quarter of an hour."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from business_samples import StandingClock, at_once
from sqlalchemy import Engine, select

from cantodesk.services.attempts import forget_attempts
from cantodesk.services.identity import Identity, IdentityCheck
from cantodesk.services.shop import Shop
from cantodesk.storage.business_tables import IdentityAttempt
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

VERIFIED, REFUSED, LOCKED = IdentityCheck.VERIFIED, IdentityCheck.REFUSED, IdentityCheck.LOCKED
ORDER, RIGHT, WRONG = "HK20261234", "5678", "0000"
NO_ORDER = "HK29990000"


@pytest.mark.parametrize(
    ("order_id", "digits"),
    [(ORDER, RIGHT), ("hk 2026-1234", "５６７８"), ("#20261234", "9123 5678")],
)
def test_the_right_digits_verify_however_they_are_typed(
    shop: Shop, order_id: str, digits: str
) -> None:
    assert shop.identity.verify(order_id, digits) is VERIFIED


@pytest.mark.parametrize("order_id", [ORDER, NO_ORDER])
def test_an_order_that_does_not_exist_answers_like_wrong_digits(shop: Shop, order_id: str) -> None:
    answers = [shop.identity.verify(order_id, WRONG) for _ in range(5)]
    assert answers == [REFUSED, REFUSED, LOCKED, LOCKED, LOCKED]


def test_a_locked_order_is_refused_even_with_the_right_digits(
    shop: Shop, clock: StandingClock
) -> None:
    for _ in range(3):
        shop.identity.verify(ORDER, WRONG)
    assert shop.identity.verify(ORDER, RIGHT) is LOCKED
    clock.move(minutes=14, seconds=59)
    assert shop.identity.verify(ORDER, RIGHT) is LOCKED
    clock.move(seconds=1)
    assert shop.identity.verify(ORDER, RIGHT) is VERIFIED


def test_trying_a_locked_order_does_not_lengthen_the_lock(shop: Shop, clock: StandingClock) -> None:
    for _ in range(3):
        shop.identity.verify(ORDER, WRONG)
    clock.move(minutes=10)
    assert shop.identity.verify(ORDER, WRONG) is LOCKED
    clock.move(minutes=5)
    assert shop.identity.verify(ORDER, RIGHT) is VERIFIED


def test_after_the_lock_there_are_three_tries_again(shop: Shop, clock: StandingClock) -> None:
    for _ in range(3):
        shop.identity.verify(ORDER, WRONG)
    clock.move(minutes=15)
    assert [shop.identity.verify(ORDER, WRONG) for _ in range(3)] == [REFUSED, REFUSED, LOCKED]


def test_a_success_clears_the_count(shop: Shop) -> None:
    for _ in range(2):
        shop.identity.verify(ORDER, WRONG)
    assert shop.identity.verify(ORDER, RIGHT) is VERIFIED
    assert [shop.identity.verify(ORDER, WRONG) for _ in range(2)] == [REFUSED, REFUSED]


def test_the_lock_holds_in_every_conversation_and_for_this_order_alone(
    shop: Shop, engine: Engine, vault: Vault, clock: StandingClock
) -> None:
    elsewhere = Identity(engine, vault, clock)
    for identity in (shop.identity, elsewhere, shop.identity):
        identity.verify(ORDER, WRONG)
    assert elsewhere.verify(ORDER, RIGHT) is LOCKED
    assert elsewhere.verify("HK20261235", RIGHT) is VERIFIED


@pytest.mark.parametrize("digits", ["", "56 7", "abcd", "15678", "1234567890123"])
def test_what_cannot_be_four_digits_is_a_wrong_try(shop: Shop, digits: str) -> None:
    assert [shop.identity.verify(ORDER, digits) for _ in range(3)] == [REFUSED, REFUSED, LOCKED]


@pytest.mark.parametrize(
    "order_id", ["", "HK123", "'; DROP TABLE orders;--", "HK2026123४", "x" * 9999]
)
def test_what_cannot_be_an_order_is_refused_and_leaves_no_row(
    shop: Shop, engine: Engine, order_id: str
) -> None:
    assert [shop.identity.verify(order_id, RIGHT) for _ in range(4)] == [REFUSED] * 4
    with session(engine, reading=True) as opened:
        assert opened.scalars(select(IdentityAttempt)).all() == []


@pytest.mark.parametrize("order_id", [ORDER, NO_ORDER])
def test_of_many_wrong_tries_at_once_only_three_are_judged(shop: Shop, order_id: str) -> None:
    answers = at_once(8, lambda _: shop.identity.verify(order_id, WRONG))
    assert sorted(answers) == sorted([REFUSED] * 2 + [LOCKED] * 6)
    assert shop.identity.verify(order_id, RIGHT) is LOCKED


def test_guessing_all_at_once_finds_nothing_after_the_third(shop: Shop, engine: Engine) -> None:
    """Two wrong tries are counted: of six at once, one is still judged and the rest are locked."""
    for _ in range(2):
        shop.identity.verify(ORDER, WRONG)
    answers = at_once(6, lambda number: shop.identity.verify(ORDER, f"{number:04d}"))
    assert answers == [LOCKED] * 6
    with session(engine, reading=True) as opened:
        assert opened.scalar(select(IdentityAttempt.failures)) == 3


def test_the_table_of_attempts_does_not_name_orders(shop: Shop, engine: Engine) -> None:
    shop.identity.verify(ORDER, WRONG)
    with session(engine, reading=True) as opened:
        row = opened.scalars(select(IdentityAttempt)).one()
    assert "20261234" not in row.subject
    assert len(row.subject) == 64


def test_old_attempts_are_forgotten_and_locks_are_not(
    shop: Shop, engine: Engine, clock: StandingClock
) -> None:
    shop.identity.verify("HK20261235", WRONG)
    clock.move(days=2)
    for _ in range(3):
        shop.identity.verify(ORDER, WRONG)
    assert forget_attempts(engine, clock.now - timedelta(days=1)) == 1
    assert shop.identity.verify(ORDER, RIGHT) is LOCKED


def test_without_a_database_it_is_unavailable_and_the_log_says_only_what_failed(
    broken_shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="cantodesk"):
        assert broken_shop.identity.verify(ORDER, RIGHT) is IdentityCheck.UNAVAILABLE
    assert "OperationalError" in caplog.text
    assert ORDER not in caplog.text
    assert "Traceback" not in caplog.text
