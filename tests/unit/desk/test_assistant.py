from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from cantodesk.desk.assistant import Answer, AnswerStatus, Assistant, Button, Reply, read_replies

URL = "http://assistant.test:5005"


def assistant(handle: Callable[[httpx.Request], httpx.Response]) -> Assistant:
    return Assistant(URL, httpx.MockTransport(handle))


async def test_asks_over_the_rest_channel() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=[{"recipient_id": "web:a", "text": "你好呀"}])

    answer = await assistant(handle).ask("web:a", "hi", "en")
    assert answer == Answer(AnswerStatus.ANSWERED, (Reply("你好呀", language="yue"),))
    assert (seen[0].method, str(seen[0].url)) == ("POST", f"{URL}/webhooks/rest/webhook")
    assert json.loads(seen[0].content) == {
        "sender": "web:a",
        "message": "hi",
        "metadata": {"page_language": "en"},
    }


def test_replies_as_a_page_can_show_them() -> None:
    content = [
        {"text": "Which one?", "buttons": [{"title": "A", "payload": "/a"}, {"title": "B"}]},
        {"image": "https://shop.example/a.png"},
        {"custom": {"x": 1}},
        {"text": "  "},
        {"text": 7, "buttons": "no", "image": None},
        "text",
        {"text": "a\ud83d", "buttons": [{"payload": "/x"}, 3, {"title": 4}]},
    ]
    assert read_replies(content, "zh") == (
        Reply("Which one?", (Button("A", "/a"), Button("B", "B")), None, "en"),
        Reply("", (), "https://shop.example/a.png", "zh"),
        Reply("a?", (), None, "en"),
    )


@pytest.mark.parametrize("content", [None, {}, "text", 3])
def test_what_is_no_list_holds_no_reply(content: Any) -> None:
    assert read_replies(content, "yue") == ()


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


@pytest.mark.parametrize(
    "handle",
    [
        refuse,
        lambda _: httpx.Response(500, json=[{"text": "trace"}]),
        lambda _: httpx.Response(302, headers={"location": "http://elsewhere.test/"}),
        lambda _: httpx.Response(200, text="<html>"),
        lambda _: httpx.Response(200, content=b"[" * 100_000),
    ],
)
async def test_what_goes_wrong_is_unreachable_and_logs_no_text(
    handle: Callable[[httpx.Request], httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = await assistant(handle).ask("web:secret-id", "secret words", "yue")
    assert answer == Answer(AnswerStatus.UNREACHABLE)
    assert "secret" not in caplog.text
    assert "the assistant" in caplog.text


async def test_an_answer_that_never_comes_is_given_up() -> None:
    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    waiting = Assistant(URL, httpx.MockTransport(never), timeout=0.02)
    assert (await waiting.ask("web:a", "hi", "yue")).status is AnswerStatus.UNREACHABLE


async def test_nothing_is_silence() -> None:
    answer = await assistant(lambda _: httpx.Response(200, json=[])).ask("web:a", "hi", "yue")
    assert answer == Answer(AnswerStatus.SILENT)


@pytest.mark.parametrize(
    ("status", "root", "ready"),
    [(200, 500, True), (404, 200, True), (409, 200, False), (401, 200, True), (404, 502, False)],
)
async def test_ready_when_a_model_would_answer(status: int, root: int, ready: bool) -> None:
    answers = {"/status": status, "/": root}
    asked = assistant(lambda request: httpx.Response(answers[request.url.path]))
    assert await asked.is_ready() is ready


async def test_not_ready_when_nobody_is_there() -> None:
    assert not await assistant(refuse).is_ready()
