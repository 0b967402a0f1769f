"""Words of a mixed line, with their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.segmentation import Segmenter, Word

LISTED = Segmenter(["風筒", "無線風筒", "鞋", "T恤", "BB車", "oled電視", "hair dryer", "手機號"])


def words(text: str, segment: Segmenter = LISTED) -> list[str]:
    return [word.text for word in segment(text)]


def test_han_and_latin_are_cut_apart() -> None:
    assert words("我想cancel張單") == ["我", "想", "cancel", "張單"]


@pytest.mark.parametrize(
    "whole",
    ["T-004213", "HK20261234", "don't", "1,299", "chan@example.hk", "e-mail", "12.5", "R&B"],
)
def test_marks_inside_a_word_or_a_number_do_not_cut_it(whole: str) -> None:
    assert words(f"{whole} 呀") == [whole, "呀"]


def test_marks_and_emoji_stand_alone() -> None:
    assert words("好呀!😡 ok.") == ["好", "呀", "!", "😡", "ok", "."]


def test_a_listed_word_is_not_cut_through_and_the_longest_wins() -> None:
    assert "無線風筒" in words("部無線風筒壞咗")
    assert "風筒" in words("部風筒壞咗")


@pytest.mark.parametrize("line", ["件T恤細咗", "想買件t恤", "T恤"])
def test_a_listed_word_may_cross_the_scripts(line: str) -> None:
    assert [w for w in words(line) if w.lower() == "t恤"]


def test_the_letters_of_a_listed_word_are_no_tail_of_another() -> None:
    assert "BB車" in words("架BB車")
    assert "BB車" not in words("架ABB車")


@pytest.mark.parametrize("line", ["對鞋細咗", "呢對鞋", "啲鞋好靚"])
def test_a_word_of_one_character_is_found_behind_a_counting_word(line: str) -> None:
    assert "鞋" in words(line)


def test_a_word_of_one_character_is_not_torn_out_of_another() -> None:
    assert "鞋" not in words("波鞋", Segmenter(["鞋"]))


def test_spans_given_as_whole_are_one_word_each() -> None:
    text = "下晝三點半送"
    assert [w.text for w in LISTED(text, [(0, 5)])] == ["下晝三點半", "送"]


def test_places_are_those_of_the_line() -> None:
    assert LISTED("ok 風筒") == [Word("ok", 0, 2), Word("風筒", 3, 5)]


def test_white_space_belongs_to_no_word() -> None:
    assert words("  \t 　 ") == []


@given(st.text(), st.booleans())
def test_words_of_any_line_are_in_order_and_cover_all_that_is_not_white(
    line: str, lists: bool
) -> None:
    found = (LISTED if lists else Segmenter())(line)
    done = 0
    for word in found:
        assert word.start < word.end
        assert line[word.start : word.end] == word.text
        assert not line[done : word.start].strip()
        done = word.end
    assert not line[done:].strip()
