"""Listed names in a line: the longest first, Latin ones whole, one character behind a counting word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.lexicon import Entry
from cantodesk.understanding.list_matches import ListMatcher

FIND = ListMatcher(
    Entry("district" if s in ("旺角", "MK") else "product", s, s)
    for s in ("耳機", "頭戴式耳機", "鞋", "T恤", "bed sheet", "bed", "旺角", "MK", "İ")
)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("頭戴式耳機同耳機", ["頭戴式耳機", "耳機"]),
        ("a bed sheet or a bed", ["bed sheet", "bed"]),
        ("BED SHEET", ["BED SHEET"]),
        ("embedded beds", []),
        ("對鞋", ["鞋"]),
        ("波鞋", []),
        ("件T恤", ["T恤"]),
        ("旺角MK仔", ["旺角", "MK"]),
        ("", []),
    ],
)
def test_names_are_found(line: str, names: list[str]) -> None:
    assert [line[m.start : m.end] for m in FIND(line)] == names


@given(st.one_of(st.text(), st.text(alphabet="耳機頭戴式鞋對bed sTtİi恤旺角")))
def test_any_line_has_names_inside_it_in_order_and_apart(line: str) -> None:
    done = 0
    for mark in FIND(line):
        assert done <= mark.start < mark.end <= len(line)
        done = mark.end
