"""Refunds: the shop's policy says yes, no, or ask a person."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import wording
from actions.cases import open_ticket
from actions.forms import AboutAnOrder, FormValidation, accepted
from actions.orders import refund_line, verified_order
from actions.turn import CustomerTurn, SkillAction, failed
from cantodesk.services.orders import OrderView
from cantodesk.services.refunds import RefundAssessment, RefundRequest, RefundVerdict

WHOLE = "all"
_ALL = re.compile(r"全部|所有|成張|全單|晒|整張|整张|都退|all|everything|whole", re.IGNORECASE)
# Verdicts that end in a plain explanation; the others need a person.
_EXPLAINED = {
    RefundVerdict.TOO_LATE: "utter_refund_too_late",
    RefundVerdict.NOT_DELIVERED: "utter_refund_not_delivered",
    RefundVerdict.CANCELLED: "utter_order_cancelled",
    RefundVerdict.RETURNED: "utter_order_returned",
    RefundVerdict.NOT_PAID: "utter_refund_not_paid",
    RefundVerdict.ALREADY_REQUESTED: "utter_refund_already",
    RefundVerdict.ALREADY_REFUNDED: "utter_refund_already",
    RefundVerdict.NOT_RETURNABLE: "utter_refund_not_returnable",
}


class ValidateRefundForm(AboutAnOrder, FormValidation):
    form = "refund_form"
    slots = ("order_id", "phone_last4", "refund_item", "refund_reason")
    own = frozenset({"request_refund", "report_wrong_or_damaged_item", "request_exchange"})
    free_text = frozenset({"refund_item", "refund_reason"})

    async def check(self, turn: CustomerTurn, slot: str, value: Any) -> dict[str, Any]:
        if slot == "refund_item":
            return await self._item(turn, str(value))
        if slot == "refund_reason":
            return {slot: str(value).strip() or None}
        return await super().check(turn, slot, value)

    async def _item(self, turn: CustomerTurn, said: str) -> dict[str, Any]:
        order = await verified_order(turn)
        # 退個風筒: the list's own names seldom are what the customer calls the thing.
        item = (
            chosen_item(order, said) or the_only_item(order, turn.entity("product"))
            if order
            else None
        )
        if item is None:
            turn.say("utter_refund_item_refused")
        return accepted("refund_item", item)

    async def settle(self, turn: CustomerTurn, given: set[str]) -> list[EventType]:
        events = await super().settle(turn, given)
        known = turn.slot("order_id") and turn.slot("phone_last4") and not events
        if known and turn.slot("refund_item") is None:
            order = await verified_order(turn)
            sku = the_only_item(order, turn.entity("product")) if order else None
            if sku:
                events = [SlotSet("refund_item", sku)]
        return events

    async def wanted(self, turn: CustomerTurn) -> list[str]:
        # Where the policy refuses the whole order anyway, the reason is not asked for.
        if turn.slot("order_id") and turn.slot("phone_last4"):
            order = await verified_order(turn)
            item = turn.slot("refund_item")
            if order and refused(turn, order, item):
                return ["order_id", "phone_last4"]
        return list(self.slots)


class ActionAskRefundItem(SkillAction):
    """Lists the goods of the order, as buttons too."""

    action = "action_ask_refund_item"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        order = await verified_order(turn)
        if order is None:
            return []
        names = [item.name.text(turn.language) for item in order.items]
        titles = [*names, wording.phrase("all_items", turn.language)]
        lines = "".join(f"\n{i}. {title}" for i, title in enumerate(titles, 1))
        buttons = [{"title": t, "payload": str(i)} for i, t in enumerate(titles, 1)]
        turn.say("utter_choose_refund_item", items=lines, buttons=buttons)
        return []


class ActionRequestRefund(SkillAction):
    action = "action_request_refund"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        done = [SlotSet("refund_item", None), SlotSet("refund_reason", None)]
        order = await verified_order(turn)
        if order is None:
            return [*done, failed("not_verified")]
        item, reason = turn.slot("refund_item"), turn.slot("refund_reason") or ""
        verdict = assess(turn, order, item)
        if verdict.verdict is not RefundVerdict.ELIGIBLE:
            await explain(turn, order, verdict, reason)
            return done
        answer = await turn.ask(
            turn.services.shop.refunds.request,
            order.order_id,
            turn.slot("phone_last4"),
            conversation_ref=turn.ref,
            item=None if item == WHOLE else item,
            reason=reason,
        )
        if answer.status is RefundRequest.REQUESTED and answer.refund:
            ticket = await open_ticket(
                turn, "request_refund", {"item": item, "reason": reason}, order_id=order.order_id
            )
            amount = wording.money(answer.refund.amount_hkd)
            turn.say("utter_refund_requested", amount=amount, **ticket)
        else:
            await explain(turn, order, answer.assessment or verdict, reason)
        return done


async def explain(
    turn: CustomerTurn, order: OrderView, found: RefundAssessment, reason: str
) -> None:
    """Say why there is no refund now, or open a case where a person must judge."""
    response = _EXPLAINED.get(found.verdict)
    if response is None:
        ticket = await open_ticket(
            turn, "request_refund", {"reason": reason}, order_id=order.order_id
        )
        turn.say("utter_refund_for_a_person", **ticket)
        return
    turn.say(
        response,
        order_id=order.order_id,
        items=wording.items(order, turn.language),
        refund=refund_line(order, turn.language),
        last_day=wording.day(found.last_day, turn.language) if found.last_day else "",
    )


def assess(turn: CustomerTurn, order: OrderView, item: str | None) -> RefundAssessment:
    """The policy's verdict on one article, or on the whole order."""
    return turn.services.shop.refunds.assess(order, None if item in (None, WHOLE) else item)


def refused(turn: CustomerTurn, order: OrderView, item: str | None) -> bool:
    """Whether the policy says no, whatever the reason of the customer would be."""
    verdict = assess(turn, order, item).verdict
    if item is None and verdict is RefundVerdict.NOT_RETURNABLE:
        # One of several goods that may not come back says nothing of the others.
        return all(
            assess(turn, order, line.sku).verdict is RefundVerdict.NOT_RETURNABLE
            for line in order.items
        )
    return verdict in _EXPLAINED


def the_only_item(order: OrderView, kind: str | None) -> str | None:
    """The SKU that needs no question: the order's only one, or its only one of the kind named."""
    found = [item.sku for item in order.items if item.kind == kind] or [i.sku for i in order.items]
    return found[0] if len(found) == 1 else None


def chosen_item(order: OrderView, said: str) -> str | None:
    """The SKU a customer means: by number in the list, by name or part of it, or WHOLE."""
    plain = said.strip().lower()
    number = re.fullmatch(
        r"(?:第)?\s*(\d{1,2}|[一二三四五六七八九])\s*(?:個|个|件|样|樣|項|项)?[.。]?", plain
    )
    if number:
        digit = number[1]
        index = int(digit) if digit.isdigit() else "一二三四五六七八九".index(digit) + 1
        if index == len(order.items) + 1:
            return WHOLE
        return order.items[index - 1].sku if 1 <= index <= len(order.items) else None
    if _ALL.fullmatch(plain):
        return WHOLE  # before it is found inside "small towel"
    for item in order.items:
        names = [item.name.yue, item.name.en, item.name.zh, item.kind]
        if any(
            n and (n.lower() in plain or (len(plain) >= 2 and plain in n.lower())) for n in names
        ):
            return item.sku
    return WHOLE if _ALL.search(plain) else None
