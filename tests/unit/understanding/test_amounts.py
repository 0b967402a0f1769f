"""Money in a line, in Hong Kong dollars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.amounts import find_amounts


def amounts(line: str) -> list[tuple[str, float]]:
    return [(line[a.start : a.end], a.dollars) for a in find_amounts(line)]


@pytest.mark.parametrize(
    ("line", "money", "dollars"),
    [
        ("收咗我$120", "$120", 120),
        ("a $350 order", "$350", 350),
        ("HK$1,299嗰件", "HK$1,299", 1299),
        ("hk$ 88.50", "hk$ 88.50", 88.5),
        ("HKD 500 off", "HKD 500", 500),
        ("港幣500", "港幣500", 500),
        ("120蚊", "120蚊", 120),
        ("一百蚊嘅券", "一百蚊", 100),
        ("百二蚊", "百二蚊", 120),
        ("三蚊半", "三蚊半", 3.5),
        ("兩舊水", "兩舊水", 200),
        ("三嚿水", "三嚿水", 300),
        ("一皮嘢", "一皮嘢", 10_000),
        ("月租一萬八有冇", "一萬八", 18_000),
        ("800萬樓下嘅盤", "800萬", 8_000_000),
        ("一万块以内", "一万块", 10_000),
        ("1.5萬蚊", "1.5萬蚊", 15_000),
        ("5千蚊", "5千蚊", 5000),
        ("300块的东西", "300块", 300),
        ("买满两千块", "两千块", 2000),
        ("扣了60块钱", "60块钱", 60),
        ("99元", "99元", 99),
        ("charged 50 dollars", "50 dollars", 50),
        ("any studio under 12k", "12k", 12_000),
        ("rent $18k", "$18k", 18_000),
        ("max 5 million", "5 million", 5_000_000),
        ("asking $5.2m", "$5.2m", 5_200_000),
        ("asking 21,000 a month", "21,000", 21_000),
        ("budget 6000", "6000", 6000),
        ("預算係15000", "15000", 15_000),
    ],
)
def test_money_is_found_with_its_exact_span(line: str, money: str, dollars: float) -> None:
    assert amounts(line) == [(money, dollars)]


@pytest.mark.parametrize(
    ("line", "money", "dollars"),
    [
        ("PayMe俾咗350但係顯示未付款", "350", 350),
        ("收咗我1280兩次", "1280", 1280),
        ("多收60喎", "60", 60),
        ("收咗我六十", "六十", 60),
        ("退返八十俾我", "八十", 80),
        ("運費要四十", "四十", 40),
        ("手續費60先至過到", "60", 60),
        ("租金萬五左右", "萬五", 15_000),
        ("千二樓下有冇", "千二", 1200),
        ("成舊水先包郵", "成舊水", 100),
        ("個半水都嫌貴", "個半水", 150),
        ("爭我200幾時找", "200", 200),
        ("月租9800有冇得平", "9800", 9800),
        ("夠1500未", "1500", 1500),
        ("退返880俾我得唔得", "880", 880),
        ("扣咗兩千都冇單", "兩千", 2000),
    ],
)
def test_cantonese_leaves_the_dollars_out(line: str, money: str, dollars: float) -> None:
    assert amounts(line) == [(money, dollars)]


@pytest.mark.parametrize(
    "line",
    [
        *("我用咗45分鐘", "退咗38碼嗰對", "收咗3件", "夠18歲未", "等咗30日", "買咗12枝"),
        *("夠300分換咩", "俾咗20%訂金", "收咗20261234未", "過咗10號仲未到", "買咗四百九十幾粒"),
        *("收咗廿幾件", "買咗十個", "用咗十日", "萬一遲到", "千一夜", "個半水果籃", "百五呎"),
    ],
)
def test_other_figures_are_no_dollars_left_out(line: str) -> None:
    assert amounts(line) == []


@pytest.mark.parametrize(
    ("line", "money"),
    [
        ("滿1000返100嗰個活動", [("1000", 1000), ("100", 100)]),
        ("買500減50", [("500", 500), ("50", 50)]),
        ("spend $3000 get $150 back", [("$3000", 3000), ("$150", 150)]),
        ("係299蚊定$399", [("299蚊", 299), ("$399", 399)]),
    ],
)
def test_several_amounts_are_found_in_order(line: str, money: list[tuple[str, float]]) -> None:
    assert amounts(line) == money


@pytest.mark.parametrize(
    "line",
    [
        "US$50",
        "十萬個為什麼",
        "有1,000分",
        "1,500 points",
        "4k電視",
        "8K TV",
        "18k金",
        "兩塊蛋糕",
        "一块去",
        "一齊去",
        "滿18歲",
        "三元朗盤",
        "HK20261234",
        "T-004213",
        "9123 4567",
        "12件",
        "10kg rice",
        "三文魚",
    ],
)
def test_what_only_looks_like_money_is_none(line: str) -> None:
    assert amounts(line) == []


@given(
    st.text(
        alphabet="0123456789,.一二三十百千萬万塊块蚊元$HKDk 滿返減million兩舊水半個", max_size=40
    )
)
def test_any_line_has_sound_amounts(line: str) -> None:
    done = 0
    for amount in find_amounts(line):
        assert done <= amount.start < amount.end <= len(line)
        assert 0 <= amount.dollars < 1e17
        done = amount.end
