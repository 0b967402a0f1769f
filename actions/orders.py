"""Orders: where it is, and cancelling it."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import wording
from actions.cases import open_ticket
from actions.forms import AboutAnOrder, FormValidation
from actions.turn import CustomerTurn, SkillAction, failed
from cantodesk.services.orders import Cancellation, OrderLookup, OrderView
from cantodesk.storage.business_tables import OrderStatus


class ValidateTrackOrderForm(AboutAnOrder, FormValidation):
    form = "track_order_form"
    slots = ("order_id", "phone_last4")
    own = frozenset({"track_order"})


class ValidateCancelOrderForm(AboutAnOrder, FormValidation):
    form = "cancel_order_form"
    slots = ("order_id", "phone_last4", "cancel_confirmed")
    own = frozenset({"cancel_order", "stop"})

    def heard(self, turn: CustomerTurn, given: dict[str, Any]) -> dict[str, Any]:
        told = super().heard(turn, given)
        if "order_id" in told:
            # Another order than the one asked about: neither a yes nor a no to cancelling this one.
            told = {slot: value for slot, value in told.items() if slot != "cancel_confirmed"}
        return told

    async def wanted(self, turn: CustomerTurn) -> list[str]:
        # Nothing to confirm where nothing can be cancelled: the action explains instead.
        order_id, last4 = turn.slot("order_id"), turn.slot("phone_last4")
        if order_id and last4 and turn.slot("cancel_confirmed") is None:
            answer = await turn.ask(turn.services.shop.orders.look_up, order_id, last4)
            if answer.order and not turn.services.shop.orders.can_cancel(answer.order):
                return ["order_id", "phone_last4"]
        return list(self.slots)


class ActionShowOrder(SkillAction):
    action = "action_show_order"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        order = await verified_order(turn)
        if order is None:
            return [failed("not_verified")]
        language = turn.language
        turn.say(
            f"utter_order_{order.status}",
            order_id=order.order_id,
            items=wording.items(order, language),
            courier=wording.courier(order.courier, language),
            tracking=order.tracking_no or "",
            expected=expected(order, language),
            delivered=wording.day(order.delivered_at.date(), language)
            if order.delivered_at
            else "",
            refund=refund_line(order, language),
        )
        if order.late and order.eta:
            turn.say(
                "utter_order_late",
                eta=wording.day(order.eta, language),
                courier=wording.courier(order.courier, language),
            )
            return [SlotSet("offered", "report_missing_delivery")]
        return []


class ActionAskCancelConfirmed(SkillAction):
    action = "action_ask_cancel_confirmed"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        order = await verified_order(turn)
        if order is not None:
            turn.say(
                "utter_confirm_cancel",
                order_id=order.order_id,
                items=wording.items(order, turn.language),
                total=wording.money(order.total_hkd),
            )
        return []


class ActionCancelOrder(SkillAction):
    action = "action_cancel_order"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        done = [SlotSet("cancel_confirmed", None)]
        order = await verified_order(turn)
        if order is None:
            return [*done, failed("not_verified")]
        if turn.slot("cancel_confirmed") is False:
            turn.say("utter_cancel_kept", order_id=order.order_id)
            return done
        answer = await turn.ask(
            turn.services.shop.orders.cancel, order.order_id, turn.slot("phone_last4")
        )
        if answer.status is Cancellation.CANCELLED:
            if answer.refund:
                amount = wording.money(answer.refund.amount_hkd)
                turn.say("utter_cancelled_refund", order_id=order.order_id, amount=amount)
            else:
                turn.say("utter_cancelled", order_id=order.order_id)
        elif answer.status is Cancellation.ALREADY_CANCELLED:
            refund = refund_line(order, turn.language)
            turn.say(
                "utter_order_cancelled",
                order_id=order.order_id,
                items=wording.items(order, turn.language),
                refund=refund,
            )
        elif order.status in (OrderStatus.DELIVERED, OrderStatus.RETURNED):
            turn.say("utter_cancel_delivered", order_id=order.order_id)
        else:
            ticket = await open_ticket(turn, "cancel_order", {}, order_id=order.order_id)
            turn.say("utter_cancel_too_late", order_id=order.order_id, **ticket)
        return done


async def verified_order(turn: CustomerTurn) -> OrderView | None:
    """The order of the slots, if its digits are right; says so if not."""
    order_id, last4 = turn.slot("order_id"), turn.slot("phone_last4")
    if not order_id or not last4:
        return None
    answer = await turn.ask(turn.services.shop.orders.look_up, order_id, last4)
    if answer.status is OrderLookup.LOCKED:
        turn.say("utter_order_locked")
    elif answer.status is not OrderLookup.FOUND:
        turn.say("utter_not_verified")
    found: OrderView | None = answer.order
    return found


def expected(order: OrderView, language: str) -> str:
    """When it is expected, as a sentence; empty when late or unknown."""
    if order.eta is None or order.late:
        return ""
    return wording.phrase("expected", language, day=wording.day(order.eta, language))


def refund_line(order: OrderView, language: str) -> str:
    """What became of the money, as a sentence; empty when none is owed."""
    refunds: list[Any] = [r for r in order.refunds if r.kind == "refund"]
    if not refunds:
        return ""
    latest = refunds[-1]
    name = "refund_paid" if latest.status == "paid" else "refund_on_its_way"
    return wording.phrase(name, language, amount=wording.money(latest.amount_hkd))
