"""Replies: three languages alike, nothing unfilled, the right words."""

from __future__ import annotations

import pytest

DOMAIN = "domain.yml"
GREET_ZH = """\
    - condition: &zh [{type: slot, name: language, value: zh}]
      text: 您好，这里是{company}，有什么可以帮您？
      buttons: [{title: 查订单, payload: /track_order}]
"""


def test_a_missing_language(project, expect_one) -> None:
    project.change(DOMAIN, "    - {condition: *zh, text: 订单编号是多少？}\n", "")
    expect_one(
        DOMAIN,
        "utter_ask_order_id:",
        "`utter_ask_order_id` has no Mandarin variation. Remedy: Write one with `condition: *zh`.",
    )


def test_a_channel_in_two_languages_only(project) -> None:
    project.add(
        DOMAIN,
        '    - {condition: *yue, channel: wechat, text: "訂單{order_id}：{state}。"}\n'
        '    - {condition: *zh, channel: wechat, text: "订单{order_id}：{state}。"}\n',
    )
    line = project.line(DOMAIN, "channel: wechat")
    assert project.said() == [
        f"{DOMAIN}:{line}: `utter_shown` has no English variation for the channel `wechat`. "
        "Remedy: Write one with `condition: *en`."
    ]


def test_a_channel_without_a_language(project, expect_one) -> None:
    project.add(DOMAIN, '    - {channel: wechat, text: "訂單：{state}"}\n')
    expect_one(
        DOMAIN,
        "channel: wechat",
        "A variation of `utter_shown` for the channel `wechat` has no language: there it wins over "
        "all languages. Remedy: Give it `condition: *yue`, `*en` or `*zh`.",
    )


def test_a_variation_without_a_language(project, expect_one) -> None:
    project.add(DOMAIN, "    - {text: 收到}\n")
    expect_one(
        DOMAIN,
        "text: 收到",
        "A variation of `utter_shown` has no language. "
        "Remedy: Give it `condition: *yue`, `*en` or `*zh`.",
    )


def test_a_language_that_is_none(project, expect_one) -> None:
    project.add(
        DOMAIN, "    - {condition: [{type: slot, name: language, value: fr}], text: Bonjour}\n"
    )
    expect_one(
        DOMAIN,
        "Bonjour",
        "A variation of `utter_shown` is for `fr`, which is no language. Remedy: Use yue, en, zh.",
    )


def test_a_condition_on_an_unknown_slot(project) -> None:
    condition = "[{type: slot, name: language, value: %s}, {type: slot, name: vip, value: yes}]"
    for language, text in (("yue", "多謝"), ("en", "Thanks"), ("zh", "谢谢")):
        project.add(DOMAIN, f"    - {{condition: {condition % language}, text: {text}}}\n")
    lines = [project.line(DOMAIN, f"value: {language}}}, ") for language in ("yue", "en", "zh")]
    assert project.said() == [
        f"{DOMAIN}:{line}: A condition of `utter_shown` asks for the slot `vip`, which the domain "
        "lacks. Remedy: Add it to `slots`, or use a slot that is there."
        for line in lines
    ]


def test_a_variable_that_one_language_lacks(project, expect_one) -> None:
    project.change(DOMAIN, "Order {order_id}: {state}", "Your order {order_id} is known")
    expect_one(
        DOMAIN,
        "is known",
        "`utter_shown` in English lacks {state}, which another language has. "
        "Remedy: Write it in here, or take it out there.",
    )


def test_other_buttons_in_one_language(project) -> None:
    project.change(DOMAIN, "{title: Track, payload: /track_order}", "{title: Hi, payload: /greet}")
    line = project.line(DOMAIN, "&en")
    assert project.said() == [
        f"{DOMAIN}:{line}: `utter_greet` in English has other buttons than the other languages. "
        "Remedy: Give all three the same payloads, in the same order."
    ]


def test_buttons_may_type_words_in_each_language(project) -> None:
    for title, words in (("查訂單", "查單"), ("Track", "track it"), ("查订单", "查单")):
        project.change(
            DOMAIN,
            f"{{title: {title}, payload: /track_order}}",
            f"{{title: {title}, payload: {words}}}",
        )
    assert project.said() == []


def test_a_button_for_an_unknown_intent(project) -> None:
    for title in ("查訂單", "Track", "查订单"):
        project.change(
            DOMAIN,
            f"{{title: {title}, payload: /track_order}}",
            f"{{title: {title}, payload: /trace_order}}",
        )
    lines = [project.line(DOMAIN, f"title: {title}") for title in ("查訂單", "Track", "查订单")]
    assert project.said() == [
        f"{DOMAIN}:{line}: A button of `utter_greet` names the intent `trace_order`, which the "
        "domain lacks. Remedy: Did you mean `track_order`? If not: Add it to `intents`, or use an "
        "intent that is there."
        for line in lines
    ]


@pytest.mark.parametrize(
    ("payload", "well"),
    [('/track_order{"order_id": "HK1"}', True), ("/track_order{order_id: HK1}", False)],
)
def test_details_of_a_button(project, payload: str, well: bool) -> None:
    for title in ("查訂單", "Track", "查订单"):
        old = f"{{title: {title}, payload: /track_order}}"
        project.change(DOMAIN, old, f"{{title: {title}, payload: '{payload}'}}")
    lines = [project.line(DOMAIN, f"title: {title}") for title in ("查訂單", "Track", "查订单")]
    assert project.said() == ([] if well else [
        f"{DOMAIN}:{line}: A button of `utter_greet` brings details that cannot be read. "
        'Remedy: Write them as `/intent{"entity": "value"}`.'
        for line in lines
    ])  # fmt: skip


def test_a_variable_nobody_fills(project) -> None:
    project.change("actions/orders.py", "state=", "status=")
    lines = [project.line(DOMAIN, text) for text in ("訂單{order_id}", "Order {", "订单{order_id}")]
    assert project.said() == [
        f"{DOMAIN}:{line}: Nothing fills {{state}} in `utter_shown`. Remedy: Add it to `variables` "
        "in demo/settings.yml, or have every `say` of the action pass it."
        for line in lines
    ]


def test_a_mistyped_variable(project) -> None:
    for language in ("呢度係", "Hello from ", "这里是"):
        project.change(DOMAIN, f"{language}{{company}}", f"{language}{{compnay}}")
    assert [said.split("Remedy: ")[1] for said in project.said()] == [
        "Did you mean `company`? If not: Add it to `variables` in demo/settings.yml, or have every "
        "`say` of the action pass it."
    ] * 3


@pytest.mark.parametrize("written", ["{order id}", "{order_id", "{ state }"])
def test_a_brace_without_a_variable(project, expect_one, written: str) -> None:
    project.change(DOMAIN, "有咩可以幫到你", f"有咩可以幫到你{written}")
    expect_one(
        DOMAIN,
        "有咩可以幫到你",
        "A brace in `utter_greet` belongs to no variable. "
        "Remedy: Write `{name}` in small letters, without spaces.",
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "订单编号是多少？",
            "訂單编号是多少？",
            "`utter_ask_order_id` in Mandarin is not all in Simplified script: 訂單. "
            "Remedy: Write 訂 → 订, 單 → 单.",
        ),
        (
            "訂單編號係幾多？",
            "订單編號係幾多？",
            "`utter_ask_order_id` in Cantonese is not all in Traditional script: 订. "
            "Remedy: Write 订 → 訂.",
        ),
        (
            "訂單編號係幾多？",
            "訂單編號係什么？",
            "`utter_ask_order_id` in Cantonese is not all in Traditional script: 么. "
            "Remedy: Write 么 → 麼.",
        ),
        (
            "title: 查订单",
            "title: 查訂单",
            "`utter_greet` in Mandarin is not all in Simplified script: 訂. Remedy: Write 訂 → 订.",
        ),
        (
            "What is the order number?",
            "请问订单编号是多少？",
            "The English text of `utter_ask_order_id` is in Chinese. Remedy: Translate it.",
        ),
        (
            "订单编号是多少？",
            "What is the number, please?",
            "The Mandarin text of `utter_ask_order_id` is in English. Remedy: Translate it.",
        ),
    ],
)
def test_the_wrong_words(project, expect_one, old: str, new: str, sentence: str) -> None:
    project.change(DOMAIN, old, new)
    expect_one(DOMAIN, new, sentence)


def test_a_forgotten_translation(project) -> None:
    project.change(DOMAIN, "訂單編號係幾多？", "可以告知你的地址？")
    project.change(DOMAIN, "订单编号是多少？", "可以告知你的地址？")
    line = project.line(DOMAIN, "{condition: *zh, text: 可以")
    assert project.said() == [
        f"{DOMAIN}:{line}: The Mandarin text of `utter_ask_order_id` is the Cantonese one. "
        "Remedy: Translate it."
    ]


@pytest.mark.parametrize(
    ("yue", "en", "zh"),
    [("收到。", "Got it.", "收到。"), ("OK!", "OK!", "OK!"), ('"{order_id}"',) * 3],
)
def test_short_texts_may_be_the_same(project, yue: str, en: str, zh: str) -> None:
    project.change(DOMAIN, "訂單編號係幾多？", yue)
    project.change(DOMAIN, "What is the order number?", en)
    project.change(DOMAIN, "订单编号是多少？", zh)
    assert project.said() == []


@pytest.mark.parametrize(
    "text", ["喺台灣里面嘅皇后", "後面只有我", "畀咗錢喇，𨋢壞咗，嗰啲嘢冇晒", "群組着數檯面"]
)
def test_what_hong_kong_writes_is_traditional(project, text: str) -> None:
    project.change(DOMAIN, "訂單編號係幾多？", text)
    assert project.said() == []


def test_a_long_text(project, expect_one) -> None:
    project.change(DOMAIN, "What is the order number?", "What is it? " + "word " * 60)
    length = len(("What is it? " + "word " * 60).strip())
    expect_one(
        DOMAIN,
        "What is it?",
        f"A text of `utter_ask_order_id` has {length} characters. "
        "Remedy: Say it in 300, or as a list with line breaks.",
    )


def test_a_long_list_is_well(project) -> None:
    long = "What is it?\\n" + "word " * 60
    project.change(DOMAIN, "What is the order number?", f'"{long}"')
    assert project.said() == []


def test_the_collection_statement_may_be_long(project) -> None:
    variations = [
        f"    - {{condition: *{language}, text: {words * 80}}}\n"
        for language, words in (("yue", "我哋會用"), ("en", "we use it "), ("zh", "我们会用"))
    ]
    project.add(DOMAIN, "  utter_collection_statement:\n" + "".join(variations))
    assert project.said() == []
