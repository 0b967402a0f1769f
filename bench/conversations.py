"""What the customers of the load say: greetings, questions, tracking with its form, in three languages.

Every line stands on its own, with spaces around numbers, so that a tokenizer that
splits at spaces reads it too.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One turn. ``shows``: what its replies hold if the order was found; empty for other turns."""

    text: str
    shows: str = ""


Conversation = tuple[Line, ...]

# Orders of demo/orders.csv with the last four digits of their telephones.
CONVERSATIONS: tuple[Conversation, ...] = (
    (
        Line("你好"),
        Line("送貨要幾耐"),
        Line("我想查單"),
        Line("HK20261234"),
        Line("5678", shows="HK20261234"),
        Line("唔該晒"),
    ),
    (
        Line("hello"),
        Line("what are your opening hours"),
        Line("where is my order"),
        Line("HK20263001"),
        Line("7766", shows="HK20263001"),
        Line("thanks, bye"),
    ),
    (
        Line("您好"),
        Line("怎么退货"),
        Line("运费多少"),
        Line("查一下订单 HK20260046"),
        Line("4019", shows="HK20260046"),
        Line("谢谢"),
    ),
    (
        Line("早晨"),
        Line("有咩付款方法"),
        Line("送貨幾錢"),
        Line("管理費幾時交"),
        Line("拜拜"),
    ),
    (
        Line("Hi there"),
        Line("how much is delivery?"),
        Line("track order HK20260042"),
        Line("6738", shows="HK20260042"),
    ),
)
