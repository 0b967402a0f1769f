"""Which of the offered things a typed line picks. Some channels have no buttons to press.

Only a line that is nothing but an answer picks something: what says more is
understood as every other line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# A line longer than that is no answer to "this or that?".
LONGEST_ANSWER = 40
# How much may stand around a title in a line that still means the title.
_AROUND = 8

_POSITIONS = (
    "1 一 壹 a 第一 第1 頭 頭一 前者 前面 first 1st former",
    "2 二 貳 b 第二 第2 後者 后者 second 2nd latter",
    "3 三 叁 c 第三 第3 third 3rd",
)
_YES = frozenset([
    "係", "係咁", "啱", "岩", "冇錯", "無錯", "冇錯係", "嗯", "嗯嗯", "好", "得",
    "是", "是的", "对", "对的", "没错", "好的", "可以",
    "yes", "y", "yeah", "yep", "yup", "ok", "okay", "correct", "right", "sure", "exactly",
    "yes please", "that s it", "that s right",
])  # fmt: skip
_NO = frozenset([
    "都唔係", "兩樣都唔係", "兩個都唔係", "以上都唔係", "唔係", "唔啱", "冇",
    "其他", "其他嘢", "其他野", "第樣", "第樣嘢", "另外嘢",
    "都不是", "两个都不是", "以上都不是", "不是", "不对", "其它", "其他的", "别的",
    "no", "n", "nope", "neither", "none", "other", "others", "not these", "something else",
    "none of these", "none of them", "none of the above", "neither of them", "neither of these",
])  # fmt: skip
_LEAD = re.compile(
    r"^(?:(?:唔該|麻煩|麻烦|請|请|係|是|應該係|应该是|我|想要|想|要|選|揀|选|拣)+"
    r"|(?:(?:i|want|choose|pick|mean|meant|need|it s|that s|would like|the|to|option|number|please)\s+)+)"
)
_TAIL = re.compile(
    r"(?:(?:嗰|呢|那|这|這)?(?:個|个|樣|样|項|项|號|号)|嘅|的|呀|啊|吖|啦|喇|囉|咯|吧|呢|唔該|謝謝|谢谢"
    r"|\s+(?:one|option|please|pls|thanks|thx))+$"
)
_PARTICLES = re.compile(r"[呀啊吖啦喇囉咯吧呢嘅]+$")
_NEGATIONS = re.compile(r"[唔冇未不没沒無]|\b(?:not|no|don t|never|n t)\b")
_HAN = re.compile("[\u3400-\u9fff]")
_OTHER = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True)
class Offer:
    """One thing that was offered: what its button sends, and every name it goes by."""

    payload: str
    names: tuple[str, ...]


def picked(line: str, offers: Sequence[Offer]) -> Offer | None:
    """The offer a line picks by its place or its name; the last offer is "something else".

    With two offers the question was "is it this?", and a yes picks the first.
    """
    said = _plain(line)
    if not said or len(said) > LONGEST_ANSWER:
        return None
    bare = _PARTICLES.sub("", said)
    if len(offers) == 2 and bare in _YES:
        return offers[0]
    if bare in _NO:
        return offers[-1]
    core = _core(said)
    for position, offer in enumerate(offers):
        places = _POSITIONS[position].split() if position < len(_POSITIONS) else ()
        if bare in places or core in places:
            return offer
    return _by_name(core, offers)


def plain_yes(line: str) -> bool:
    """Whether a line is a yes and nothing else."""
    return _PARTICLES.sub("", _plain(line)) in _YES


def _by_name(core: str, offers: Sequence[Offer]) -> Offer | None:
    names = {offer: [_plain(name) for name in offer.names] for offer in offers}
    tests: list[Callable[[str], bool]] = [
        lambda name: core == name or core == _core(name),
        lambda name: _long_enough(core) and _within(core, name),
    ]
    if not _NEGATIONS.search(core):
        tests.append(lambda name: _within(name, core) and len(core) <= len(name) + _AROUND)
    for test in tests:
        found = [offer for offer in offers if any(test(name) for name in names[offer])]
        if len(found) == 1:
            return found[0]
        if found:
            # 「退款」 where both are about refunds picks neither.
            return None
    return None


def _plain(text: str) -> str:
    """Small letters, digits and single spaces."""
    return _OTHER.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _core(said: str) -> str:
    """Without "I want", 「我想」, "the … one", 「…嗰個」."""
    return _TAIL.sub("", _LEAD.sub("", said)).strip()


def _long_enough(core: str) -> bool:
    return len(core) >= (2 if _HAN.search(core) else 4)


def _within(part: str, whole: str) -> bool:
    if not part:
        return False
    return part in whole if _HAN.search(part) else f" {part} " in f" {whole} "
