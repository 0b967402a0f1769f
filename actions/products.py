"""Products: is it in stock, and when again."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import wording
from actions.forms import FormValidation
from actions.turn import CustomerTurn, SkillAction, failed
from cantodesk.services.products import ProductLookup, ProductView

_SHOWN = 3
_IN_STOCK = {
    "yue": "{name}：有貨，{price}",
    "en": "{name}: in stock, {price}",
    "zh": "{name}：有货，{price}",
}
_FEW = {
    "yue": "{name}：剩返{stock}件，{price}",
    "en": "{name}: only {stock} left, {price}",
    "zh": "{name}：仅剩{stock}件，{price}",
}
_BACK_ON = {
    "yue": "{name}：暫時冇貨，預計{day}返貨，{price}",
    "en": "{name}: out of stock, expected back on {day}, {price}",
    "zh": "{name}：暂时缺货，预计{day}到货，{price}",
}
_OUT = {
    "yue": "{name}：暫時冇貨，未有返貨日期",
    "en": "{name}: out of stock, no restock date yet",
    "zh": "{name}：暂时缺货，暂无到货日期",
}
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
        line = _FEW if product.stock <= _FEW_LEFT else _IN_STOCK
    else:
        line = _BACK_ON if product.restock_on else _OUT
    return line[language].format(
        name=product.name.text(language),
        stock=product.stock,
        price=wording.money(product.price_hkd),
        day=wording.day(product.restock_on, language) if product.restock_on else "",
    )
