"""What the chat page says when something is in the way, in the customer's language."""

from __future__ import annotations

from enum import StrEnum

from cantodesk.services.trilingual import Trilingual
from cantodesk.settings import DEFAULT_LANGUAGE


class Obstacle(StrEnum):
    """Why a line, or the earlier talk, did not get through."""

    UNREACHABLE = "unreachable"
    TOO_OFTEN = "too_often"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    BAD_CHARACTERS = "bad_characters"
    NOT_READABLE = "not_readable"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    NOT_JSON = "not_json"
    FOREIGN = "foreign"
    NO_HISTORY = "no_history"
    BROKEN = "broken"

    @property
    def status(self) -> int:
        """The HTTP status that goes with it."""
        return _STATUS.get(self, 400)

    def sentence(self, language: str) -> str:
        """The polite sentence in ``language``."""
        return _SENTENCES[self].text(language)


_STATUS = {
    Obstacle.UNREACHABLE: 503,
    Obstacle.NO_HISTORY: 503,
    Obstacle.TOO_OFTEN: 429,
    Obstacle.TOO_LARGE: 413,
    Obstacle.TOO_SLOW: 408,
    Obstacle.NOT_JSON: 415,
    Obstacle.FOREIGN: 403,
    Obstacle.BROKEN: 500,
}

_NOT_UNDERSTOOD = Trilingual(
    "唔好意思，呢個訊息我哋讀唔到。麻煩你重新整理頁面再試。",
    "Sorry, we could not read this message. Please reload the page and try again.",
    "抱歉，我们无法读取这条消息。请刷新页面后重试。",
)
_TOO_LONG = Trilingual(
    "唔好意思，訊息太長，請縮短到 2,000 字之內，或者分開幾次講。",
    "Sorry, that message is too long. Please keep it under 2,000 characters or send it in parts.",
    "抱歉，消息太长了。请控制在 2,000 字以内，或分几次发送。",
)

_SENTENCES = {
    Obstacle.UNREACHABLE: Trilingual(
        "唔好意思，助手暫時未能回覆。請稍後再試。",
        "Sorry, the assistant cannot answer just now. Please try again in a moment.",
        "抱歉，助手暂时无法回复。请稍后再试。",
    ),
    Obstacle.TOO_OFTEN: Trilingual(
        "你嘅訊息嚟得好快，請等一陣再傳。",
        "You are sending messages very quickly. Please wait a little and try again.",
        "您发送消息太频繁了，请稍等片刻再发。",
    ),
    Obstacle.EMPTY: Trilingual(
        "呢個訊息係空白嘅，請寫低你嘅問題。",
        "This message is empty. Please write your question.",
        "这条消息是空白的，请写下您的问题。",
    ),
    Obstacle.TOO_LONG: _TOO_LONG,
    Obstacle.TOO_LARGE: _TOO_LONG,
    Obstacle.BAD_CHARACTERS: Trilingual(
        "訊息入面有讀唔到嘅字元，請刪走之後再傳。",
        "This message holds characters we cannot read. Please remove them and try again.",
        "消息中有无法读取的字符，请删除后再发。",
    ),
    Obstacle.NOT_READABLE: _NOT_UNDERSTOOD,
    Obstacle.NOT_JSON: _NOT_UNDERSTOOD,
    Obstacle.FOREIGN: _NOT_UNDERSTOOD,
    Obstacle.TOO_SLOW: Trilingual(
        "網絡好慢，訊息未傳到。請再試一次。",
        "The connection was too slow and the message did not arrive. Please try again.",
        "网络太慢，消息未能送达。请再试一次。",
    ),
    Obstacle.NO_HISTORY: Trilingual(
        "暫時未能顯示之前嘅對話，你可以照樣問問題。",
        "Earlier messages cannot be shown just now. You can still ask a question.",
        "暂时无法显示之前的对话，您仍可继续提问。",
    ),
    Obstacle.BROKEN: Trilingual(
        "唔好意思，我哋呢邊出咗問題。請稍後再試。",
        "Sorry, something went wrong on our side. Please try again in a moment.",
        "抱歉，我们这边出了问题。请稍后再试。",
    ),
}


def page_language(accepted: str) -> str:
    """The page's language out of an ``Accept-Language`` value; unknown ones are the default.

    The page sends exactly ``yue``, ``en`` or ``zh``. Other callers may send a
    browser's usual list, of which the first language known here is taken.
    """
    for part in accepted[:200].lower().split(","):
        subtags = part.split(";")[0].strip().split("-")
        if subtags[0] == "en":
            return "en"
        if subtags[0] == "yue" or (subtags[0] == "zh" and {"hk", "mo", "hant"} & set(subtags)):
            return "yue"
        if subtags[0] == "zh":
            return "zh"
    return DEFAULT_LANGUAGE
