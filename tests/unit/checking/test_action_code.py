"""Which variables the actions pass to a reply, read from their source."""

from __future__ import annotations

from pathlib import Path

import pytest

from cantodesk.checking.action_code import read_action_code

SOURCE = """
_BY_VERDICT = {1: "utter_late", 2: "utter_paid"}


class Show(SkillAction):
    action = "action_show"

    async def act(self, turn):
        turn.say(f"utter_order_{status}", items=1, refund=2)
        turn.say("utter_order_late", eta=1)
        turn.say("utter_order_late", eta=2, courier=3)
        turn.say("utter_open" if yes else "utter_closed", hotline=1)
        ticket = await open_ticket(turn)
        turn.say("utter_ticket", amount=1, **ticket)
        turn.say("utter_mystery", **whatever())
        turn.say(response="utter_named", a=1)


async def open_ticket(turn):
    if turn:
        return {"ticket": 1, "due": 2, "more": 3}
    return {"ticket": 1, "due": 2}


async def explain(turn, response):
    turn.say(response, order_id=1)
"""


@pytest.mark.parametrize(
    ("response", "variables"),
    [
        # One of several that the name may stand for.
        ("utter_order_shipped", {"items", "refund"}),
        # Named in full twice: only what both pass is sure.
        ("utter_order_late", {"eta"}),
        ("utter_open", {"hotline"}),
        ("utter_closed", {"hotline"}),
        # The dictionary comes from a function of ours.
        ("utter_ticket", {"amount", "ticket", "due"}),
        # The source does not tell.
        ("utter_mystery", None),
        ("utter_named", {"a"}),
        # Chosen from a dictionary of the same file.
        ("utter_late", {"order_id"}),
        ("utter_nobody", set()),
    ],
)
def test_variables_passed(tmp_path: Path, response: str, variables: set[str] | None) -> None:
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "orders.py").write_text(SOURCE, encoding="utf-8")
    assert read_action_code(tmp_path).passed_to(response) == variables
