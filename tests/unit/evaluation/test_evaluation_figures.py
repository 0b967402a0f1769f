"""Figures on a handful of parses, reckoned by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluation_samples import line, parse

from evaluation import calibration, emotions, entities, intents, languages
from evaluation.intents import Outcome
from evaluation.lines import EmotionLine, Entity, EvaluationFailed, LineSet
from evaluation.measures import MEASURES, Reached, reached_by
from evaluation.parses import FALLBACK, Parse, parse_from
from evaluation.shares import Found, Share

LINES = [
    line("right", "track_order"),
    line("wrong", "track_order"),
    line("asked", "request_refund"),
    line("not understood", "greet"),
    line("thought foreign", "greet"),
    line("weather", "out_of_scope"),
    line("football", "out_of_scope"),
    line("taken in", "out_of_scope"),
]
PARSES = {
    "right": parse(("track_order", 0.9), ("greet", 0.1)),
    "wrong": parse(("cancel_order", 0.6), ("track_order", 0.3)),
    "asked": parse(("greet", 0.3), ("request_refund", 0.29), acts_on=FALLBACK),
    "not understood": parse(("a", 0.2), ("b", 0.19), ("greet", 0.18), acts_on=FALLBACK),
    "thought foreign": parse(("out_of_scope", 0.7), ("greet", 0.2)),
    "weather": parse(("out_of_scope", 0.9)),
    "football": parse(("greet", 0.2), acts_on=FALLBACK),
    "taken in": parse(("greet", 0.8)),
}


def test_a_parse_is_read_from_what_rasa_returns() -> None:
    found = parse_from(
        {
            "intent": {"name": "nlu_fallback", "confidence": 0.7},
            "intent_ranking": [
                {"name": "nlu_fallback", "confidence": 0.7},
                {"name": "greet", "confidence": 0.25},
                {"name": "thank", "confidence": 0.2},
            ],
            "entities": [
                {"start": 0, "end": 2, "entity": "date", "value": "2026-11-26", "text": "聽日"}
            ],
            "language": {"code": "yue", "confidence": 0.9},
            "emotion": {"label": "negative", "score": 0.8},
        },
        12.0,
    )
    assert (found.intent, found.best, found.confidence) == ("nlu_fallback", "greet", 0.25)
    assert found.pair == ("greet", "thank")
    assert found.entities == (Entity(0, 2, "date", "2026-11-26"),)
    assert found.language == "yue"
    assert found.fires(0.8)
    assert not found.fires(0.81)


def test_a_stock_parse_has_no_language_and_no_feeling() -> None:
    found = parse_from({"intent": {"name": None}, "intent_ranking": [], "entities": []})
    assert (found.intent, found.best, found.confidence, found.pair) == ("", "", 0.0, ())
    assert not found.fires(0.0)


def test_every_real_request_has_one_outcome() -> None:
    assert intents.outcomes(LINES, PARSES) == {
        Outcome.RIGHT: 1,
        Outcome.OFFERED: 1,
        Outcome.WRONG: 1,
        Outcome.REFUSED: 2,
    }
    assert intents.wrongly_refused(LINES, PARSES) == Share(2, 5)


def test_out_of_scope_is_recognised_as_such_or_by_not_understanding() -> None:
    assert intents.out_of_scope(LINES, PARSES) == Share(2, 3)


def test_accuracy_is_of_the_best_guess() -> None:
    assert intents.accuracy(LINES, PARSES) == Share(2, 8)
    assert intents.accuracy(intents.requests(LINES), PARSES) == Share(1, 5)


def test_precision_recall_and_f1_by_intent() -> None:
    found = intents.by_intent(LINES, PARSES)
    assert found["track_order"] == Found(right=1, found=1, wanted=2)
    assert found["track_order"].recall == 0.5
    assert found["track_order"].precision == 1.0
    assert found["track_order"].f1 == pytest.approx(2 / 3)
    assert found["cancel_order"] == Found(0, 1, 0)
    assert found["cancel_order"].recall is None


def test_confusions_come_by_count() -> None:
    lines = [line(t, "greet") for t in "abc"] + [line("d", "greet", "en")]
    parses = {t: parse(("thank", 0.5)) for t in "abd"} | {"c": parse(("stop", 0.5))}
    found = intents.confusions(lines, parses)
    assert [(c.language, c.right, c.wrong, len(c.lines)) for c in found] == [
        ("yue", "greet", "thank", 2),
        ("en", "greet", "thank", 1),
        ("yue", "greet", "stop", 1),
    ]


def test_expected_calibration_error_is_the_weighted_gap() -> None:
    # Two bins of ten: 0.85 sure and all right; 0.25 sure and one of two right.
    guessed = [(0.85, True), (0.85, True), (0.25, True), (0.25, False)]
    assert calibration.expected_error(guessed, bins=10) == pytest.approx((2 * 0.15 + 2 * 0.25) / 4)
    assert calibration.expected_error([]) is None
    assert calibration.expected_error([(1.0, True)]) == 0.0


def test_bins_are_of_equal_width_and_none_is_lost() -> None:
    bins = calibration.bins_of([(0.0, False), (0.5, True), (1.0, True)], bins=2)
    assert [b.count for b in bins] == [2, 1]
    assert (bins[0].lowest, bins[1].highest) == (0.0, 1.0)
    assert len(calibration.bins_of([])) == 15


def test_emotion_fires_from_the_threshold() -> None:
    lines = [
        EmotionLine(t, "yue", strong) for t, strong in (("a", True), ("b", True), ("c", False))
    ]
    parses = {
        "a": Parse("", (), feeling="negative", strength=0.9),
        "b": Parse("", (), feeling="negative", strength=0.5),
        "c": Parse("", (), feeling="negative", strength=0.6),
    }
    assert emotions.found(lines, parses, 0.8) == Share(1, 2)
    assert emotions.false_alarms(lines, parses, 0.8) == Share(0, 1)
    assert [ln.text for ln in emotions.missed(lines, parses, 0.6)] == ["b", "c"]
    points = {point.threshold: point for point in emotions.curve(lines, parses)}
    assert (points[0.0].found, points[0.0].false_alarms) == (1.0, 1.0)
    assert (points[0.6].found, points[0.6].false_alarms) == (0.5, 1.0)
    assert (points[1.0].found, points[1.0].false_alarms) == (0.0, 0.0)


def test_a_glad_line_never_fires() -> None:
    assert not Parse("", (), feeling="positive", strength=1.0).fires(0.1)


@pytest.mark.parametrize(
    ("policies", "threshold"),
    [
        ("[{name: a.b.EscalationPolicy, negative_emotion: 0.65}]", 0.65),
        ("[{name: a.b.EscalationPolicy}, {name: RulePolicy}]", 0.8),
        ("[]", 0.8),
    ],
)
def test_the_threshold_is_that_of_the_policy(
    tmp_path: Path, policies: str, threshold: float
) -> None:
    config = tmp_path / "config.yml"
    config.write_text(f"policies: {policies}\n")
    assert emotions.chosen_threshold(config) == threshold


def test_a_threshold_in_words_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("policies: [{name: EscalationPolicy, negative_emotion: high}]\n")
    with pytest.raises(EvaluationFailed, match="must be a number"):
        emotions.chosen_threshold(config)


def test_entities_count_by_exact_span_and_name() -> None:
    lines = [
        line("HK20261234 tmr", "inform", "en", Entity(0, 10, "order_id"), Entity(11, 14, "date")),
        line("3pm", "inform", "en", Entity(0, 3, "time")),
    ]
    parses = {
        "HK20261234 tmr": Parse(
            "inform",
            (),
            (
                Entity(0, 10, "order_id", "HK20261234"),
                Entity(11, 13, "date"),
                Entity(0, 4, "payment_method"),  # not marked in test lines, so not counted
            ),
        ),
        "3pm": Parse("inform", (), (Entity(0, 3, "time"),)),
    }
    groups = entities.by_group(lines, parses)
    assert groups["entities_ids"].f1 == 1.0
    assert groups["entities_values"] == Found(right=1, found=2, wanted=2)
    assert groups["entities_names"].f1 is None
    assert entities.by_entity(lines, parses)["date"].f1 == 0.0
    assert entities.wrong_lines(lines, parses) == [lines[0]]


@pytest.mark.parametrize(
    ("text", "name", "value", "right"),
    [
        ("hk 2026 1234", "order_id", "HK20261234", True),
        ("HK20261234", "order_id", "HK20261235", False),
        ("+852 9123 4567", "phone", "91234567", True),
        ("#20261234", "order_id", "HK20261234", True),
        ("T-004213", "ticket_id", "T-004213", True),
        ("May@Example.com", "email", "may@example.com", True),
    ],
)
def test_values_of_ids_are_compared_without_dress(
    text: str, name: str, value: str, right: bool
) -> None:
    of = line(text, "inform", "en", Entity(0, len(text), name))
    found = {text: Parse("inform", (), (Entity(0, len(text), name, value),))}
    assert entities.id_values([of], found) == Share(int(right), 1)


def test_ids_in_chinese_numerals_have_no_value_to_compare() -> None:
    of = line("九一二三四五六七", "inform", "yue", Entity(0, 8, "phone"))
    found = {of.text: Parse("inform", (), (Entity(0, 8, "phone", "91234567"),))}
    assert entities.id_values([of], found) == Share(0, 0)


def test_language_leaves_out_what_nobody_can_tell() -> None:
    lines = [line("早晨", "greet"), line("查訂單", "track_order"), line("多謝", "thank")]
    parses = {
        "早晨": Parse("", (), language="yue"),
        "查訂單": Parse("", (), language="zh"),
        "多謝": Parse("", (), language="en"),
    }
    decidable = languages.decidable(lines, {"查訂單"})
    assert languages.told(decidable, parses) == Share(1, 2)
    assert languages.mistaken(decidable, parses) == [(lines[2], "en")]


def test_every_measure_is_reached_by_language_and_over_all() -> None:
    of = LineSet("dev", tuple(LINES), (), frozenset(), ())
    reached = reached_by(of, [], PARSES, 0.8)
    assert list(reached) == list(MEASURES)
    assert reached["intent_accuracy"]["yue"] == Reached(0.25, 8)
    assert reached["intent_accuracy"]["en"] == Reached(None, 0)
    assert reached["wrongly_refused"]["all"] == Reached(0.4, 5)
    assert reached["emotion_found"]["all"].value is None
    stock = reached_by(of, [], PARSES, 0.8, stock=True)
    assert not {"language", "emotion_found", "false_alarms"} & stock.keys()
