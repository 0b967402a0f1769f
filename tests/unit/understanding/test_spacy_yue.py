"""spaCy's `yue`: pycantonese's words, the designers' lists, values with a form of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from cantodesk.understanding.lexicon import Entry, Lexicon, read_lexicon
from cantodesk.understanding.spacy_yue import CantoneseTokenizer, build

WHOLE = build(read_lexicon())
BLANK = spacy.blank("yue")


def found(nlp: Language, text: str) -> list[tuple[str, str, Any]]:
    return [
        (e.label_, e.text, e._.value if e._.value is not None else e.ent_id_)
        for e in nlp(text).ents
    ]


def test_the_language_is_known_to_spacy() -> None:
    assert [t.text for t in BLANK("我想cancel張單")] == ["我", "想", "cancel", "張單"]


@given(st.text())
def test_a_doc_is_exactly_the_line(text: str) -> None:
    assert BLANK.make_doc(text).text == text


def test_the_tokenizer_is_kept_with_its_words(tmp_path: Path) -> None:
    vocab = BLANK.vocab
    CantoneseTokenizer(vocab, ["風筒機"]).to_disk(tmp_path / "tokenizer")
    read = CantoneseTokenizer(vocab).from_disk(tmp_path / "tokenizer")
    assert "風筒機" in [t.text for t in read("部風筒機")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("部風筒喺旺角買", [("product", "風筒", "hair dryer"), ("district", "旺角", "Mong Kok")]),
        ("any HAIR DRYER in Kwun Tong", [("product", "HAIR DRYER", "hair dryer"), ("district", "Kwun Tong", "Kwun Tong")]),
        ("收唔收轉數快", [("payment_method", "轉數快", "FPS")]),
        ("對鞋細咗", [("product", "鞋", "shoe")]),
        ("件T恤洗完縮水", [("product", "T恤", "t-shirt")]),
        ("沙田有冇手提電腦", [("district", "沙田", "Sha Tin"), ("product", "手提電腦", "laptop")]),
        ("我想退款", []),
    ],
)  # fmt: skip
def test_listed_things_are_found(line: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(WHOLE, line) == expected


@pytest.mark.parametrize("line", ["换手机号", "手機號碼係幾多"])
def test_a_compound_that_holds_a_listed_word_is_no_thing(line: str) -> None:
    assert found(WHOLE, line) == []


def test_the_longest_listed_thing_wins() -> None:
    lexicon = Lexicon((Entry("product", "dryer", "風筒"), Entry("product", "wireless", "無線風筒")))
    assert found(build(lexicon), "無線風筒") == [("product", "無線風筒", "wireless")]


def test_a_value_wins_over_a_listed_word_inside_it() -> None:
    lexicon = Lexicon((Entry("product", "octopus", "Octopus"),))
    assert found(build(lexicon), "octopus@example.hk") == [
        ("email", "octopus@example.hk", "octopus@example.hk")
    ]


def test_an_amount_says_its_currency() -> None:
    (entity,) = WHOLE("收咗我$500").ents
    assert entity._.more == {"unit": "HKD"}
