"""What a typed line picks of what was offered."""

from __future__ import annotations

import pytest

from cantodesk.dialogue.picking import Offer, picked, plain_yes

ELSE = Offer("/nlu_fallback", ("其他嘢",))
REFUND = Offer("/request_refund", ("申請退款", "Ask for a refund", "申请退款"))
TRACK = Offer("/track_refund", ("查退款去到邊", "Check on a refund", "查退款进度"))
ORDER = Offer("/track_order", ("查訂單去到邊", "Check where an order is", "查订单到哪了"))
YES = Offer("/track_order", ("係呀", "查訂單去到邊", "check where an order is"))

REFUNDS = (TRACK, REFUND, ELSE)
DIFFERENT = (ORDER, REFUND, ELSE)
ALONE = (YES, ELSE)


@pytest.mark.parametrize(
    "line",
    ["1", "１", "一", "第一個", "第1個", "第一個呀", "我要第一個", "A", "a.", "前者", "第一个", "选第一个",
     "the first", "The first one", "first", "first one please", "option 1", "number 1", "1st",
     "查退款去到邊", "我想查退款去到邊", "查退款进度", "check on a refund", "Check on a refund please",
     "I want to check on a refund", "1號"],
)  # fmt: skip
def test_the_first(line: str) -> None:
    assert picked(line, REFUNDS) is TRACK


@pytest.mark.parametrize(
    "line",
    ["2", "二", "第二個啦", "第二個嗰個", "後者", "B", "the second one", "2nd", "the latter",
     "申請退款", "申請嗰個", "申請", "申请退款", "ask for a refund"],
)  # fmt: skip
def test_the_second(line: str) -> None:
    assert picked(line, REFUNDS) is REFUND


@pytest.mark.parametrize("line", ["退款嗰個", "退款", "退款那个", "the refund one", "refund"])
def test_a_part_of_a_name_that_only_one_has(line: str) -> None:
    assert picked(line, DIFFERENT) is REFUND


@pytest.mark.parametrize("line", ["退款嗰個", "退款", "the refund one", "refund"])
def test_a_part_of_a_name_that_both_have_picks_neither(line: str) -> None:
    assert picked(line, REFUNDS) is None


@pytest.mark.parametrize(
    "line",
    ["3", "第三個", "都唔係", "兩樣都唔係", "都唔係呀", "其他嘢", "其他", "唔係", "都不是", "两个都不是",
     "none of these", "neither", "Something else", "no", "No."],
)  # fmt: skip
def test_none_of_them(line: str) -> None:
    assert picked(line, REFUNDS) is ELSE


@pytest.mark.parametrize(
    "line",
    ["係", "係呀", "啱呀", "係啊！", "是的", "对", "yes", "Yes please", "yep", "ok", "1", "查訂單"],
)
def test_a_yes_where_one_thing_was_asked_about(line: str) -> None:
    assert picked(line, ALONE) is YES


@pytest.mark.parametrize("line", ["唔係", "唔係呀", "不是", "no", "2", "其他嘢"])
def test_a_no_where_one_thing_was_asked_about(line: str) -> None:
    assert picked(line, ALONE) is ELSE


@pytest.mark.parametrize("line", ["係", "yes", "好呀", "是的"])
def test_a_yes_to_this_or_that_picks_neither(line: str) -> None:
    assert picked(line, REFUNDS) is None
    assert plain_yes(line)


@pytest.mark.parametrize(
    "line",
    ["HK20261234", "5678", "送貨幾錢", "我要搵真人", "hello", "唔係查訂單，我想改地址", "👍", "？", "", "4",
     "唔好申請退款住", "i don't want to ask for a refund", "申請退款" + "，麻煩幫我睇下到底點解咁耐都未有人覆我",
     "我想要", "個"],
)  # fmt: skip
def test_a_line_that_says_something_of_its_own(line: str) -> None:
    assert picked(line, DIFFERENT) is None
    assert not plain_yes(line)
