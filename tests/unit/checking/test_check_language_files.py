"""The language files: word lists, spellings, written Chinese, emotion."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cantodesk.checking.emotion_files import DEGREES

PRODUCTS, VARIANTS, WRITTEN, EMOTION = (
    f"data/language/{name}.yml" for name in ("products", "variants", "written", "emotion.yue")
)
SHAPE = "Remedy: Write it as `yue: [...]`, `en: [...]` and `zh: [...]`."


@pytest.mark.parametrize(
    ("added", "marker", "sentence"),
    [
        ("  fan: [風扇]\n", "fan", f"`fan` has no lists of spellings. {SHAPE}"),
        ("  fan: {yue: [風扇], en: [fan]}\n", "fan", f"`fan` has no spellings under `zh`. {SHAPE}"),
        (
            "  fan: {yue: 風扇, en: [fan], zh: [风扇]}\n",
            "fan",
            f"`fan` has no list of spellings under `yue`. {SHAPE}",
        ),
        (
            "  fan: {yue: [風扇], en: [fan], zh: [风扇], ja: [扇風機]}\n",
            "fan",
            f"`fan` has a list under `ja`, which is no language. {SHAPE}",
        ),
        (
            "  fan: {yue: [風扇], en: [Aproducts], zh: [风扇]}\n",
            "fan",
            "`Aproducts` means `fan` here and `products one` in line 4. "
            "Remedy: Keep it under one value.",
        ),
    ],
)
def test_word_lists(project, expect_one, added: str, marker: str, sentence: str) -> None:
    project.add(PRODUCTS, added)
    expect_one(PRODUCTS, marker, sentence)


def test_a_spelling_in_two_languages_of_a_value_is_well(project) -> None:
    project.add(PRODUCTS, "  fan: {yue: [fan], en: [fan], zh: [fan]}\n")
    assert project.said() == []


def test_a_word_list_under_another_name(project) -> None:
    project.write(PRODUCTS, "goods: {}\n")
    assert project.said() == [
        f"{PRODUCTS}:1: The file has no values under `products`. "
        "Remedy: Put all values under the key `products:`."
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "after: '[我你]'",
            "after: '[我你'",
            "The neighbours of `左` are not a regular expression: unterminated character set. "
            "Remedy: Close every `[` and `(`; `after` takes one character or `^`, joined by `|`.",
        ),
        (
            "after: '[我你]'",
            "after: '[我你]+'",
            "The neighbours of `左` are not a regular expression: look-behind requires fixed-width "
            "pattern. Remedy: Close every `[` and `(`; `after` takes one character or `^`, joined by "
            "`|`.",
        ),
        (
            "after: '[我你]'",
            "befor: '[我你]', after: '我'",
            "Nothing reads `befor` here. Remedy: Did you mean `before`? If not: Use read, for, "
            "after, not_after, before, not_before.",
        ),
        (
            "{read: 咗, for: 左, ",
            "{read: 咗, ",
            "This entry does not say both `for` and `read`. Remedy: Write `{read: ..., for: ...}`.",
        ),
        (
            ", after: '[我你]'",
            "",
            "This entry has no neighbours to look at. Remedy: Add one of after, not_after, before, "
            "not_before, or move it under `always`.",
        ),
        (
            "揾: 搵",
            "揾: [搵]",
            "`揾` is not a pair of two texts. Remedy: Write `as written: read as`, one text each.",
        ),
        (
            "romanised:",
            "romanized:",
            "Nothing reads the key `romanized`. Remedy: Did you mean `romanised`? If not: Use always, in_context, romanised, romanised_beside.",
        ),
    ],
)
def test_spellings(project, expect_one, old: str, new: str, sentence: str) -> None:
    project.change(VARIANTS, old, new)
    marker = "揾" if "揾" in new else "romanized" if "romanized" in new else "read:"
    expect_one(VARIANTS, marker, sentence)


def test_written_chinese(project, expect_one) -> None:
    project.add(WRITTEN, "  係:\n")
    expect_one(
        WRITTEN,
        "係",
        "`係` is not a pair of two texts. Remedy: Write `as written: read as`, one text each.",
    )


@pytest.mark.parametrize(
    ("reading", "sentence"),
    [
        (
            "[{read: 点, befor: '[鐘]', after: 三}, 怎么]",
            "Nothing reads `befor` here. Remedy: Did you mean `before`? If not: Use read, after, "
            "not_after, before, not_before.",
        ),
        (
            "[{read: 点, before: '[鐘'}, 怎么]",
            "The neighbours of `點` are not a regular expression: unterminated character set. "
            "Remedy: Close every `[` and `(`; `after` takes one character or `^`, joined by `|`.",
        ),
        (
            "[{before: '[鐘]'}, 怎么]",
            "A reading of `點` does not say `read`. "
            "Remedy: Write a text, or a list such as `[{read: 点, before: '[鐘半]'}, 怎么]`.",
        ),
        (
            "[{read: 点}, 怎么]",
            "A reading of `點` has no neighbours to look at. "
            "Remedy: Add one of after, not_after, before, not_before, or write the text alone.",
        ),
        (
            "[怎么, {read: 点, before: '[鐘]'}]",
            "What stands behind `怎么` under `點` is never read. "
            "Remedy: Put the reading without neighbours last.",
        ),
        (
            "[{read: 点, before: '[鐘]'}, '']",
            "`點` has an empty reading. "
            "Remedy: Write a text, or a list such as `[{read: 点, before: '[鐘半]'}, 怎么]`.",
        ),
    ],
)
def test_readings_of_a_word(project, expect_one, reading: str, sentence: str) -> None:
    project.add(WRITTEN, f"  點: {reading}\n")
    expect_one(WRITTEN, "點", sentence)


def test_a_word_with_several_readings_is_well(project) -> None:
    project.add(WRITTEN, "  點: [{read: 点, before: '[鐘]'}, {read: '', after: 三}, 怎么]\n")
    assert project.said() == []


@pytest.mark.parametrize(
    ("old", "new", "marker", "sentence"),
    [
        (
            "    en: only {stock} left\n",
            "",
            "few:",
            "`few` has no English text. Remedy: Write one under `en:`.",
        ),
        (
            "only {stock} left",
            "only few left",
            "en:",
            "`few` in English lacks {stock}, which another language has. "
            "Remedy: Write it in here, or take it out there.",
        ),
        (
            "only {stock} left",
            "only {stock} left }",
            "en:",
            "A brace in `few` belongs to no variable. "
            "Remedy: Write `{name}` in small letters, without spaces.",
        ),
        (
            "仅剩",
            "僅剩",
            "zh:",
            "`few` in Mandarin is not all in Simplified script: 僅. Remedy: Write 僅 → 仅.",
        ),
        (
            "phrases:",
            "pieces:",
            "pieces:",
            "The file has no pieces under `phrases`. Remedy: Put all pieces under the key `phrases:`.",
        ),
    ],
)
def test_pieces_of_replies(
    project, expect_one, old: str, new: str, marker: str, sentence: str
) -> None:
    project.change("data/language/phrases.yml", old, new)
    expect_one("data/language/phrases.yml", marker, sentence)


def test_an_unknown_degree(project, expect_one) -> None:
    project.add(EMOTION, "  furious: |\n    - aargh\n")
    expect_one(
        EMOTION,
        "furious",
        "There is no degree `furious`. Remedy: Use strong, mild, neutral, positive.",
    )


def test_a_degree_without_lines(project, expect_one) -> None:
    project.change(EMOTION, "  mild: |\n    - yue mild line\n", "")
    expect_one(
        EMOTION,
        "emotion:",
        "The degree `mild` has no lines. Remedy: Write `mild: |` and lines under it.",
    )


def test_an_emotion_line_that_is_not_read(project, expect_one) -> None:
    project.add(EMOTION, "    what a day\n")
    expect_one(
        EMOTION,
        "what a day",
        "This line is not read: it does not begin with `- `. "
        "Remedy: Begin it with `- `, or take it out.",
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "yue strong line",
            "The same line stands under `strong` (line 3) and `positive`. Remedy: Keep it under one degree.",
        ),
        ("YUE positive  line", "The same line stands in line 9. Remedy: Keep one of the two."),
    ],
)
def test_an_emotion_line_twice(project, line: str, sentence: str) -> None:
    project.add(EMOTION, f"    - {line}\n")
    assert project.said() == [f"{EMOTION}:10: {sentence}"]


def test_the_degrees_are_those_that_are_learnt() -> None:
    module = Path(__file__).parents[3] / "cantodesk/understanding/emotion.py"
    source = module.read_text(encoding="utf-8")
    values = {
        node.targets[0].id: node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert ast.literal_eval(values["DEGREES"]) == DEGREES
