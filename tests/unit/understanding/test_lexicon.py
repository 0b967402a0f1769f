"""The designers' lists: a value and its spellings."""

from __future__ import annotations

from pathlib import Path

import pytest

from cantodesk.understanding.lexicon import LISTS, Entry, Lexicon, read_lexicon


def test_every_list_is_read_with_its_entity(data: Path) -> None:
    lexicon = read_lexicon()
    assert Entry("product", "hair dryer", "风筒") not in lexicon.entries
    assert Entry("product", "hair dryer", "風筒") in lexicon.entries
    assert Entry("district", "Mong Kok", "旺角") in lexicon.entries
    assert Entry("payment_method", "FPS", "FPS") in lexicon.entries


def test_a_spelling_in_two_languages_is_one_entry(data: Path) -> None:
    assert [e.spelling for e in read_lexicon()].count("旺角") == 1


def test_the_segmenter_is_given_compounds_too(data: Path) -> None:
    assert {"風筒", "旺角", "手機號碼"} <= read_lexicon().spellings()


def test_a_lexicon_survives_being_written(data: Path) -> None:
    lexicon = read_lexicon()
    assert Lexicon.from_data(lexicon.as_data()) == lexicon


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("goods: {}\n", "data/language/products.yml: needs the key `products:`"),
        (
            "products:\n  hair dryer: [風筒]\n",
            "data/language/products.yml: `hair dryer` needs lists",
        ),
        (
            "products:\n  hair dryer: {fr: [x]}\n",
            "data/language/products.yml: `hair dryer` needs lists",
        ),
    ],
)
def test_a_wrong_list_is_refused_with_file_and_value(
    data: Path, content: str, complaint: str
) -> None:
    (data / "language/products.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        read_lexicon()


def test_a_language_may_have_no_spelling(data: Path) -> None:
    assert [e.spelling for e in read_lexicon() if e.value == "shoe"] == ["鞋", "shoes"]


def test_no_spelling_of_the_project_stands_for_two_things() -> None:
    values: dict[tuple[str, str], set[str]] = {}
    for entry in read_lexicon():
        values.setdefault((entry.entity, entry.spelling.lower()), set()).add(entry.value)
    assert [key for key, several in values.items() if len(several) > 1] == []
    assert set(LISTS) == {entity for entity, _ in values}
