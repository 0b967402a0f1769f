"""What intents are called in a question back."""

from __future__ import annotations

import pytest

FILE = "data/language/intents.yml"
SHAPE = "Remedy: Write `{yue: ..., en: ..., zh: ...}`."
TITLE = "{yue: 查訂單去到邊, en: track an order, zh: 查订单到哪了}"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            ", zh: 查订单到哪了",
            "",
            f"`track_order` has no Mandarin title. {SHAPE}",
        ),
        (TITLE, "查訂單", f"`track_order` has no Cantonese title. {SHAPE}"),
        (
            "zh: 查订单到哪了",
            "zh: 查订单到哪了, ja: 注文",
            f"`track_order` has a title under `ja`, which is no language. {SHAPE}",
        ),
        (
            "yue: 查訂單去到邊",
            "yue: 查訂單去到邊？",
            "The Cantonese title of `track_order` does not read on inside a question. "
            "Remedy: Write words alone, without a mark at the end.",
        ),
        (
            "yue: 查訂單去到邊",
            "yue: 查下我張訂單而家去咗邊度呀",
            "The Cantonese title of `track_order` has 13 characters. "
            "Remedy: Say it in 12: it stands on a button.",
        ),
        (
            "yue: 查訂單去到邊",
            "yue: 查订单",
            "`track_order` in Cantonese is not all in Traditional script: 订单. "
            "Remedy: Write 订 → 訂, 单 → 單.",
        ),
    ],
)
def test_titles(project, old: str, new: str, sentence: str) -> None:
    project.change(FILE, old, new)
    line = project.line(FILE, "track_order")
    assert f"{FILE}:{line}: {sentence}" in project.said()


@pytest.mark.parametrize(
    ("old", "new", "marker", "sentence"),
    [
        (
            "never_offered: [greet]",
            "never_offered: [greet, gret]",
            "never",
            "The intent `gret` is not in domain.yml. Remedy: Did you mean `greet`? "
            "If not: Add it to `intents` in domain.yml.",
        ),
        (
            "titles:\n",
            "titles:\n  sing: {yue: 唱歌, en: sing, zh: 唱首歌}\n",
            "sing",
            "The intent `sing` is not in domain.yml. Remedy: Add it to `intents` in domain.yml.",
        ),
        (
            "never_offered: [greet]",
            "never_offered: [greet, track_order]",
            "never",
            "`track_order` has a title and stands under `never_offered`. "
            "Remedy: Take it out of one of the two.",
        ),
        (
            "titles:\n",
            "titles:\n  out_of_scope: {yue: 講第二樣, en: sing, zh: 唱首歌}\n",
            "out_of",
            "`out_of_scope` is nothing a customer can want. Remedy: Take its title out.",
        ),
        (
            "together: 0.6",
            "together: 60%",
            "limits",
            "The limit `together` is no number from 0 to 1. Remedy: Write one, such as 0.25.",
        ),
        (
            "together: 0.6",
            "togehter: 0.6",
            "limits",
            "There is no limit `togehter`. Remedy: Did you mean `together`? "
            "If not: Use together, second, alone.",
        ),
        (
            "limits:",
            "limit:",
            "limit",
            "Nothing reads the key `limit`. Remedy: Did you mean `limits`? "
            "If not: Use limits, titles, never_offered.",
        ),
    ],
)
def test_the_file(project, expect_one, old: str, new: str, marker: str, sentence: str) -> None:
    project.change(FILE, old, new)
    expect_one(FILE, marker, sentence)


def test_an_intent_that_was_forgotten(project, expect_one) -> None:
    project.change(FILE, "[greet]", "[out_of_scope]")
    expect_one(
        "domain.yml",
        "- greet",
        f"The intent `greet` has no title. Remedy: Write one in {FILE}, "
        "or put the intent under `never_offered` there.",
    )


def test_two_alike(project, expect_one) -> None:
    project.change(FILE, "[greet]", "[]")
    project.change(
        FILE, "titles:\n", "titles:\n  greet: {yue: 打招呼, en: Track an order, zh: 问好}\n"
    )
    expect_one(
        FILE,
        "track_order:",
        "`track_order` and `greet` have the same English title. "
        "Remedy: Say what makes the difference.",
    )


def test_a_file_without_titles(project) -> None:
    project.write(FILE, "never_offered: [greet, track_order]\n")
    assert project.said() == [
        f"{FILE}:1: The file has no titles under `titles`. "
        "Remedy: Put all titles under the key `titles:`."
    ]


def test_the_file_is_needed(project) -> None:
    (project.root / FILE).unlink()
    assert project.said() == [
        f"{FILE}:1: The file is missing. "
        "Remedy: Bring it back: the assistant does not start without it."
    ]
