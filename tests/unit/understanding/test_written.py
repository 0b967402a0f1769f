"""Cantonese rewritten as written Chinese, for the encoder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.written import WrittenChinese, has_simplified, simplified

PROJECT = WrittenChinese(read_language_file("written")["written"])


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("我嘅訂單", "我的订单"),
        ("佢哋唔覆", "他们不回复"),
        ("係咪有貨", "是不是有货"),
        ("幾時送", "什么时候送"),
        ("唔該晒", "谢谢"),
        ("多謝", "谢谢"),
    ],
)
def test_a_line_reads_as_written_chinese(line: str, written: str) -> None:
    assert PROJECT(line) == written


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("電話", "电话"),
        ("廣東話", "广东话"),
        ("重要", "重要"),
        ("下晝", "下午"),
        ("下星期", "下星期"),
        ("樓上", "楼上"),
        ("使用", "使用"),
        ("態度", "态度"),
        ("平時", "平时"),
        ("地點", "地点"),
        ("緊急", "紧急"),
        ("認識", "认识"),
        ("三點", "三点"),
        ("訂單編號", "订单编号"),
    ],
)
def test_a_pair_of_one_character_does_not_break_into_a_word(line: str, written: str) -> None:
    assert PROJECT(line) == written


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("點退貨", "怎么退货"),
        ("三點收舖", "三点打烊"),
        ("有冇點數", "有没有点数"),
        ("搞成點呀", "怎么样了呀"),
        ("幾時先有貨", "什么时候才有货"),
        ("聽日先送", "明天才送"),
        ("唔好寄住", "不要寄先"),
        ("我諗住退", "我打算退"),
        ("得一件咋", "只有一件而已"),
        ("咁都得呀", "这么都行呀"),
        ("賣晒未", "卖光了没有"),
        ("寄咗未", "寄了没有"),
        ("未收到", "还没收到"),
        ("幾大件", "多大件"),
        ("係咩", "是什么"),
        ("你唔係話送咩?", "你不是说送吗?"),
        ("佢話會覆我", "他说会回复我"),
        ("打電話俾我", "打电话给我"),
        ("呢張單", "这张订单"),
        ("點解呢", "为什么呢"),
        ("系統壞咗", "系统坏了"),
        ("俾人呃咗", "被人骗了"),
        ("同我取消佢", "帮我取消他"),
        ("收咗五百蚊", "收了五百元"),
        ("有蚊", "有蚊"),
        ("要回水", "要退款"),
        ("係水貨嚟㗎", "是水货的"),
        ("check下張單", "查一下订单"),
        ("check 下 張單", "查一下 订单"),
        ("send咗未", "发了没有"),
        ("點order", "怎么下单"),
        ("想claim返", "想拿回"),
        ("log唔到in", "登录不了"),
    ],
)
def test_a_word_is_read_by_its_neighbours(line: str, written: str) -> None:
    assert PROJECT(line) == written


def test_the_first_reading_that_fits_is_taken_and_without_one_the_word_stays() -> None:
    rewrite = WrittenChinese(
        {"點": [{"read": "点", "after": "[三四]"}, "怎么"], "先": [{"read": "才", "before": "送"}]}
    )
    assert rewrite("三點先") == "三点先"
    assert rewrite("點先送") == "怎么才送"


def test_where_no_reading_of_a_word_fits_the_shorter_words_in_it_are_read() -> None:
    rewrite = WrittenChinese({"話俾": [{"read": "告诉", "not_after": "電"}], "俾": "给"})
    assert rewrite("話俾我") == "告诉我"
    assert rewrite("電話俾我") == "电话给我"


def test_neighbours_are_those_of_the_line_as_it_was() -> None:
    assert WrittenChinese({"甲": "丙", "乙": [{"read": "丁", "after": "甲"}]})("甲乙") == "丙丁"


def test_either_script_will_do() -> None:
    assert PROJECT("我张单几时到") == PROJECT("我張單幾時到") == "我订单什么时候到"


@pytest.mark.parametrize("line", ["点个外卖", "下午三点的单", "不识别度数"])
def test_mandarin_is_written_chinese_already(line: str) -> None:
    assert PROJECT(line) == line


def test_a_reading_without_its_text_is_refused() -> None:
    with pytest.raises(KeyError, match="read"):
        WrittenChinese({"點": [{"after": "三"}]})


def test_the_longest_pair_wins() -> None:
    assert WrittenChinese({"唔": "不", "唔該": "请"})("唔該唔好") == "请不好"


def test_latin_words_are_replaced_only_whole() -> None:
    rewrite = WrittenChinese({"order": "订单"})
    assert rewrite("我個order") == "我个订单"
    assert rewrite("我個border") == "我个border"


def test_an_english_line_is_only_lower_case() -> None:
    assert WrittenChinese({"order": "订单"})("My ORDER please") == "my order please"


def test_no_pairs_rewrite_nothing() -> None:
    assert WrittenChinese({})("唔該ABC") == "唔该abc"


def test_a_replacement_is_not_rewritten_again() -> None:
    assert WrittenChinese({"甲": "乙", "乙": "丙"})("甲乙") == "乙丙"


def test_both_scripts_come_out_the_same() -> None:
    assert simplified("訂單") == simplified("订单") == "订单"


@given(st.text())
def test_any_line_can_be_rewritten(line: str) -> None:
    assert isinstance(PROJECT(line), str)


@pytest.mark.parametrize(
    "line", ["订单", "我们", "cut单", "手机壳", "几天", "价格", "茶几坏了几天"]
)
def test_simplified_script_is_known_by_its_own_characters(line: str) -> None:
    assert has_simplified(line)


@pytest.mark.parametrize(
    "line", ["訂單", "我哋", "台", "order", "", "123", "唔該晒", "里面後", "茶几", "查吓恒生"]
)
def test_what_both_scripts_write_is_not_simplified(line: str) -> None:
    assert not has_simplified(line)
