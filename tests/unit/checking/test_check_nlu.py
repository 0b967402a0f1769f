"""NLU files: enough lines, known names, nothing twice, no test line."""

from __future__ import annotations

import pytest

YUE, EN, ZH = (f"data/orders/nlu.{language}.yml" for language in ("yue", "en", "zh"))


@pytest.mark.parametrize(
    ("path", "dropped", "sentence"),
    [
        (YUE, "    - 喂第7次呀\n", "The intent `greet` has 19 Cantonese lines and needs 20."),
        (EN, "    - hello no 7\n", "The intent `greet` has 11 English lines and needs 12."),
        (ZH, "    - 你好第7次\n", "The intent `greet` has 11 Mandarin lines and needs 12."),
    ],
)
def test_too_few_lines(project, expect_one, path: str, dropped: str, sentence: str) -> None:
    project.change(path, dropped, "")
    expect_one(path, "intent: greet", f"{sentence} Remedy: Write 1 more.")


def test_an_intent_without_a_language(project) -> None:
    kept = (project.root / ZH).read_text(encoding="utf-8").split("- intent: track_order")[0]
    project.write(ZH, kept)
    line = project.line("domain.yml", "- track_order")
    assert project.said() == [
        f"domain.yml:{line}: The intent `track_order` has no Mandarin lines. "
        "Remedy: Write at least 12 in data/orders/nlu.zh.yml."
    ]


def test_an_intent_without_any_lines(project) -> None:
    project.change("domain.yml", "  - greet\n", "  - greet\n  - praise\n")
    project.change("data/language/intents.yml", "[greet]", "[greet, praise]")
    line = project.line("domain.yml", "- praise")
    assert project.said() == [
        f"domain.yml:{line}: The intent `praise` has no {spoken} lines. "
        f"Remedy: Write at least {fewest} in data/<skill>/nlu.{language}.yml."
        for spoken, fewest, language in (
            ("Cantonese", 20, "yue"),
            ("English", 12, "en"),
            ("Mandarin", 12, "zh"),
        )
    ]


def test_an_intent_the_domain_lacks(project, expect_one) -> None:
    project.add(EN, "- intent: praise\n  examples: |\n    - well done\n")
    expect_one(
        EN,
        "intent: praise",
        "The domain has no intent `praise`. "
        "Remedy: Add it to `intents` in domain.yml, or use an intent that is there.",
    )


def test_a_mistyped_intent_is_guessed(project, expect_one) -> None:
    project.add(EN, "- intent: track_ordre\n  examples: |\n    - well done\n")
    expect_one(
        EN,
        "intent: track_ordre",
        "The domain has no intent `track_ordre`. Remedy: Did you mean `track_order`? "
        "If not: Add it to `intents` in domain.yml, or use an intent that is there.",
    )


NOT_MARKED = (
    "An entity in this line is not marked as it should be. "
    "Remedy: Write `[words](entity)`, with no space inside the brackets or between them."
)


@pytest.mark.parametrize(
    "line",
    [
        "where is [HK20261234] (order_id)",
        "where is [HK20261234](order_id",
        "where is HK20261234](order_id)",
        "where is [HK20261234]",
        "where is [ HK20261234](order_id)",
        'where is [HK20261234]{"entity": order_id}',
        'where is [HK20261234]{"value": "x"}',
    ],
)
def test_an_entity_badly_marked(project, expect_one, line: str) -> None:
    project.add(EN, f"    - {line}\n")
    expect_one(EN, line, NOT_MARKED)


@pytest.mark.parametrize(
    "line",
    [
        "where is [HK20261234](order_id)",
        "where is [20261234](order_id:HK20261234)",
        'where is [20261234]{"entity": "order_id", "value": "HK20261234"}',
    ],
)
def test_an_entity_well_marked(project, line: str) -> None:
    project.add(EN, f"    - {line}\n")
    assert project.said() == []


@pytest.mark.parametrize("line", ["[HK1](order_nr) please", '[HK1]{"entity": "order_nr"} please'])
def test_an_entity_the_domain_lacks(project, expect_one, line: str) -> None:
    project.add(EN, f"    - {line}\n")
    expect_one(
        EN,
        line,
        "The domain has no entity `order_nr`. "
        "Remedy: Add it to `entities` in domain.yml, or use an entity that is there.",
    )


def test_a_line_that_is_not_read(project, expect_one) -> None:
    project.add(EN, "    a line without a dash\n")
    expect_one(
        EN,
        "without a dash",
        "This line is not read: it does not begin with `- ` and words. "
        "Remedy: Begin it with `- `, or take it out.",
    )


def test_an_entry_without_an_intent(project, expect_one) -> None:
    project.add(EN, "- intnet: greet\n  examples: |\n    - well done\n")
    expect_one(
        EN,
        "intnet",
        "This entry names no intent. Remedy: Begin it with `- intent: ` and its name.",
    )


def test_an_intent_without_examples(project, expect_one) -> None:
    project.add(EN, "- intent: greet\n")
    line = len((project.root / EN).read_text(encoding="utf-8").splitlines())
    assert project.said() == [
        f"{EN}:{line}: This entry has no `examples`. "
        "Remedy: Add `examples: |` and the lines under it."
    ]


def test_a_file_in_no_language(project, expect_one) -> None:
    project.write(
        "data/orders/more.yml", "nlu:\n- intent: greet\n  examples: |\n    - good day to you\n"
    )
    expect_one(
        "data/orders/more.yml",
        "intent: greet",
        "The file's name does not say which language these lines are in. "
        "Remedy: Name it nlu.yue.yml, nlu.en.yml or nlu.zh.yml.",
    )


def test_the_same_line_twice(project) -> None:
    project.add(EN, "    - Where is  parcel ３\n")
    first, again = project.line(EN, "parcel 3"), project.line(EN, "parcel ３")
    assert project.said() == [
        f"{EN}:{again}: The same line stands at {EN}:{first}. Remedy: Keep one of the two."
    ]


def test_the_same_line_under_two_intents(project) -> None:
    project.add(YUE, "    - [hello no 3](order_id)\n")
    first, again = project.line(EN, "hello no 3"), project.line(YUE, "hello no 3")
    assert project.said() == [
        f"{YUE}:{again}: The same line stands under `greet` ({EN}:{first}), here under "
        "`track_order`. Remedy: Keep it under the intent it means, or say more in it."
    ]


def test_the_same_line_of_an_intent_in_two_languages_is_well(project) -> None:
    project.add(YUE, "    - where is parcel 3\n")
    assert project.said() == []


def test_a_test_line_is_never_trained_on(project, expect_one) -> None:
    project.change(YUE, "喂第7次呀", "早晨")
    expect_one(
        YUE,
        "早晨",
        "The same line is a test line (tests/nlu/test.yue.yml:5). "
        "Remedy: Write another line here: test lines are never trained on.",
    )


@pytest.mark.parametrize(
    ("path", "old"), [(YUE, "喂第7次呀"), ("data/language/emotion.yue.yml", "yue strong line")]
)
def test_an_emotion_test_line_is_never_trained_on(project, expect_one, path: str, old: str) -> None:
    project.change(path, old, "激死")
    expect_one(
        path,
        "激死",
        "The same line is a test line (tests/nlu/emotion_test.yml:2). "
        "Remedy: Write another line here: test lines are never trained on.",
    )


def test_everyday_talk_is_no_test_line_either(project, expect_one) -> None:
    path = "data/language/out_of_scope.yue.yml"
    project.change(path, "yue everyday talk", "早晨")
    expect_one(
        path,
        "早晨",
        "The same line is a test line (tests/nlu/test.yue.yml:5). "
        "Remedy: Write another line here: test lines are never trained on.",
    )
