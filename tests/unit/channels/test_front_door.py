"""The door every message comes in by: what is let through, and that there is always an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, ConversationPaused, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from cantodesk.channels.front_door import (
    LONGEST_LINE,
    FrontDoor,
    Refused,
    checked_line,
    checked_sender,
    offered_payloads,
)
from cantodesk.conversations.failures import StorageFailed

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "slots": {
            "language": {"type": "text", "mappings": [{"type": "custom"}]},
            "clarifying": {"type": "list", "mappings": [{"type": "custom"}]},
        },
    }
)
OFFERED = BotUttered("?", {"buttons": [{"title": "Yes", "payload": "/affirm"}]})


def tracker(*events: Any) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("someone", list(events), slots=DOMAIN.slots)


@dataclass
class Rasa:
    """Rasa as the front door sees it: the conversation so far, and what a turn answers."""

    held: DialogueStateTracker | None = None
    replies: tuple[str, ...] = ("hello",)
    fails: Exception | None = None
    heard: list[UserMessage] = field(default_factory=list)
    ticket: str | None = None
    reported: list[tuple[str, str]] = field(default_factory=list)
    domain: Domain = DOMAIN
    parsed: list[UserMessage] = field(default_factory=list)

    @property
    def tracker_store(self) -> Rasa:
        return self

    @property
    def nlg(self) -> Rasa:
        return self

    async def retrieve(self, _sender: str) -> DialogueStateTracker | None:
        return self.held

    async def generate(
        self, response: str, at: DialogueStateTracker, _channel: str, **_variables: Any
    ) -> dict[str, str]:
        return {"text": f"{response} {at.get_slot('language')}"}

    @property
    def processor(self) -> Rasa:
        return self

    async def parse_message(self, message: UserMessage) -> dict[str, Any]:
        self.parsed.append(message)
        return {"text": message.text, "intent": {"name": "inform"}, "entities": []}

    async def handle(self, message: UserMessage) -> None:
        self.heard.append(message)
        if self.fails:
            raise self.fails
        for reply in self.replies:
            await message.output_channel.send_text_message(message.sender_id, reply)

    @property
    def door(self) -> FrontDoor:
        return FrontDoor(self.handle, lambda: self, self.report)

    def report(self, sender: str, language: str) -> str | None:
        self.reported.append((sender, language))
        return self.ticket

    async def say(self, text: str, sender: str = "someone", **metadata: Any) -> list[str]:
        return [r["text"] for r in await self.door.turn(sender, text, "rest", metadata)]


async def test_a_line_goes_in_and_its_replies_come_out() -> None:
    rasa = Rasa(replies=("one", "two"))
    assert await rasa.say("你好") == ["one", "two"]
    (heard,) = rasa.heard
    assert (heard.text, heard.sender_id, heard.input_channel) == ("你好", "someone", "rest")


@pytest.mark.parametrize(
    ("text", "metadata", "language"),
    [
        ("hello", {}, "en"),
        ("你好", {}, "yue"),
        ("我的订单", {}, "zh"),
        ("hello", {"page_language": "zh"}, "zh"),
        ("hello", {"page_language": "xx"}, "yue"),
    ],
)
async def test_the_language_of_a_page_or_a_line_goes_with_it(
    text: str, metadata: dict[str, str], language: str
) -> None:
    rasa = Rasa()
    await rasa.say(text, **metadata)
    assert rasa.heard[0].metadata == {"language": language}


@pytest.mark.parametrize(
    ("mode", "kept"),
    [
        ("voice", {"input_mode": "voice"}),
        ("text", {"input_mode": "text"}),
        ("always", {}),
        (["voice"], {}),
        (None, {}),
    ],
)
async def test_how_a_line_was_put_in_goes_with_it(mode: Any, kept: dict[str, str]) -> None:
    rasa = Rasa()
    await rasa.say("你好", input_mode=mode)
    assert rasa.heard[0].metadata == {"language": "yue", **kept}


COMMANDS = (
    "/restart",
    '/paid{"amount":"0"}',
    "/x@1.0",
    " /restart",
    "\u3000/restart",
    "\n\t/restart",
    "\x1c/restart",
    "\x00 /restart",
    "\u2028/restart",
    "/",
    "//restart",
)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("held", [None, tracker(), tracker(OFFERED)])
async def test_a_typed_command_is_only_text(
    command: str, held: DialogueStateTracker | None
) -> None:
    rasa = Rasa(held)
    await rasa.say(command)
    # What Rasa itself makes of the text, stripped as it strips it.
    assert not rasa.heard[0].text.startswith("/")


@given(st.text(alphabet="/ \u3000\u2028\x1c\x00\n\ufeff\u200bx", min_size=1))
async def test_no_spelling_of_a_slash_is_a_command(text: str) -> None:
    rasa = Rasa()
    try:
        await rasa.say(text)
    except Refused:
        return
    assert not rasa.heard[0].text.startswith("/")


async def test_a_button_we_offered_may_be_pressed() -> None:
    rasa = Rasa(tracker(OFFERED))
    await rasa.say("/affirm")
    assert rasa.heard[0].text == "/affirm"


def asked_back() -> DialogueStateTracker:
    offers = [
        ("查訂單", "/track_order"),
        ("換貨", "/request_exchange"),
        ("其他嘢", "/nlu_fallback"),
    ]
    buttons = [{"title": title, "payload": payload} for title, payload in offers]
    return tracker(
        UserUttered("張單"),
        BotUttered("?", {"buttons": buttons}),
        SlotSet("clarifying", ["track_order", "request_exchange"]),
    )


@pytest.mark.parametrize("line", ["/request_exchange", "第二個", "換貨嗰個"])
async def test_an_answer_to_a_question_of_ours_comes_in_understood(line: str) -> None:
    rasa = Rasa(asked_back())
    await rasa.say(line)
    (heard,) = rasa.heard
    assert heard.text == line
    assert heard.parse_data is not None
    assert heard.parse_data["intent"] == {"name": "request_exchange", "confidence": 1.0}


async def test_a_line_is_understood_twice_only_where_a_question_is_open() -> None:
    rasa = Rasa(tracker(OFFERED))
    await rasa.say("第二個")
    assert (rasa.parsed, rasa.heard[0].parse_data) == ([], None)
    rasa = Rasa(asked_back())
    await rasa.say("送貨幾錢", input_mode="voice")
    (parsed,) = rasa.parsed
    assert parsed.metadata == {"language": "yue", "input_mode": "voice"}
    assert rasa.heard[0].parse_data is None


async def test_a_payload_that_was_not_offered_answers_no_question() -> None:
    rasa = Rasa(asked_back())
    await rasa.say("/request_refund")
    assert rasa.heard[0].text == "／request_refund"


async def test_a_button_of_long_ago_is_only_text() -> None:
    rasa = Rasa(tracker(OFFERED, *[UserUttered("hi") for _ in range(40)]))
    await rasa.say("/affirm")
    assert rasa.heard[0].text == "／affirm"


def test_offered_payloads_are_those_of_the_latest_replies() -> None:
    bare = BotUttered("?", {"buttons": None})
    assert offered_payloads(tracker(OFFERED, bare, BotUttered("!"))) == {"/affirm"}
    assert offered_payloads(tracker()) == set()


@pytest.mark.parametrize(
    ("text", "language"), [("我叫陳大文", "yue"), ("my name is Chan", "en"), ("我的订单", "zh")]
)
async def test_what_fails_inside_ends_in_a_polite_sentence(
    text: str, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    rasa = Rasa(fails=RuntimeError(f"could not handle {text}"))
    with caplog.at_level(logging.DEBUG):
        assert await rasa.say(text) == [f"utter_unavailable {language}"]
    assert "RuntimeError" in caplog.text
    assert text not in caplog.text


async def test_a_turn_that_fails_whole_leaves_a_ticket() -> None:
    rasa = Rasa(fails=RuntimeError("x"))
    rasa.ticket = "T-000001"
    assert await rasa.say("hello") == ["utter_unavailable_ticket en"]
    assert rasa.reported == [("someone", "en")]


async def test_a_database_that_just_failed_is_not_asked_for_a_ticket() -> None:
    rasa = Rasa(fails=StorageFailed("x"))
    assert await rasa.say("hello") == ["utter_unavailable en"]
    assert rasa.reported == []


async def test_a_turn_without_a_reply_gets_one() -> None:
    assert await Rasa(tracker(), replies=()).say("hello") == ["utter_unavailable en"]
    assert await Rasa(None, replies=()).say("hello") == ["utter_unavailable en"]


async def test_while_a_person_is_awaited_that_is_said() -> None:
    held = tracker(SlotSet("language", "zh"), ConversationPaused())
    assert await Rasa(held, replies=()).say("hello") == ["utter_waiting_for_person zh"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a text is expected"),
        ("   \n", "a text is expected"),
        ("\x00\x01", "a text is expected"),
        (None, "a text is expected"),
        (42, "a text is expected"),
        (["hi"], "a text is expected"),
        ("x" * (LONGEST_LINE + 1), "longer than 2000"),
        ("\ud83d", "half of a surrogate pair"),
    ],
)
def test_what_is_no_line_is_refused(text: object, why: str) -> None:
    with pytest.raises(Refused, match=why):
        checked_line(text)


def test_a_line_too_long_has_the_status_for_it() -> None:
    with pytest.raises(Refused) as refused:
        checked_line("x" * (LONGEST_LINE + 1))
    assert refused.value.status == 413


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("你\x00好", "你 好"),
        ("  hi \n", "hi"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("👍🏽", "👍🏽"),
        ("x" * LONGEST_LINE, "x" * LONGEST_LINE),
    ],
)
def test_a_line_is_kept_but_for_its_control_characters(text: str, line: str) -> None:
    assert checked_line(text) == line


@pytest.mark.parametrize("sender", ["", " ", None, 7, "a\x00b", "a\nb", "\ud83d", "x" * 256])
async def test_a_bad_sender_is_refused(sender: Any) -> None:
    with pytest.raises(Refused, match="sender: "):
        checked_sender(sender)
    rasa = Rasa()
    with pytest.raises(Refused):
        await rasa.say("hi", sender)
    assert rasa.heard == []


def test_a_good_sender_is_itself() -> None:
    check: Callable[[object], str] = checked_sender
    assert check("'; DROP TABLE events;--") == "'; DROP TABLE events;--"
