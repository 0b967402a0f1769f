"""Values, lists and tagger in one line: what counts, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cantodesk.understanding.merging import merged
from cantodesk.understanding.name_features import Mark
from cantodesk.understanding.tagger import Tags
from cantodesk.understanding.values import Value


def span(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    return start, start + len(part)


def listed(text: str, part: str, value: str, entity: str = "product") -> Value:
    return Value(entity, *span(text, part), value)


def tagged(text: str, *parts: str, entity: str = "product", sure: float = 0.9) -> Tags:
    marks = [Mark(*span(text, part), entity) for part in parts]
    return Tags(tuple((mark, sure) for mark in marks), tuple((m.start, m.end, sure) for m in marks))


def read(
    text: str, found: Sequence[Value], names: Sequence[Value], tags: Tags
) -> list[tuple[str, str, object]]:
    return [(e.entity, text[e.start : e.end], e.value) for e in merged(text, found, names, tags)]


def test_a_name_in_no_list_has_the_customers_words() -> None:
    text = "麻雀枱有冇貨"
    assert read(text, [], [], tagged(text, "麻雀枱")) == [("product", "麻雀枱", "麻雀枱")]


def test_where_both_agree_the_lists_value_counts() -> None:
    text = "個風筒壞咗"
    names = [listed(text, "風筒", "hair dryer")]
    assert read(text, [], names, tagged(text, "風筒")) == [("product", "風筒", "hair dryer")]


@pytest.mark.parametrize(
    ("text", "short", "value", "whole", "expected"),
    [
        ("price of electric scooter", "scooter", "scooter", "electric scooter", "scooter"),
        ("我部露營焗爐呢", "焗爐", "oven", "露營焗爐", "oven"),
        ("訂蛋糕盒", "蛋糕", "cake", "蛋糕盒", "蛋糕盒"),
        ("玩具車呢", "玩具", "toy", "玩具車", "玩具車"),
    ],
)
def test_the_longer_name_counts_and_is_of_a_listed_kind_if_it_ends_in_it(
    text: str, short: str, value: str, whole: str, expected: str
) -> None:
    found = read(text, [], [listed(text, short, value)], tagged(text, whole))
    assert found == [("product", whole, expected)]


def test_a_part_of_a_district_is_a_place_of_its_own() -> None:
    text = "荃灣西有冇分店"
    names = [listed(text, "荃灣", "Tsuen Wan", "district")]
    found = read(text, [], names, tagged(text, "荃灣西", entity="district"))
    assert found == [("district", "荃灣西", "荃灣西")]


@pytest.mark.parametrize("tags_of", ["風", "筒壞", "個風筒"])
def test_a_listed_name_is_not_cut_and_not_shifted(tags_of: str) -> None:
    text = "個風筒壞咗"
    names = [listed(text, "風筒", "hair dryer")]
    found = read(text, [], names, tagged(text, tags_of))
    assert found[0][2] == "hair dryer"
    assert len(found) == 1


def test_a_listed_name_where_surely_none_is_meant_falls() -> None:
    text = "大堂冷氣唔凍"
    assert read(text, [], [listed(text, "冷氣", "air conditioner")], Tags()) == []


@pytest.mark.parametrize("text", ["風筒", "部風筒呀", "係風筒。", " 「風筒」 "])
def test_a_listed_name_alone_on_the_line_stands_whatever_the_tagger_says(text: str) -> None:
    names = [listed(text, "風筒", "hair dryer")]
    assert read(text, [], names, Tags()) == [("product", "風筒", "hair dryer")]


def test_values_are_never_overlapped() -> None:
    text = "HK20261234 電話9123 4567 聽日"
    values = [
        Value("order_id", *span(text, "HK20261234"), "HK20261234"),
        Value("phone", *span(text, "9123 4567"), "+85291234567"),
        Value("date", *span(text, "聽日"), "2026-11-26"),
    ]
    tags = tagged(text, "HK20261234 電話", "4567 聽日")
    assert [e for e, _, _ in read(text, values, [], tags)] == ["order_id", "phone", "date"]


def test_ways_to_pay_stand_whatever_the_tagger_says() -> None:
    text = "用轉數快"
    names = [Value("payment_method", *span(text, "轉數快"), "FPS")]
    assert read(text, names, [], Tags()) == [("payment_method", "轉數快", "FPS")]


@pytest.mark.parametrize("word", ["貨", "嘢", "parcel", "Lift", "單", "order", "香港"])
def test_words_for_anything_at_all_are_no_names(word: str) -> None:
    text = f"{word}未到"
    assert read(text, [], [], tagged(text, word)) == []


def test_a_doubtful_name_is_left_out() -> None:
    text = "個搗蛋機壞咗"
    assert read(text, [], [], tagged(text, "搗蛋機", sure=0.3)) == []


def test_the_word_before_a_telephone_number_says_what_the_number_is() -> None:
    text = "手机9302 7716"
    phone = Value("phone", *span(text, "9302 7716"), "+85293027716")
    names = [listed(text, "手机", "mobile phone")]
    assert [e for e, _, _ in read(text, [phone], names, tagged(text, "手机"))] == ["phone"]
