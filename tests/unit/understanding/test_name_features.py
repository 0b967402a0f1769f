"""Pieces of a line and what is seen of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.name_features import (
    LONGEST,
    Mark,
    cut,
    features,
    marks_of,
    tags_of,
    without_the_piece,
)


def test_a_han_character_a_latin_word_a_number_and_a_mark_are_pieces() -> None:
    assert [p.text for p in cut("買iPhone 15殼!").pieces] == ["買", "iPhone", "15", "殼", "!"]


def test_pieces_are_folded_to_one_script_one_case_and_no_figures() -> None:
    assert cut("買鋼琴 PS 12345").folded == ("买", "钢", "琴", "ps", "9999")


def test_marks_become_tags_and_come_back() -> None:
    text = "旺角間舖有冇electric piano賣"
    marks = [Mark(0, 2, "district"), Mark(6, 20, "product")]
    pieces = cut(text).pieces
    tags = tags_of(pieces, marks)
    assert tags[:2] == ["B-district", "I-district"]
    assert [mark for mark, _, _ in marks_of(pieces, tags)] == marks


@pytest.mark.parametrize("tags", [["I-product", "I-product"], ["B-product", "I-district"]])
def test_tags_no_lesson_had_are_read_all_the_same(tags: list[str]) -> None:
    assert marks_of(cut("鋼琴").pieces, tags)


def test_without_the_piece_only_its_place_is_left() -> None:
    (first, *_) = features(cut("鋼琴"), [Mark(0, 2, "product")], {"钢琴": "60"})
    kept = without_the_piece(first)
    assert "c=钢" in first
    assert "c=钢" not in kept
    assert {"n1=琴", "m=60", "l=B-product"} <= set(kept)


@given(st.one_of(st.text(), st.text(alphabet="鋼琴旺角ab 12!İß\u200b😀")))
def test_any_line_has_a_row_for_each_piece(line: str) -> None:
    made = cut(line)
    assert len(features(made, [], {})) == len(made.pieces) == len(made.folded)
    done = 0
    for piece in made.pieces:
        assert done <= piece.start < piece.end <= len(line)
        assert line[piece.start : piece.end] == piece.text
        done = piece.end
    for first, after, _ in made.words:
        assert 0 <= first < after <= len(made.pieces)


def test_of_a_line_of_any_length_only_the_beginning_is_read() -> None:
    assert len(cut("買" * 50_000).pieces) == LONGEST
