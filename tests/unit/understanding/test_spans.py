"""Of two spans that overlap, the first found keeps its place."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.spans import Found, not_overlapping


def test_the_first_found_wins_and_the_rest_is_sorted() -> None:
    found = [Found(4, 8, "a"), Found(7, 9, "late"), Found(0, 4, "b"), Found(8, 9, "c")]
    assert [f.value for f in not_overlapping(9, found)] == ["b", "a", "c"]


def test_a_span_inside_another_is_dropped() -> None:
    assert not_overlapping(9, [Found(0, 9, "all"), Found(3, 4, "part")]) == [Found(0, 9, "all")]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9))))
def test_what_is_kept_never_overlaps(spans: list[tuple[int, int]]) -> None:
    kept = not_overlapping(30, [Found(s, s + n, "") for s, n in spans])
    assert all(a.end <= b.start for a, b in itertools.pairwise(kept))
