"""Everything of one run as one document: what the JSON file holds and the page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.figures import Percentiles, percentiles
from bench.machine import Machine
from cantodesk.settings import LANGUAGES
from evaluation import calibration, emotions, entities, intents, languages
from evaluation.asked import Answers
from evaluation.lines import Line, LineSet
from evaluation.measures import ALL, MEASURES, NAMES, Reached
from evaluation.parses import Parse
from evaluation.pipelines import OUR_NAME, Trained
from evaluation.shares import rounded
from evaluation.write_next import Neighbours, WriteNext

VERSION = 1
# Targets of time, on one core (parses) and on two (training); no floors, for machines differ.
P50, P95, FROM_NOTHING, AFTER_EDIT = 15.0, 30.0, 120.0, 30.0


@dataclass(frozen=True)
class Pipeline:
    """One pipeline, trained and asked; its model file is gone by now."""

    trained: Trained
    model_mb: float
    answers: Answers
    reached: dict[str, dict[str, Reached]]
    times: Percentiles
    public: dict[str, dict[str, Any]]


def times_of(texts: Iterable[str], parses: Mapping[str, Parse]) -> Percentiles:
    """Milliseconds of one parse, each line once."""
    return percentiles([parses[text].milliseconds / 1000 for text in dict.fromkeys(texts)])


def targets(reached: Mapping[str, Mapping[str, Reached]]) -> list[dict[str, Any]]:
    """Every promise beside what was reached."""
    rows = []
    for key, by_language in reached.items():
        measure = MEASURES[key]
        cells = {}
        for code, figure in by_language.items():
            value = figure.value
            cells[code] = {
                "value": rounded(value),
                "count": figure.count,
                "met": None if value is None else measure.kept(value, measure.target),
            }
        rows.append({**asdict(measure), "reached": cells})
    return rows


def speed(ours: Pipeline) -> list[dict[str, Any]]:
    """The promises of time."""
    rows = (
        ("parse_p50", "One parse, median, ms", P50, ours.times.p50),
        ("parse_p95", "One parse, 95 of 100 are faster, ms", P95, ours.times.p95),
        ("from_nothing", "Training from nothing, s", FROM_NOTHING, ours.trained.from_nothing),
        ("after_edit", "Training after an edit, s", AFTER_EDIT, ours.trained.after_edit),
    )
    return [
        {
            "key": key,
            "label": label,
            "target": target,
            "value": value,
            "met": None if value is None else value <= target,
        }
        for key, label, target, value in rows
    ]


def side_by_side(pipeline: Pipeline) -> dict[str, Any]:
    """What one pipeline costs and reaches, for comparing."""
    trained = pipeline.trained
    return {
        "name": trained.name,
        "label": trained.label,
        "from_nothing": trained.from_nothing,
        "after_edit": trained.after_edit,
        "model_mb": round(pipeline.model_mb, 1),
        "memory_mb": round(pipeline.answers.memory_mb, 1),
        "one_core": pipeline.answers.one_core,
        "parse_ms": asdict(pipeline.times),
        "reached": {
            key: {code: rounded(figure.value) for code, figure in by_language.items()}
            for key, by_language in pipeline.reached.items()
        },
        "public": pipeline.public,
    }


@dataclass(frozen=True)
class Showing:
    """What the lines of a set are shown with."""

    parses: Mapping[str, Parse]
    threshold: float
    near: Mapping[str, Neighbours]
    lines: bool


def figures_of_set(of: LineSet, showing: Showing) -> dict[str, Any]:
    """All figures of one set of lines; its lines only where they may be seen."""
    parses, threshold = showing.parses, showing.threshold
    decidable = languages.decidable(of.lines, of.neutral)
    confused = intents.confusions(of.lines, parses)
    points = {code: _emotion(of, code, showing) for code in (*LANGUAGES, ALL)}
    guessed = calibration.guesses(of.lines, parses)
    return {
        "lines_shown": showing.lines,
        "missing": list(of.missing),
        "languages": {
            code: _language([ln for ln in of.lines if ln.language == code], parses)
            for code in LANGUAGES
        },
        "confusions": [_confusion(each, showing) for each in confused],
        "calibration": {
            "error": rounded(calibration.expected_error(guessed)),
            "bins": [asdict(each) for each in calibration.bins_of(guessed)],
        },
        "emotion": points,
        "emotion_wrong": [
            {
                "text": line.text,
                "language": line.language,
                "strong": line.strong,
                "strength": round(parses[line.text].strength, 3),
                "feeling": parses[line.text].feeling,
            }
            for line in emotions.missed(of.emotion, parses, threshold)
        ]
        if showing.lines
        else [],
        "entities": {
            name: found.as_json() for name, found in entities.by_entity(of.lines, parses).items()
        },
        "entity_groups": {
            name: found.as_json() for name, found in entities.by_group(of.lines, parses).items()
        },
        "id_values": entities.id_values(of.lines, parses).as_json(),
        "entities_wrong": [
            _entities(line, parses[line.text]) for line in entities.wrong_lines(of.lines, parses)
        ]
        if showing.lines
        else [],
        "language_told": languages.told(decidable, parses).as_json(),
        "language_wrong": [
            {"text": line.text, "language": line.language, "taken_for": taken_for}
            for line, taken_for in languages.mistaken(decidable, parses)
        ]
        if showing.lines
        else [],
    }


def _language(lines: Sequence[Line], parses: Mapping[str, Parse]) -> dict[str, Any]:
    return {
        "lines": len(lines),
        "accuracy": intents.accuracy(lines, parses).as_json(),
        "requests_accuracy": intents.accuracy(intents.requests(lines), parses).as_json(),
        "outcomes": {str(k): n for k, n in intents.outcomes(lines, parses).items()},
        "out_of_scope": intents.out_of_scope(lines, parses).as_json(),
        "intents": {name: f.as_json() for name, f in intents.by_intent(lines, parses).items()},
    }


def _emotion(of: LineSet, code: str, showing: Showing) -> dict[str, Any]:
    lines = [line for line in of.emotion if code in (ALL, line.language)]
    parses, threshold = showing.parses, showing.threshold
    return {
        "found": emotions.found(lines, parses, threshold).as_json(),
        "false_alarms": emotions.false_alarms(lines, parses, threshold).as_json(),
        "curve": [asdict(point) for point in emotions.curve(lines, parses)],
    }


def _confusion(each: intents.Confusion, showing: Showing) -> dict[str, Any]:
    shown = each.lines if showing.lines else ()
    return {
        "language": each.language,
        "right": each.right,
        "wrong": each.wrong,
        "count": len(each.lines),
        "lines": [
            {
                "text": line.text,
                "confidence": round(showing.parses[line.text].confidence, 3),
                "acted_on": showing.parses[line.text].intent,
                "near": asdict(showing.near[line.text]) if line.text in showing.near else None,
            }
            for line in shown
        ],
    }


def _entities(line: Line, parse: Parse) -> dict[str, Any]:
    wanted = entities.spans(line.entities, entities.COUNTED)
    got = entities.spans(parse.entities, entities.COUNTED)

    def named(spans: Iterable[entities.Span]) -> list[dict[str, str]]:
        return [{"text": line.text[s:e], "entity": name} for s, e, name in sorted(spans)]

    return {
        "text": line.text,
        "language": line.language,
        "missed": named(wanted - got),
        "too_many": named(got - wanted),
    }


@dataclass(frozen=True)
class Run:
    """One run, ready to be written down."""

    machine: Machine
    stock_epochs: int
    threshold: float
    judged: dict[str, str]
    pipelines: Sequence[Pipeline]
    sets: Mapping[str, dict[str, Any]]
    write_next: Sequence[WriteNext]
    floors: Mapping[str, Mapping[str, float]]
    broken: Sequence[str]
    notes: Sequence[str]


def document(run: Run) -> dict[str, Any]:
    """The whole run as JSON; `report.schema.json` says what it holds."""
    ours = run.pipelines[0]
    assert ours.trained.name == OUR_NAME  # noqa: S101 - the first one is ours, by construction
    return {
        "version": VERSION,
        "machine": asdict(run.machine),
        "stock_epochs": run.stock_epochs,
        "threshold": run.threshold,
        "judged": run.judged,
        "names": NAMES,
        "targets": targets(ours.reached),
        "speed": speed(ours),
        "pipelines": [side_by_side(each) for each in run.pipelines],
        "sets": dict(run.sets),
        "write_next": [{**asdict(row), "errors_of_all": row.all_errors} for row in run.write_next],
        "floors": run.floors,
        "broken_floors": list(run.broken),
        "notes": list(run.notes),
    }
