"""The pipelines that are compared: ours, and Rasa's stock ones trained on the same data."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Training
from bench.processes import BenchFailed, finished
from bench.training import OURS, trained_twice
from bench.workspace import Place, copy_of_project
from evaluation.lines import EvaluationFailed

_FOLDER = Path(__file__).with_name("pipelines")
_WITHIN = 6 * 3600.0
_EPOCHS = "epochs: 100"

STOCK = {
    "whitespace_diet": "Stock: white space + DIET",
    "jieba_diet": "Stock: jieba + DIET",
}
OUR_NAME, OUR_LABEL = "ours", "Ours"


@dataclass(frozen=True)
class Trained:
    """A model, and the seconds of the whole command that made it; None where it was at hand."""

    name: str
    label: str
    model: Path
    from_nothing: float | None = None
    after_edit: float | None = None


def at_hand(model: Path) -> Trained:
    """A model of ours that somebody trained before."""
    return Trained(OUR_NAME, OUR_LABEL, model)


def trained_ours(work: Path) -> Trained:
    """Ours in a copy of the project: from nothing, and again after an edit of one sign.

    Raises:
        BenchFailed: a training failed.
    """
    place = copy_of_project(work, OUR_NAME)
    seconds: Training = trained_twice(place, OURS, OURS)
    # Named by what they are made of; the one before the edit is the older.
    models = sorted(
        (place.folder / "models").glob("cantodesk-*.tar.gz"), key=lambda p: p.stat().st_mtime
    )
    if not models:
        raise BenchFailed("The training left no model behind.")
    return Trained(OUR_NAME, OUR_LABEL, models[0], seconds.from_nothing, seconds.after_edit)


def trained_stock(work: Path, name: str, epochs: int) -> Trained:
    """A stock pipeline in a copy of the project, from nothing.

    Raises:
        BenchFailed: the training failed.
    """
    place = laid_out(work, name, epochs)
    seconds = finished(
        training_line(name), place.folder, place.environment(), place.log("training"), _WITHIN
    )
    model = place.folder / "models" / f"{name}.tar.gz"
    return Trained(name, STOCK[name], model, round(seconds, 1))


def laid_out(work: Path, name: str, epochs: int) -> Place:
    """A copy of the project with a stock pipeline in the place of ours."""
    place = copy_of_project(work, name)
    (place.folder / "config.yml").write_text(stock_config(name, epochs), encoding="utf-8")
    return place


def stock_config(name: str, epochs: int) -> str:
    """The pipeline's file with so many epochs."""
    return (
        (_FOLDER / f"{name}.yml").read_text(encoding="utf-8").replace(_EPOCHS, f"epochs: {epochs}")
    )


def training_line(name: str) -> tuple[str, ...]:
    """`rasa train nlu`, as its users give it."""
    return (
        *(sys.executable, "-W", "ignore", "-m", "rasa", "train", "nlu"),
        *("--config", "config.yml", "--nlu", "data", "--domain", "domain.yml"),
        *("--fixed-model-name", name, "--out", "models"),
    )


def chosen_stock(names: str) -> tuple[str, ...]:
    """The stock pipelines of an option such as `whitespace_diet,jieba_diet` or `none`.

    Raises:
        EvaluationFailed: there is no such pipeline.
    """
    wanted = tuple(name.strip() for name in names.split(",") if name.strip())
    if wanted == ("none",):
        return ()
    for name in wanted:
        if name not in STOCK:
            raise EvaluationFailed(
                f"There is no stock pipeline `{name}`. Use none, or some of {', '.join(STOCK)}."
            )
    return wanted
