"""Replies: the domain's words with the shop's figures, always in some language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conversations import told
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.utils.endpoints import EndpointConfig

from cantodesk.dialogue.replies import Replies, filled
from cantodesk.settings import get_settings

BUSINESS = """
variables:
  company: {yue: 好日子, en: GoodDay, zh: 好日子}
  hotline: "2345 6000"
opening_hours:
  customer_service: {mon-fri: ["09:00-18:00"], sat: [], sun: [], holidays: []}
"""


def when(language: str) -> list[dict[str, str]]:
    return [{"type": "slot", "name": "language", "value": language}]


RESPONSES: dict[str, Any] = {
    "utter_hello": [
        {"text": "{company}，你好{name}", "condition": when("yue")},
        {"text": "{company} here, hello {name}", "condition": when("en")},
    ],
    "utter_buttons": [
        {
            "text": "{order_id}?",
            "condition": when("yue"),
            "buttons": [{"title": "係 {order_id}", "payload": "/affirm"}],
        }
    ],
    "utter_call": [{"text": "{hotline}", "condition": when("yue")}],
}


@pytest.fixture
def replies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replies]:
    path = tmp_path / "business.yml"
    path.write_text(BUSINESS, encoding="utf-8")
    monkeypatch.setenv("CANTODESK_BUSINESS_FILE", str(path))
    get_settings.cache_clear()
    yield Replies(EndpointConfig(), Domain.from_dict({"version": "3.1", "responses": RESPONSES}))
    get_settings.cache_clear()


async def say(replies: Replies, response: str, language: str | None = "yue", **more: Any) -> Any:
    return await replies.generate(response, told(SlotSet("language", language)), "rest", **more)


async def test_a_reply_is_in_the_language_of_the_talk(replies: Replies) -> None:
    assert (await say(replies, "utter_hello", name="!"))["text"] == "好日子，你好!"
    assert (await say(replies, "utter_hello", "en", name="!"))["text"] == "GoodDay here, hello !"


@pytest.mark.parametrize("language", ["zh", "fr", None])
async def test_where_a_language_has_no_words_the_default_speaks(
    replies: Replies, language: str | None
) -> None:
    assert (await say(replies, "utter_call", language))["text"] == "2345 6000"


async def test_an_unknown_reply_is_none(replies: Replies) -> None:
    assert await say(replies, "utter_nothing") is None


async def test_buttons_are_filled_too(replies: Replies) -> None:
    reply = await say(replies, "utter_buttons", order_id="HK20261234")
    assert reply["buttons"] == [{"title": "係 HK20261234", "payload": "/affirm"}]


async def test_a_given_value_wins_over_the_shops(replies: Replies) -> None:
    assert (await say(replies, "utter_call", hotline="999"))["text"] == "999"


async def test_the_domains_own_texts_are_not_filled_in_place(replies: Replies) -> None:
    await say(replies, "utter_hello", name="陳生")
    assert (await say(replies, "utter_hello", name="李小姐"))["text"] == "好日子，你好李小姐"


@pytest.mark.parametrize(
    "name",
    ["0[", "{0[", "{other}", "{company}", "{x.__class__}", "{{7*7}}", "}{", "%s", "\\1", "{name}"],
)
async def test_a_value_is_said_literally_whatever_is_in_it(replies: Replies, name: str) -> None:
    assert (await say(replies, "utter_hello", name=name))["text"] == f"好日子，你好{name}"


async def test_a_value_in_a_slot_is_literal_too(replies: Replies) -> None:
    tracker = told(SlotSet("language", "yue"))
    tracker._set_slot("turn_failed", "{company} 0[")
    replies.responses["utter_slot"] = [{"text": "{turn_failed}"}]
    reply = await replies.generate("utter_slot", tracker, "rest")
    assert reply is not None
    assert reply["text"] == "{company} 0["


def test_an_unknown_name_stays_as_it_is() -> None:
    assert filled("{known} {unknown} {0} {}", {"known": 1}) == "1 {unknown} {0} {}"


def test_lists_and_dictionaries_are_filled_inside() -> None:
    assert filled([{"a": "{x}"}, 1, None], {"x": "y"}) == [{"a": "y"}, 1, None]


@given(st.text())
def test_any_value_comes_out_as_it_went_in(value: str) -> None:
    assert filled("<{x}>", {"x": value, "y": "never"}) == f"<{value}>"
