"""Opening tickets and finding them again."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from business_samples import StandingClock, at_once, hong_kong
from sqlalchemy import Engine, func, select

from cantodesk.services.departments import Department
from cantodesk.services.shop import Shop
from cantodesk.services.tickets import TicketAnswer, TicketLookup, TicketOpening
from cantodesk.storage.business_tables import Priority, Ticket, TicketStatus
from cantodesk.storage.engine import session
from cantodesk.storage.vault import Vault

REF, OTHER = "c" * 64, "d" * 64
DETAILS = {"what": "冷氣滴水，電話打唔通", "floor": 12}


def open_one(
    shop: Shop,
    ref: str = REF,
    contact: str | None = "+852 6123 4567",
    key: str | None = None,
    department: Department = Department.PROPERTY,
    priority: Priority = Priority.NORMAL,
    order_id: str | None = None,
) -> TicketAnswer:
    return shop.tickets.open(
        "report_repair",
        department,
        ref,
        details=DETAILS,
        contact=contact,
        order_id=order_id,
        language="en",
        priority=priority,
        idempotency_key=key,
    )


def number_of(answer: TicketAnswer) -> str:
    assert answer.status is TicketOpening.OPENED
    assert answer.number is not None
    return answer.number


def count(engine: Engine) -> int:
    with session(engine, reading=True) as opened:
        return opened.scalar(select(func.count()).select_from(Ticket)) or 0


def test_a_ticket_has_a_number_and_a_promise(shop: Shop) -> None:
    answer = open_one(shop)
    number = number_of(answer)
    assert len(number) == 8
    assert number.startswith("T-")
    assert number[2:].isdigit()
    # Tuesday evening: nine open hours of the management office, whose day has eight, end on
    # Thursday at ten.
    assert answer.due_at == hong_kong("2026-11-26 10:00")


def test_a_high_priority_is_promised_sooner(shop: Shop) -> None:
    answer = open_one(shop, priority=Priority.HIGH)
    assert answer.due_at == hong_kong("2026-11-25 13:00")


def test_the_promise_keeps_the_hours_of_the_department(shop: Shop) -> None:
    answer = open_one(shop, department=Department.LETTING, priority=Priority.URGENT)
    assert answer.due_at == hong_kong("2026-11-25 12:00")


def test_the_conversation_that_opened_it_sees_it(shop: Shop) -> None:
    number = number_of(open_one(shop, order_id="hk2026-1234"))
    for typed in (number, number.lower(), number.replace("-", ""), f" {number[2:]} "):
        answer = shop.tickets.find(typed, REF)
        assert answer.status is TicketLookup.FOUND
    ticket = answer.ticket
    assert ticket is not None
    assert (ticket.number, ticket.status, ticket.topic) == (
        number,
        TicketStatus.OPEN,
        "report_repair",
    )
    assert (ticket.department, ticket.priority) == (Department.PROPERTY, Priority.NORMAL)
    assert (ticket.order_id, ticket.language) == ("HK20261234", "en")


def test_another_conversation_needs_the_contacts_last_four_digits(shop: Shop) -> None:
    number = number_of(open_one(shop))
    assert shop.tickets.find(number, OTHER).status is TicketLookup.NOT_VERIFIED
    assert shop.tickets.find(number).status is TicketLookup.NOT_VERIFIED
    assert shop.tickets.find(number, OTHER, "4567").status is TicketLookup.FOUND


@pytest.mark.parametrize("exists", [True, False])
def test_three_wrong_digits_lock_a_ticket_whether_it_exists_or_not(
    shop: Shop, clock: StandingClock, exists: bool
) -> None:
    real = number_of(open_one(shop))
    number = real if exists else f"T-{(int(real[2:]) + 1) % 1_000_000:06d}"
    answers = [shop.tickets.find(number, OTHER, "0000") for _ in range(3)]
    assert [answer.status for answer in answers] == [
        TicketLookup.NOT_VERIFIED,
        TicketLookup.NOT_VERIFIED,
        TicketLookup.LOCKED,
    ]
    assert all(answer.ticket is None for answer in answers)
    assert shop.tickets.find(number, None, "4567").status is TicketLookup.LOCKED
    if exists:
        # The customer who opened it is not shut out by a guesser.
        assert shop.tickets.find(number, REF).status is TicketLookup.FOUND
        clock.move(minutes=15)
        assert shop.tickets.find(number, None, "4567").status is TicketLookup.FOUND


def test_asking_without_digits_is_no_try(shop: Shop) -> None:
    number = number_of(open_one(shop))
    for _ in range(5):
        shop.tickets.find(number, OTHER)
    assert shop.tickets.find(number, OTHER, "4567").status is TicketLookup.FOUND


def test_a_ticket_without_a_contact_cannot_be_guessed(shop: Shop) -> None:
    number = number_of(open_one(shop, contact=None))
    assert shop.tickets.find(number, OTHER, "").status is TicketLookup.NOT_VERIFIED
    assert shop.tickets.find(number, OTHER, "0000").status is TicketLookup.NOT_VERIFIED


def test_what_is_no_ticket_number_is_not_found(shop: Shop) -> None:
    for typed in ("", "T-12", "T-1234567", "ticket", "x" * 5000):
        assert shop.tickets.find(typed, REF, "4567").status is TicketLookup.NOT_VERIFIED


def test_the_same_request_gives_the_same_ticket(shop: Shop, engine: Engine) -> None:
    first, again = open_one(shop, key="message 7"), open_one(shop, key="message 7")
    assert again == first
    assert count(engine) == 1
    assert open_one(shop, key="message 8") != first
    # A key belongs to its conversation.
    assert open_one(shop, ref=OTHER, key="message 7").number != first.number


def test_the_same_request_many_times_at_once_opens_one(shop: Shop, engine: Engine) -> None:
    answers = at_once(6, lambda _: open_one(shop, key="message 7"))
    assert len({number_of(answer) for answer in answers}) == 1
    assert count(engine) == 1


def test_tickets_opened_at_once_have_different_numbers(
    shop: Shop, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only twelve numbers to draw from, so that the same one is drawn many times.
    draw = secrets.randbelow
    monkeypatch.setattr(secrets, "randbelow", lambda _: draw(12))
    numbers = at_once(8, lambda n: number_of(open_one(shop, ref=f"{n:064d}")))
    assert len(set(numbers)) == 8
    assert count(engine) == 8


def test_without_a_free_number_the_ticket_is_unavailable(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda _: 4213)
    assert number_of(open_one(shop)) == "T-004213"
    assert open_one(shop).status is TicketOpening.UNAVAILABLE


def test_a_conversation_lists_what_is_open(shop: Shop, clock: StandingClock) -> None:
    first = number_of(open_one(shop))
    clock.move(minutes=1)
    second = number_of(open_one(shop))
    open_one(shop, ref=OTHER)
    listed = shop.tickets.list_open(REF)
    assert [ticket.number for ticket in listed.tickets] == [second, first]
    assert shop.tickets.set_status(first, TicketStatus.RESOLVED)
    listed = shop.tickets.list_open(REF)
    assert [ticket.number for ticket in listed.tickets] == [second]


def test_moving_a_ticket_on_says_when(shop: Shop, clock: StandingClock) -> None:
    number = number_of(open_one(shop))
    clock.move(hours=1)
    assert shop.tickets.set_status(number, TicketStatus.IN_PROGRESS)
    ticket = shop.tickets.find(number, REF).ticket
    assert ticket is not None
    assert ticket.status is TicketStatus.IN_PROGRESS
    assert ticket.updated_at - ticket.opened_at == timedelta(hours=1)
    assert not shop.tickets.set_status("T-999999x", TicketStatus.CLOSED)


def test_what_the_customer_wrote_is_sealed_with_the_customers_key(
    shop: Shop, engine: Engine, vault: Vault
) -> None:
    number = number_of(open_one(shop))
    with session(engine, reading=True) as opened:
        row = opened.get(Ticket, number)
    assert row is not None
    stored = repr([getattr(row, column.key) for column in Ticket.__table__.columns])
    for personal in ("滴水", "6123", "4567"):
        assert personal not in stored
        assert personal.encode() not in row.details + (row.contact or b"")
    contents = shop.tickets.contents(number)
    assert contents.status is TicketLookup.FOUND
    assert contents.details == DETAILS
    assert contents.contact == "+852 6123 4567"
    vault.erase(REF)
    assert shop.tickets.contents(number).status is TicketLookup.UNAVAILABLE


def test_without_a_database_tickets_are_unavailable(broken_shop: Shop) -> None:
    assert open_one(broken_shop) == TicketAnswer(TicketOpening.UNAVAILABLE)
    assert broken_shop.tickets.find("T-000001", REF).status is TicketLookup.UNAVAILABLE
    assert broken_shop.tickets.list_open(REF).status is TicketLookup.UNAVAILABLE
    assert broken_shop.tickets.contents("T-000001").status is TicketLookup.UNAVAILABLE
    assert not broken_shop.tickets.set_status("T-000001", TicketStatus.CLOSED)
