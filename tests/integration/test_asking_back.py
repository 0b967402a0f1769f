"""Unclear lines through the front door, the real policies and the real actions, with given parses.

What understanding makes of a line changes with every model; here it is written down.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.model_training import train_core
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from ruamel.yaml import YAML
from shop_on_disk import clock, services, shop_template
from sqlalchemy import select

from cantodesk.assembly import Services
from cantodesk.channels.front_door import FrontDoor
from cantodesk.conversations.handovers import HandOvers
from cantodesk.dialogue.clarification import read_payload
from cantodesk.dialogue.replies import Replies
from cantodesk.storage.conversation_tables import Handover
from cantodesk.storage.engine import session

__all__ = ["clock", "services", "shop_template"]

PROJECT = Path(__file__).resolve().parents[2]
ORDER = ("order_id", "HK20261234")
# A line -> its ranking, its entities, its emotion.
REFUNDS = {"track_refund": 0.48, "request_refund": 0.4, "cancel_order": 0.05}
UNCLEAR: dict[str, dict[str, float]] = {
    "退款": REFUNDS,
    "refund": REFUNDS,
    "退款吧": REFUNDS,
    "HK20261234退款": REFUNDS,
    "我想問退款嗰單嘢呀": REFUNDS,
    "張單有問題": {"report_payment_problem": 0.4, "cancel_order": 0.05},
    "取消": {"stop": 0.5, "cancel_order": 0.45},
    "貨": {"ask_stock": 0.22, "track_order": 0.1},
    "送": {"ask_delivery_fee": 0.45, "ask_delivery_time": 0.3},
    "咁樣": {"affirm": 0.5, "track_order": 0.3},
}
CLEAR = {
    "我張單去咗邊": "track_order",
    "送貨幾錢": "ask_delivery_fee",
    "搵真人": "request_human",
    "係呀": "affirm",
    "唔係呀": "deny",
    "都唔係": "deny",
    "幫我取消張單": "cancel_order",
    "HK20261235": "inform",
    "HK20261234": "inform",
    "5678": "inform",
    "激死人": "request_refund",
}
MANDARIN = {"退款吧", "第二个"}


def parse_of(text: str) -> dict[str, Any]:
    """What understanding is taken to make of a line."""
    if text.startswith("/"):
        intent, entities = read_payload(text)
        sure = {"name": intent, "confidence": 1.0}
        return {"text": text, "intent": sure, "intent_ranking": [sure], "entities": entities}
    ranking = [{"name": n, "confidence": c} for n, c in UNCLEAR.get(text, {}).items()]
    clear = CLEAR.get(text)
    top = {"name": clear or "nlu_fallback", "confidence": 0.9 if clear else 0.5}
    english = text.isascii() and not any(map(str.isdigit, text))
    language = "en" if english else "zh" if text in MANDARIN else "yue"
    entities = [
        {"entity": kind, "value": value}
        for kind, value in (ORDER, ("order_id", "HK20261235"), ("phone_last4", "5678"))
        if value in text
    ]
    return {
        "text": text,
        "intent": top,
        "intent_ranking": [top, *ranking],
        "entities": entities,
        "language": {"code": language, "confidence": 0.99},
        "emotion": {"label": "negative", "score": 0.95 if text == "激死人" else 0.1},
    }


class InProcess(EndpointConfig):
    """The action server without a server."""

    def __init__(self) -> None:
        super().__init__("http://actions", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *_: Any, **call: Any) -> Any:
        try:
            return await self._executor.run(json.loads(json.dumps(call["json"])))
        except ActionExecutionRejection as rejected:
            told = json.dumps({"action_name": rejected.action_name, "error": str(rejected)})
            raise ClientResponseError(400, "rejected", told) from rejected


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Our rules and policies, without understanding: seconds to train."""
    folder = tmp_path_factory.mktemp("core")
    config = YAML(typ="safe").load(PROJECT / "config.yml")
    YAML().dump({**config, "pipeline": []}, folder / "config.yml")
    stories = folder / "stories"
    stories.mkdir()
    for path in (PROJECT / "data").glob("*/*.yml"):
        if path.name in ("rules.yml", "stories.yml"):
            (stories / f"{path.parent.name}_{path.name}").write_bytes(path.read_bytes())
    made = train_core(
        str(PROJECT / "domain.yml"), str(folder / "config.yml"), str(stories), str(folder)
    )
    assert made is not None
    return str(made)


class Talk:
    """One customer's conversation."""

    def __init__(self, model: str) -> None:
        self.agent = Agent.load(
            model, tracker_store=InMemoryTrackerStore(None), action_endpoint=InProcess()
        )
        self.agent.tracker_store.domain = self.agent.domain
        nlg = Replies(EndpointConfig(), self.agent.domain)
        self.agent.nlg = self.agent.processor.nlg = nlg
        self.agent.processor.parse_message = self.parse_message
        self.door = FrontDoor(self.agent.handle_message, lambda: self.agent)
        self.replies: list[dict[str, Any]] = []

    async def parse_message(
        self, message: UserMessage, _tracker: Any = None, _only: bool = True
    ) -> dict[str, Any]:
        return parse_of(message.text)

    async def say(self, line: str) -> str:
        """Type a line, or press a button by its title."""
        titles = {b["title"]: b["payload"] for b in self.buttons}
        self.replies = await self.door.turn("someone", titles.get(line, line), "rest", {})
        return "\n".join(reply.get("text") or "" for reply in self.replies)

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The buttons of the latest replies."""
        return [b for reply in self.replies for b in reply.get("buttons") or []]

    @property
    def titles(self) -> list[str]:
        return [button["title"] for button in self.buttons]

    async def tracker(self) -> Any:
        return await self.agent.tracker_store.retrieve("someone")


@pytest.fixture
def talk(model: str, services: Services, monkeypatch: pytest.MonkeyPatch) -> Talk:
    knowledge = services.shop.knowledge
    embed = knowledge._embed

    def embed_but_the_unclear(texts: Sequence[str]) -> NDArray[np.float32]:
        # The tests' encoder sees only letters, and a short line has them all in many a question.
        known = np.array([text not in UNCLEAR for text in texts], dtype=np.float32)
        return embed(texts) * known[:, None]

    monkeypatch.setattr(knowledge, "_embed", embed_but_the_unclear)
    return Talk(model)


def handovers(services: Services) -> list[str]:
    with session(services.vault.engine, reading=True) as opened:
        return [str(reason) for reason in opened.scalars(select(Handover.reason))]


WHICH = "你係想查退款去到邊，定係想申請退款？"


@pytest.mark.parametrize(
    ("line", "question", "titles", "picked", "next_question"),
    [
        ("退款", WHICH, ["查退款去到邊", "申請退款", "其他嘢"], "申請退款", "訂單編號"),
        ("退款", WHICH, ["查退款去到邊", "申請退款", "其他嘢"], "第二個", "訂單編號"),
        ("退款", WHICH, ["查退款去到邊", "申請退款", "其他嘢"], "申請嗰個", "訂單編號"),
        (
            "refund",
            "Do you want to check on a refund, or ask for a refund?",
            ["Check on a refund", "Ask for a refund", "Something else"],
            "the second one",
            "order number",
        ),
        (
            "退款吧",
            "您是想查退款进度，还是申请退款？",
            ["查退款进度", "申请退款", "都不是"],
            "第二个",
            "订单编号",
        ),
    ],
)
async def test_the_question_and_its_answer(
    talk: Talk, line: str, question: str, titles: list[str], picked: str, next_question: str
) -> None:
    assert (await talk.say(line)).endswith(question)
    assert talk.titles == titles
    assert next_question in await talk.say(picked)
    assert (await talk.tracker()).active_loop_name == "refund_form"


@pytest.mark.parametrize("picked", ["申請退款", "2"])
async def test_what_the_unclear_line_told_is_not_asked_again(talk: Talk, picked: str) -> None:
    await talk.say("HK20261234退款")
    assert "最尾4個數字" in await talk.say(picked)
    assert (await talk.tracker()).get_slot("order_id") == "HK20261234"


async def test_one_candidate_is_confirmed_by_a_yes(talk: Talk) -> None:
    assert (await talk.say("張單有問題")).endswith("你係咪想講付款有問題？")
    assert talk.titles == ["係呀", "其他嘢"]
    await talk.say("係呀")
    assert (await talk.tracker()).active_loop_name == "case_form"


async def test_giving_up_or_cancelling(talk: Talk) -> None:
    assert (await talk.say("取消")).endswith("你係想唔搞住，定係想取消訂單？")
    await talk.say("取消訂單嗰個")
    assert (await talk.tracker()).active_loop_name == "cancel_order_form"


@pytest.mark.parametrize("line", ["貨", "咁樣"])
async def test_too_little_is_asked_in_other_words(talk: Talk, line: str) -> None:
    assert "換個講法" in await talk.say(line)


@pytest.mark.parametrize("answer", ["其他嘢", "都唔係", "唔係呀", "3"])
async def test_something_else_offers_a_person(talk: Talk, answer: str) -> None:
    await talk.say("退款")
    assert "其他字眼" in await talk.say(answer)
    assert talk.titles == ["搵真人"]


async def test_two_questions_without_progress_and_a_person_comes(
    talk: Talk, services: Services
) -> None:
    await talk.say("退款")
    assert await talk.say("我想問退款嗰單嘢呀") == WHICH
    assert "搵真人同事" in await talk.say("退款")
    assert handovers(services) == ["failed_turns"]


async def test_something_else_twice_and_a_person_comes(talk: Talk, services: Services) -> None:
    for line in ("退款", "都唔係", "退款", "都唔係"):
        await talk.say(line)
    assert handovers(services) == []
    await talk.say("退款")
    assert handovers(services) == ["failed_turns"]


async def test_a_question_answered_well_is_no_failure(talk: Talk, services: Services) -> None:
    for _ in range(4):
        assert (await talk.say("送")).endswith("你係想問送貨收費，定係想問要幾耐先送到？")
        assert "運費" in await talk.say("送貨收費嗰個")
    assert handovers(services) == []


async def test_the_packet_shows_what_was_offered(talk: Talk, services: Services) -> None:
    await talk.say("退款")
    await talk.say("搵真人")
    kept = HandOvers(services.vault.engine, services.vault)
    (call,) = kept.list()
    file = kept.get(call.id)
    assert file is not None
    assert file.packet is not None
    assert file.packet["clarifications"] == [
        {"offered": ["track_refund", "request_refund"], "chosen": None}
    ]


async def test_anger_wins_over_an_open_question(talk: Talk, services: Services) -> None:
    await talk.say("退款")
    await talk.say("激死人")
    assert handovers(services) == ["negative_emotion"]


async def test_inside_a_form_it_asks_and_goes_back(talk: Talk) -> None:
    await talk.say("我張單去咗邊")
    assert await talk.say("送") == "你係想問送貨收費，定係想問要幾耐先送到？"
    said = await talk.say("第一個")
    assert "運費" in said
    assert "訂單編號" in said
    assert "最尾4個數字" in await talk.say("HK20261234")
    assert "順豐" in await talk.say("5678")


async def test_inside_a_form_its_own_answer_is_heard_all_the_same(talk: Talk) -> None:
    await talk.say("我張單去咗邊")
    await talk.say("送")
    assert "最尾4個數字" in await talk.say("HK20261234")


async def test_inside_a_form_something_else_goes_back_too(talk: Talk) -> None:
    await talk.say("我張單去咗邊")
    await talk.say("送")
    said = await talk.say("其他嘢")
    assert "其他字眼" in said
    assert "訂單編號" in said


async def test_inside_a_form_another_request_is_begun_when_picked(talk: Talk) -> None:
    await talk.say("我張單去咗邊")
    await talk.say("退款")
    await talk.say("申請退款")
    assert (await talk.tracker()).active_loop_name == "refund_form"


async def test_a_yes_to_this_or_that_cancels_nothing(talk: Talk, services: Services) -> None:
    await talk.say("幫我取消張單")
    await talk.say("HK20261235")
    assert "確定要取消" in await talk.say("5678")
    assert await talk.say("送") == "你係想問送貨收費，定係想問要幾耐先送到？"
    assert await talk.say("係呀") == "你係想問送貨收費，定係想問要幾耐先送到？"
    answered = await talk.say("第一個")
    assert "運費" in answered
    assert "確定要取消" in answered
    assert "已經取消" in await talk.say("係呀")
