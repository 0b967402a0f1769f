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
        ("佢哋唔覆", "他们不覆"),
        ("係咪有貨", "是不是有商品"),
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


@pytest.mark.parametrize("line", ["订单", "我们", "cut单", "手机壳"])
def test_simplified_script_is_known_by_its_own_characters(line: str) -> None:
    assert has_simplified(line)


@pytest.mark.parametrize("line", ["訂單", "我哋", "台", "order", "", "123", "唔該晒", "里面後"])
def test_what_both_scripts_write_is_not_simplified(line: str) -> None:
    assert not has_simplified(line)
