"""The chat page's own interface: ``/chat/config``, ``/chat/history``, ``/chat/messages``, ``/chat/new``.

The browser holds nothing but a random id in a cookie that scripts cannot read.
The page says its language in ``Accept-Language`` (``yue``, ``en`` or ``zh``).
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from cantodesk.desk.assistant import Answer, AnswerStatus, Assistant, Button
from cantodesk.desk.customer_line import (
    LONGEST_TEXT,
    CustomerLine,
    as_plain_words,
    is_command,
    read_line,
)
from cantodesk.desk.earlier_talk import ReadEarlierTalk, Reading
from cantodesk.desk.protection import foreign_post, read_body, refusal
from cantodesk.desk.sentences import Obstacle, page_language
from cantodesk.desk.talks import Talk, Talks, is_talk_id, new_talk_id, sender_of
from cantodesk.desk.writing import language_of
from cantodesk.services.trilingual import Trilingual

COOKIE = "cantodesk_talk"
# Seconds after its last use in which a talk is found again: a day, since computers are shared.
_COOKIE_AGE = 24 * 60 * 60


@dataclass(frozen=True)
class Shop:
    """What the page says of the business."""

    company: Trilingual
    hotline: Trilingual | None = None


@dataclass(frozen=True)
class Chat:
    """What the routes work with. ``secure`` keeps the cookie to HTTPS whatever the proxy says."""

    assistant: Assistant
    talks: Talks
    read_earlier: ReadEarlierTalk
    shop: Shop
    secure: bool = False


def chat_routes(chat: Chat) -> APIRouter:
    """The routes, to be included in the application."""
    routes = APIRouter(prefix="/chat")

    @routes.get("/config")
    async def config() -> Response:
        hotline = chat.shop.hotline
        return _json(
            {
                "company": asdict(chat.shop.company),
                "hotline": asdict(hotline) if hotline else None,
                "longest_text": LONGEST_TEXT,
            }
        )

    @routes.get("/history")
    async def history(request: Request) -> Response:
        talk_id = _talk_id(request)
        if talk_id is None:
            return _with_talk(chat, request, _json({"messages": [], "state": "bot"}), new_talk_id())
        earlier = await asyncio.to_thread(chat.read_earlier, sender_of(talk_id))
        if earlier.status is Reading.UNAVAILABLE:
            return _with_talk(chat, request, _refused(request, Obstacle.NO_HISTORY), talk_id)
        messages = [
            {
                "role": line.role.value,
                "text": line.text,
                "buttons": _buttons(line.buttons),
                "at": line.at.isoformat(),
                "language": line.language,
            }
            for line in earlier.lines
        ]
        content = {"messages": messages, "state": earlier.state.value}
        return _with_talk(chat, request, _json(content), talk_id)

    @routes.post("/messages")
    async def messages(request: Request) -> Response:
        if obstacle := foreign_post(request):
            return _refused(request, obstacle)
        body = await read_body(request)
        line = read_line(body) if isinstance(body, bytes) else body
        if isinstance(line, Obstacle):
            return _refused(request, line)
        # A page whose cookie ran out begins a new talk instead of failing.
        talk_id = _talk_id(request) or new_talk_id()
        return _with_talk(chat, request, await _take_turn(chat, request, talk_id, line), talk_id)

    @routes.post("/new")
    async def new(request: Request) -> Response:
        if obstacle := foreign_post(request):
            return _refused(request, obstacle)
        if old := _talk_id(request):
            chat.talks.forget(old)
        return _with_talk(chat, request, _json({"messages": []}), new_talk_id())

    return routes


async def _take_turn(chat: Chat, request: Request, talk_id: str, line: CustomerLine) -> Response:
    """One line in, its replies out; lines of one talk wait for each other."""
    talk = chat.talks.of(talk_id)
    if wait := chat.talks.seconds_to_wait(talk):
        return _refused(request, Obstacle.TOO_OFTEN, retry_after=wait)
    language = _page_language(request)
    async with talk.turn:
        sender = sender_of(talk_id)
        answer = talk.answer_to(line.line_id)
        if answer is None:
            message = await _message(chat, talk, sender, line)
            answer = await chat.assistant.ask(sender, message, language)
        waits = answer.status is AnswerStatus.SILENT and await _waits_for_person(chat, sender)
        if answer.status is not AnswerStatus.ANSWERED and not waits:
            return _refused(request, Obstacle.UNREACHABLE)
        talk.remember(line.line_id, answer)
    content = {
        "messages": _replies(answer),
        # The customer's own line, so that the page can mark its language.
        "line_language": language_of(line.text, language),
        "waits_for_person": waits,
    }
    return _json(content)


async def _message(chat: Chat, talk: Talk, sender: str, line: CustomerLine) -> str:
    """What Rasa is told: a payload only if it is one of our own buttons in this talk."""
    payload = line.payload
    if payload is None:
        return as_plain_words(line.text)
    if not is_command(payload) or talk.gave_out(payload):
        return payload
    # Given out before this process started? The ledger knows.
    earlier = await asyncio.to_thread(chat.read_earlier, sender)
    return payload if earlier.gave_out(payload) else as_plain_words(line.text)


async def _waits_for_person(chat: Chat, sender: str) -> bool:
    """Whether the assistant says nothing because a person has the talk."""
    earlier = await asyncio.to_thread(chat.read_earlier, sender)
    return earlier.status is Reading.FOUND and earlier.waits_for_person


def _replies(answer: Answer) -> list[dict[str, object]]:
    return [
        {
            "text": reply.text,
            "buttons": _buttons(reply.buttons),
            "image": reply.image,
            "language": reply.language,
        }
        for reply in answer.replies
    ]


def _buttons(buttons: tuple[Button, ...]) -> list[dict[str, str]]:
    return [{"title": button.title, "payload": button.payload} for button in buttons]


def _page_language(request: Request) -> str:
    return page_language(request.headers.get("accept-language", ""))


def _refused(request: Request, obstacle: Obstacle, retry_after: int | None = None) -> Response:
    return refusal(obstacle, _page_language(request), retry_after)


def _json(content: object) -> JSONResponse:
    return JSONResponse(content, headers={"Cache-Control": "no-store"})


def _talk_id(request: Request) -> str | None:
    value = request.cookies.get(COOKIE)
    return value if is_talk_id(value) else None


def _with_talk(chat: Chat, request: Request, response: Response, talk_id: str) -> Response:
    """The response with the talk's cookie, its time begun anew.

    Given to the page's own requests only, never to the page itself: a visit by
    a link from another site comes without the strict cookie, and would lose it.
    """
    response.set_cookie(
        COOKIE,
        talk_id,
        max_age=_COOKIE_AGE,
        path="/chat",
        secure=chat.secure or request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response
