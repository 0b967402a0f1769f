"""One run, step by step: read the lines, have the models, ask them, judge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.machine import this_machine
from bench.workspace import PROJECT, place_at, workspace
from cantodesk.model import model_path
from cantodesk.settings import get_settings
from evaluation import measures, public, report
from evaluation.asked import answers_of
from evaluation.floors import broken, read_floors
from evaluation.intents import Parses, confusions
from evaluation.material import DEVELOPMENT, Material, material
from evaluation.options import PRESENT, Options
from evaluation.pipelines import OUR_NAME, Trained, at_hand, trained_ours, trained_stock
from evaluation.report import Pipeline, Run, Showing
from evaluation.write_next import Neighbours, neighbours, write_next


def run(options: Options) -> dict[str, Any]:
    """Everything, as the report's document.

    Raises:
        EvaluationFailed: something needed is missing or cannot be read.
        BenchFailed: a training or a parse failed.
    """
    floors = read_floors(options.floors)
    of = material(PROJECT, options.tests, options.public)
    notes = list(of.notes())
    machine = this_machine()
    for sentence in [*notes, *_warnings(options)]:
        say(sentence)
    with workspace() as work:
        pipelines = [_asked(trained, of, work) for trained in _models(options, work)]
    ours = pipelines[0]
    say("Looking for training lines near those that went wrong")
    parses = ours.answers.parses
    shown = {s.name: options.show_test_lines or s.name == DEVELOPMENT for s in of.sets}
    near = _near(of, parses, shown)
    showing = {name: Showing(parses, of.threshold, near, lines) for name, lines in shown.items()}
    return report.document(
        Run(
            machine=machine,
            stock_epochs=options.stock_epochs,
            threshold=of.threshold,
            judged={"intents": of.judged.name, "emotion": of.judged_emotion.name},
            pipelines=pipelines,
            sets={s.name: report.figures_of_set(s, showing[s.name]) for s in of.sets},
            write_next=write_next({s.name: s.lines for s in of.sets}, parses, of.training),
            floors=floors,
            broken=broken(floors, ours.reached),
            notes=notes,
        )
    )


def _warnings(options: Options) -> Iterator[str]:
    if options.stock:
        yield (
            f"{len(options.stock)} stock pipelines are trained with {options.stock_epochs} epochs. At 100 "
            "each takes an hour or more on two cores, on a busy machine several: STOCK_EPOCHS=5 is for "
            "a look, STOCK=none leaves them out."
        )


def _models(options: Options, work: Path) -> Iterator[Trained]:
    """Ours first, then the stock ones; each is trained when its turn comes."""
    if options.model == PRESENT:
        yield at_hand(PROJECT / model_path(get_settings(), PROJECT))
    elif options.model is not None:
        yield at_hand(Path(options.model).resolve())
    else:
        say("Ours: training from nothing and after an edit")
        yield trained_ours(work)
    for name in options.stock:
        say(f"{name}: training with {options.stock_epochs} epochs")
        yield trained_stock(work, name, options.stock_epochs)


def _asked(trained: Trained, of: Material, work: Path) -> Pipeline:
    say(f"{trained.label}: parsing line by line")
    ours = trained.name == OUR_NAME
    folder = work / f"{trained.name}-asked"
    folder.mkdir()
    answers = answers_of(
        trained.model, of.texts(ours), of.warm_up(), place_at(folder).environment(), folder
    )
    return Pipeline(
        trained=trained,
        model_mb=trained.model.stat().st_size / 1e6,
        answers=answers,
        reached=measures.reached_by(
            of.judged, of.judged_emotion.emotion, answers.parses, of.threshold, stock=not ours
        ),
        times=report.times_of(of.nlu_texts(), answers.parses),
        public={} if of.public is None else _public(of, answers.parses, ours),
    )


def _public(of: Material, parses: Parses, ours: bool) -> dict[str, Any]:
    sets = of.public
    assert sets is not None  # noqa: S101 - asked for before
    recognised = public.recognised(sets.foreign, parses)
    found: dict[str, Any] = {"out_of_scope": {k: s.as_json() for k, s in recognised.items()}}
    if not ours:
        return found
    if sets.sentiment:
        figures = public.sentiment_figures(sets.sentiment, parses, of.threshold)
        found["sentiment"] = {key: share.as_json() for key, share in figures.items()}
    if sets.sentences:
        cuts = {"ours": public.our_cut(), "jieba": public.jieba_cut()}
        found["segmentation"] = {
            name: public.segmentation(sets.sentences, cut).as_json()
            for name, cut in cuts.items()
            if cut is not None
        }
    return found


def _near(of: Material, parses: Parses, shown: dict[str, bool]) -> dict[str, Neighbours]:
    """Training lines near each wrong line that is shown."""
    from cantodesk.understanding.sentences import encode_sentences

    missed = [
        line
        for each in of.sets
        if shown[each.name]
        for confusion in confusions(each.lines, parses)
        for line in confusion.lines
    ]
    return neighbours(missed, parses, of.training, encode_sentences)


def say(what: str) -> None:
    """Tell what happens now, at once."""
    print(f"- {what}", flush=True)
