"""What is a customer's matter and what is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from graph_components import Workbench, lesson, said
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from cantodesk.understanding import scope
from cantodesk.understanding.scope import SCOPE, ScopeDetector, background, spoken_cantonese

LESSON = lesson(
    *((line, "track_order") for line in ("我張單去咗邊", "where is my order", "件貨幾時到")),
    *((line, "request_refund") for line in ("我想退款", "refund please", "退返錢俾我")),
    ("今日會唔會落雨", "out_of_scope"),
)
EVERYDAY = "out_of_scope: |\n  - 隻貓瞓咗成日\n  - 佢做嘢好有紀律\n  - 琴晚套戲好睇\n"


@pytest.fixture(autouse=True)
def everyday_lines(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ("yue", "en", "zh"):
        text = EVERYDAY if language == "yue" else "out_of_scope: ''\n"
        (data / "language" / f"out_of_scope.{language}.yml").write_text(text, encoding="utf-8")
    # The corpus has thousands; here a handful is enough.
    monkeypatch.setattr(
        scope, "spoken_cantonese", lambda: ["噉你聽日去邊度玩呀", "我哋舊年去咗日本"]
    )


def ranked(line: str, confidence: float, intent: str = "track_order") -> Message:
    message = said(line)
    ranking = [
        {"name": intent, "confidence": confidence},
        {"name": "request_refund", "confidence": 1 - confidence},
    ]
    message.set(INTENT, ranking[0])
    message.set(INTENT_RANKING_KEY, ranking)
    return message


def trained(workbench: Workbench, **config: float) -> ScopeDetector:
    detector: ScopeDetector = workbench.make(ScopeDetector, **config)
    detector.train(LESSON)
    return detector


def test_a_request_stays_what_it_is(workbench: Workbench) -> None:
    (message,) = trained(workbench).process([ranked("我張單去咗邊呀", 0.99)])
    assert message.get(INTENT)["name"] == "track_order"
    assert message.get(SCOPE)["outside"] < 0.2


def test_everyday_talk_is_out_of_scope(workbench: Workbench) -> None:
    (message,) = trained(workbench).process([ranked("隻貓琴晚瞓咗成日", 0.4)])
    assert message.get(INTENT)["name"] == "out_of_scope"
    assert message.get(SCOPE)["outside"] > 0.5


def test_the_ranking_keeps_what_the_classifier_thought(workbench: Workbench) -> None:
    (message,) = trained(workbench).process([ranked("隻貓琴晚瞓咗成日", 0.4)])
    ranking = message.get(INTENT_RANKING_KEY)
    assert [entry["name"] for entry in ranking] == ["out_of_scope", "track_order", "request_refund"]
    assert ranking[1]["confidence"] == 0.4
    assert ranking[0] == message.get(INTENT)


def test_the_less_sure_the_classifier_the_likelier_outside(workbench: Workbench) -> None:
    sure, unsure = trained(workbench).process([ranked("唔知呀", 0.99), ranked("唔知呀", 0.3)])
    assert unsure.get(SCOPE)["outside"] > sure.get(SCOPE)["outside"]


def test_the_threshold_decides(workbench: Workbench) -> None:
    line = "隻貓琴晚瞓咗成日"
    (message,) = trained(workbench, threshold=1.0, doubt=1.0).process([ranked(line, 0.4)])
    assert message.get(INTENT)["name"] == "track_order"


def test_in_doubt_the_customer_is_asked(workbench: Workbench) -> None:
    line = "隻貓琴晚瞓咗成日"
    detector = trained(workbench, threshold=1.0, doubt=0.2)
    doubtful, sure = detector.process([ranked(line, 0.4), ranked(line, 0.99)])
    assert doubtful.get(INTENT)["name"] == "nlu_fallback"
    assert doubtful.get(INTENT_RANKING_KEY)[1] == {"name": "track_order", "confidence": 0.4}
    assert sure.get(INTENT)["name"] == "track_order"


def test_out_of_scope_takes_the_place_of_not_understood(workbench: Workbench) -> None:
    message = ranked("隻貓琴晚瞓咗成日", 0.4)
    ranking = [{"name": "nlu_fallback", "confidence": 0.45}, *message.get(INTENT_RANKING_KEY)]
    message.set(INTENT_RANKING_KEY, ranking)
    message.set(INTENT, ranking[0])
    (message,) = trained(workbench).process([message])
    names = [entry["name"] for entry in message.get(INTENT_RANKING_KEY)]
    assert names == ["out_of_scope", "track_order", "request_refund"]


def test_marks_alone_are_no_matter_of_any_kind(workbench: Workbench) -> None:
    (message,) = trained(workbench).process([ranked("……", 0.1)])
    assert message.get(INTENT)["name"] == "track_order"
    assert message.get(SCOPE) is None


def test_a_message_without_a_verdict_is_left_alone(workbench: Workbench) -> None:
    (message,) = trained(workbench).process([said("hi")])
    assert message.get(INTENT) is None
    assert message.get(SCOPE) is None


@pytest.mark.parametrize("limits", [{"threshold": 1.1}, {"doubt": 0}, {"doubt": 0.7}])
def test_limits_beyond_reason_are_refused(limits: dict[str, float]) -> None:
    with pytest.raises(InvalidConfigException, match="0 < doubt <= threshold <= 1"):
        ScopeDetector.validate_config(limits)


def test_it_runs_from_the_model_alone(
    workbench: Workbench, without_data: Callable[[], None]
) -> None:
    (before,) = trained(workbench).process([ranked("琴晚隻貓", 0.5)])
    without_data()
    (after,) = workbench.load(ScopeDetector).process([ranked("琴晚隻貓", 0.5)])
    assert after.get(SCOPE)["outside"] == pytest.approx(before.get(SCOPE)["outside"], abs=1e-3)


def test_the_designers_lines_are_read() -> None:
    assert background() == ["隻貓瞓咗成日", "佢做嘢好有紀律", "琴晚套戲好睇"]


def test_the_corpus_gives_the_same_plain_utterances_every_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    lines = spoken_cantonese()
    assert lines == spoken_cantonese()
    assert len(lines) == len(set(lines)) == 1500
    assert all(8 <= len(line) <= 40 and line.isalnum() for line in lines)
