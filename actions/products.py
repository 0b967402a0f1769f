"""Products: is it in stock, and when again."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import wording
from actions.forms import FormValidation
from actions.turn import CustomerTurn, SkillAction, failed
from cantodesk.services.products import ProductLookup, ProductView

_SHOWN = 3
_FEW_LEFT = 5


class ValidateStockForm(FormValidation):
    form = "stock_form"
    slots = ("product",)
    own = frozenset({"ask_stock", "ask_price", "ask_product_info"})

    async def check(self, turn: CustomerTurn, slot: str, value: Any) -> dict[str, Any]:
        answer = await turn.ask(turn.services.shop.products.find, str(value), turn.text)
        if answer.status is ProductLookup.NONE:
            turn.say("utter_product_unknown")
            return {slot: None, "turn_failed": "product"}
        return {slot: value}


class ActionCheckStock(SkillAction):
    action = "action_check_stock"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        asked = str(turn.slot("product") or "")
        answer = await turn.ask(turn.services.shop.products.find, asked, turn.text)
        forget: EventType = SlotSet("product", None)
        if answer.status is ProductLookup.NONE:
            turn.say("utter_product_unknown")
            return [forget, failed("product")]
        shown = answer.products[:_SHOWN]
        turn.say("utter_stock", lines="\n".join(stock_line(p, turn.language) for p in shown))
        return [forget]


def stock_line(product: ProductView, language: str) -> str:
    """One article's name, stock and price as a line."""
    if product.stock > 0:
        piece = "stock_few" if product.stock <= _FEW_LEFT else "stock_some"
    else:
        piece = "stock_back_on" if product.restock_on else "stock_out"
    return wording.phrase(
        piece,
        language,
        name=product.name.text(language),
        stock=product.stock,
        price=wording.money(product.price_hkd),
        day=wording.day(product.restock_on, language) if product.restock_on else "",
    )
