"""Signs of anger and of calm in a line."""

from __future__ import annotations

import pytest

from cantodesk.understanding.anger_signs import AngerSigns

SIGNS = AngerSigns(
    {
        "infixes": ["撚", "鬼", "柒"],
        "innocent": ["鬼佬", "垃圾桶", "damn good"],
        "signs": {
            "swearing": ["撚", "diu", "fuck*", "shit", "damn"],
            "insult": ["垃圾", "moron*"],
            "blame": ["有冇搞錯", "收皮"],
            "praise": ["好味"],
        },
    }
)


def signs(line: str) -> set[str]:
    row = SIGNS.rows([line], [line])[0]
    return {name for name, value in zip(SIGNS.names, row, strict=False) if value}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("有冇搞錯", {"blame"}),
        ("有冇搞撚錯呀", {"swearing", "blame", "infixed"}),  # split by a swear word
        ("收柒皮啦", {"blame", "infixed"}),
        ("有没有垃圾", {"insult"}),  # either script
        ("鬼佬想買垃圾桶", set()),  # innocent words
        ("damn good kettle", set()),
        ("damn, wrong one", {"swearing"}),
        ("好鬼好味", {"praise", "infixed"}),
    ],
)
def test_words_count_as_they_are_meant(line: str, found: set[str]) -> None:
    assert signs(line) == found


@pytest.mark.parametrize(
    "line", ["f**k off", "FUCKING hell", "fuuuuck", "fxxk", "sh!t", "Diu!", "ＳＨＩＴ"]
)
def test_masked_and_stretched_swearing_is_found(line: str) -> None:
    assert "swearing" in signs(line)


@pytest.mark.parametrize("line", ["shiitake", "dahlia", "medium", "Scunthorpe", "morose"])
def test_a_latin_word_counts_only_whole(line: str) -> None:
    assert signs(line) == set()


def test_two_signs_together_are_a_sign_of_their_own() -> None:
    alone, other, both = (SIGNS.rows([line], [line])[0] for line in ("撚", "好味", "好撚好味 撚"))
    assert (both > 0).sum() > ((alone > 0) | (other > 0)).sum()


def test_no_lines_are_no_rows() -> None:
    assert SIGNS.rows([], []).shape[0] == 0
