"""Every scenario of this folder, played against the live stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from live import PROJECT, LiveStack
from player import Scenario, play, scenarios
from replies import Domain
from sqlalchemy import select

from cantodesk.storage.business_tables import Order, Ticket
from cantodesk.storage.conversation_tables import Handover
from cantodesk.storage.engine import session

HERE = Path(__file__).parent
DOMAIN = Domain.of(PROJECT)
SCENARIOS = list(scenarios(HERE))


def sender_of(scenario: Scenario) -> str:
    """A customer of this scenario alone."""
    return f"scenario-{SCENARIOS.index(scenario)}"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: f"{s.file}: {s.name}")
def test_scenario(scenario: Scenario, live: LiveStack) -> None:
    sender = sender_of(scenario)
    played = play(scenario, live.url, sender, DOMAIN)
    if played.problem is not None:
        pytest.fail(played.problem, pytrace=False)
    for what, wanted in scenario.then.items():
        found = held(live, sender, what, wanted)
        if found != wanted:
            pytest.fail(f"{scenario.name}: afterwards {what} is {found}, not {wanted}", False)


def held(live: LiveStack, sender: str, what: str, wanted: Any) -> Any:
    """What the database holds of this customer, in the form in which ``wanted`` is written."""
    ref = live.services.vault.customer_ref(sender)
    with session(live.services.vault.engine, reading=True) as opened:
        if what == "orders":
            rows = opened.scalars(select(Order).where(Order.order_id.in_(wanted)))
            return {row.order_id: str(row.status) for row in rows}
        column = Ticket.topic if what == "tickets" else Handover.reason
        of = Ticket if what == "tickets" else Handover
        found = sorted(map(str, opened.scalars(select(column).where(of.conversation_ref == ref))))
    return len(found) if isinstance(wanted, int) else found


def test_every_expected_reply_exists() -> None:
    known = {name for name, _ in DOMAIN.patterns}
    asked = {
        name
        for scenario in SCENARIOS
        for turn in scenario.turns
        for wanted in turn.expect or ()
        for name in wanted.split("|")
    }
    assert sorted(asked - known) == []


def test_names_are_different() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert sorted(set(names)) == sorted(names)
