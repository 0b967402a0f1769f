from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx
import pytest
from fake_assistant import FakeAssistant
from fastapi import FastAPI

from cantodesk.desk.chat import COOKIE
from cantodesk.desk.sentences import Obstacle
from cantodesk.storage.conversation_tables import ConversationState

CHOICE = [{"text": "啱唔啱？", "buttons": [{"title": "係", "payload": "/affirm"}]}]


async def say(browser: httpx.AsyncClient, text: str, **more: Any) -> httpx.Response:
    language = more.pop("language", "yue")
    return await browser.post(
        "/chat/messages", json={"text": text, **more}, headers={"Accept-Language": language}
    )


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


async def test_a_line_goes_to_the_assistant_and_its_answer_comes_back(
    browser: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    assistant.reply = lambda _: [*CHOICE, {"image": "https://shop.example/a.png"}]
    response = await say(browser, "查單", payload=None, language="zh")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == {
        "messages": [
            {
                "text": "啱唔啱？",
                "buttons": [{"title": "係", "payload": "/affirm"}],
                "image": None,
                "language": "yue",
            },
            {
                "text": "",
                "buttons": [],
                "image": "https://shop.example/a.png",
                "language": "zh",
            },
        ],
        "line_language": "zh",
        "waits_for_person": False,
    }
    question = assistant.asked[0]
    assert question["sender"] == f"web:{browser.cookies[COOKIE]}"
    assert question["message"] == "查單"
    assert question["metadata"] == {"page_language": "zh"}


async def test_the_cookie_is_ours_and_out_of_reach(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/chat/history")
    cookie = response.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "path=/chat", "max-age=86400"):
        assert part in cookie
    assert "secure" not in cookie
    first = browser.cookies[COOKIE]
    assert len(first) == 32
    await say(browser, "hi")
    await browser.get("/chat/history")
    assert browser.cookies[COOKIE] == first


async def test_over_https_the_cookie_stays_there(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://shop.example") as browser:
        response = await browser.get("/chat/history")
    assert "secure" in response.headers["set-cookie"].lower()


@pytest.mark.parametrize("forged", ["short", "a" * 33, "../../etc/passwd", "default"])
async def test_an_id_that_is_not_ours_is_replaced(
    browser: httpx.AsyncClient, assistant: FakeAssistant, forged: str
) -> None:
    response = await browser.post(
        "/chat/messages", json={"text": "hi"}, headers={"Cookie": f"{COOKIE}={forged}"}
    )
    assert response.status_code == 200
    assert COOKIE in response.headers["set-cookie"]
    assert forged not in assistant.asked[0]["sender"]


async def test_the_page_itself_gives_no_cookie(browser: httpx.AsyncClient) -> None:
    for path in ("/", "/static/chat.js", "/chat/config"):
        assert "set-cookie" not in (await browser.get(path)).headers


async def test_a_new_talk_knows_nothing_of_the_old(browser: httpx.AsyncClient) -> None:
    await say(browser, "hi")
    before = browser.cookies[COOKIE]
    assert len((await browser.get("/chat/history")).json()["messages"]) == 2
    assert (await browser.post("/chat/new", json={})).status_code == 200
    assert browser.cookies[COOKIE] != before
    assert (await browser.get("/chat/history")).json() == {"messages": [], "state": "bot"}


async def test_history_is_what_was_said(
    browser: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    assistant.reply = lambda _: CHOICE
    await say(browser, "Where is it?")
    read = (await browser.get("/chat/history")).json()
    assert read["state"] == "bot"
    customer, bot = read["messages"]
    assert customer == {
        "role": "customer",
        "text": "Where is it?",
        "buttons": [],
        "at": "2026-11-24T06:00:00+00:00",
        "language": "en",
    }
    assert bot["buttons"] == [{"title": "係", "payload": "/affirm"}]


async def test_history_that_cannot_be_read_says_so(
    browser: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    await say(browser, "hi")
    assistant.ledger_answers = False
    response = await browser.get("/chat/history", headers={"Accept-Language": "en"})
    assert response.status_code == 503
    assert response.json()["sentence"] == Obstacle.NO_HISTORY.sentence("en")


async def test_a_button_sends_its_payload(
    browser: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    assistant.reply = lambda _: CHOICE
    await say(browser, "查單")
    await say(browser, "係", payload="/affirm")
    assert assistant.messages == ["查單", "/affirm"]


async def test_a_button_of_an_earlier_process_still_works(
    app: FastAPI, assistant: FakeAssistant, browser: httpx.AsyncClient
) -> None:
    await browser.get("/chat/history")
    sender = f"web:{browser.cookies[COOKIE]}"
    assistant.reply = lambda _: CHOICE
    assistant.keep({"sender": sender, "message": "x", "metadata": {"page_language": "yue"}}, CHOICE)
    await say(browser, "係", payload="/affirm")
    assert assistant.messages == ["/affirm"]


@pytest.mark.parametrize("command", ["/restart", '/paid{"amount":"0"}', "/x@1.0"])
async def test_no_command_but_our_own_buttons_reaches_rasa(
    browser: httpx.AsyncClient, assistant: FakeAssistant, command: str
) -> None:
    await say(browser, f"  {command}")
    await say(browser, "hello", payload=command)
    await say(browser, command, payload=command)
    assert assistant.messages == [f"／{command[1:]}", "hello", f"／{command[1:]}"]


async def test_a_plain_payload_needs_no_button(
    browser: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    await say(browser, "Title", payload="plain words")
    assert assistant.messages == ["plain words"]


async def test_a_line_sent_again_is_one_turn(
    browser: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    first = await say(browser, "hi", line_id="line-0001")
    again = await say(browser, "hi", line_id="line-0001")
    assert again.json() == first.json()
    assert assistant.messages == ["hi"]
    await say(browser, "hi", line_id="line-0002")
    assert assistant.messages == ["hi", "hi"]


async def test_a_line_that_failed_may_be_sent_again(
    browser: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    assistant.fail = refuse
    assert (await say(browser, "hi", line_id="line-0001")).status_code == 503
    assistant.fail = None
    assert (await say(browser, "hi", line_id="line-0001")).status_code == 200


async def test_lines_of_one_talk_wait_for_each_other(
    browser: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    await browser.get("/chat/history")
    await asyncio.gather(*(say(browser, f"line {i}") for i in range(5)))
    assert assistant.most_at_once == 1
    assert sorted(assistant.messages) == [f"line {i}" for i in range(5)]


async def test_two_talks_do_not_wait_for_each_other(app: FastAPI, assistant: FakeAssistant) -> None:
    transport = httpx.ASGITransport(app)

    async def stranger() -> None:
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as browser:
            await say(browser, "hi")

    await asyncio.gather(stranger(), stranger())
    assert assistant.most_at_once == 2


async def test_twenty_lines_a_minute(
    browser: httpx.AsyncClient, assistant: FakeAssistant, clock: Any
) -> None:
    await browser.get("/chat/history")
    for _ in range(20):
        assert (await say(browser, "hi")).status_code == 200
    clock.now = 12.5
    response = await say(browser, "hi", language="en")
    assert response.status_code == 429
    assert response.headers["retry-after"] == "48"
    assert response.json() == {
        "error": "too_often",
        "sentence": Obstacle.TOO_OFTEN.sentence("en"),
    }
    assert len(assistant.asked) == 20
    clock.now = 60.0
    assert (await say(browser, "hi")).status_code == 200


@pytest.mark.parametrize("language", ["yue", "en", "zh"])
async def test_when_the_assistant_is_away_the_page_hears_a_sentence(
    browser: httpx.AsyncClient, assistant: FakeAssistant, language: str
) -> None:
    for failure in (refuse, lambda _: httpx.Response(500), lambda _: httpx.Response(200, json=[])):
        assistant.fail = failure
        response = await say(browser, "hi", language=language)
        assert response.status_code == 503
        assert response.json() == {
            "error": "unreachable",
            "sentence": Obstacle.UNREACHABLE.sentence(language),
        }


@pytest.mark.parametrize("state", ["queued", "human", "after_hours"])
async def test_silence_is_right_while_a_person_has_the_talk(
    browser: httpx.AsyncClient, assistant: FakeAssistant, state: str
) -> None:
    assistant.reply = lambda _: []
    assistant.state = ConversationState(state)
    response = await say(browser, "仲有嘢想問", line_id="line-0001")
    assert response.status_code == 200
    assert response.json()["messages"] == []
    assert response.json()["waits_for_person"] is True
    assert (await browser.get("/chat/history")).json()["state"] == state
    await say(browser, "仲有嘢想問", line_id="line-0001")
    assert len(assistant.asked) == 1


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b'{"text":" "}', 400),
        (b'{"text":"a\\ud83d"}', 400),
        (b'{"text":"a\\u0000"}', 400),
        (b'{"text":"' + b"a" * 2001 + b'"}', 400),
        (b'{"text":"a","pad":"' + b"a" * 70_000 + b'"}', 413),
    ],
)
async def test_what_is_refused_is_refused_with_a_sentence(
    browser: httpx.AsyncClient, assistant: FakeAssistant, content: bytes, status: int
) -> None:
    headers = {"Content-Type": "application/json", "Accept-Language": "en"}
    response = await browser.post("/chat/messages", content=content, headers=headers)
    assert response.status_code == status
    assert response.json()["sentence"].endswith(".")
    assert assistant.asked == []


async def test_a_body_that_hides_its_length_is_cut_off(
    browser: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    given = 0

    async def endless() -> Any:
        nonlocal given
        while given < 1000:
            given += 1
            yield b"a" * 8192

    headers = {"Content-Type": "application/json"}
    response = await browser.post("/chat/messages", content=endless(), headers=headers)
    assert response.status_code == 413
    assert given < 20


@pytest.mark.parametrize("path", ["/chat/messages", "/chat/new"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": ""}, 415),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 200),
        ({"Content-Type": "Application/JSON; charset=utf-8"}, 200),
    ],
)
async def test_other_sites_cannot_post(
    browser: httpx.AsyncClient, path: str, headers: dict[str, str], status: int
) -> None:
    sent = {"Content-Type": "application/json"} | headers
    response = await browser.post(path, content=b'{"text":"hi"}', headers=sent)
    assert response.status_code == status


async def test_what_the_page_says_of_the_shop(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/chat/config")).json() == {
        "company": {"yue": "好日子", "en": "GoodDay", "zh": "好日子"},
        "hotline": {"yue": "2345 6000", "en": "2345 6000", "zh": "2345 6000"},
        "longest_text": 2000,
    }


async def test_no_words_and_no_id_in_the_logs(
    browser: httpx.AsyncClient, assistant: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    # The browser here is httpx as well, and tells which address it went to.
    caplog.set_level(logging.DEBUG)
    await say(browser, "marker-words")
    assistant.fail = refuse
    await say(browser, "marker-words", payload="/marker-payload")
    await say(browser, "marker-words\x07")
    written = caplog.text
    assert written
    for secret in ("marker-words", "marker-payload", browser.cookies[COOKIE]):
        assert secret not in written
