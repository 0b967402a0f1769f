"""One model, loaded in a process of its own and asked line by line on one core.

A process of its own, so that memory is that of this model alone, and so that the
number of threads is settled before any library is imported.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import finished
from bench.workspace import PROJECT
from evaluation.lines import EvaluationFailed
from evaluation.parses import Parse, parse_from

_WITHIN = 2 * 3600.0
# What the report shows of a ranking is at most this long.
_GUESSES = 6
_SIGNALS = ("language", "emotion")


@dataclass(frozen=True)
class Answers:
    """The parses by text. ``memory_mb``: resident, after loading and warm-up."""

    parses: dict[str, Parse]
    memory_mb: float
    one_core: bool


def answers_of(
    model: Path,
    lines: Sequence[str],
    warm_up: Sequence[str],
    environment: dict[str, str],
    work: Path,
) -> Answers:
    """Load a model and parse every line once, one at a time.

    Raises:
        EvaluationFailed: there is no such model, or the present code cannot load it.
        BenchFailed: it could not be asked.
    """
    if not model.is_file():
        raise EvaluationFailed(
            f"There is no model {model}. Make one with `make train`, or leave out --model."
        )
    questions, answers = work / "questions.json", work / "answers.json"
    questions.write_text(
        json.dumps({"warm_up": list(warm_up), "lines": list(dict.fromkeys(lines))}),
        encoding="utf-8",
    )
    finished(
        [sys.executable, "-W", "ignore", "-m", __name__, str(model), str(questions), str(answers)],
        PROJECT,
        {**environment, **_ONE_THREAD},
        work / "asking.log",
        _WITHIN,
    )
    found = json.loads(answers.read_text(encoding="utf-8"))
    if "failed" in found:
        raise EvaluationFailed(found["failed"])
    return Answers(
        {text: parse_from(parsed, took) for text, parsed, took in found["parses"]},
        found["memory_mb"],
        found["one_core"],
    )


_ONE_THREAD = {
    name: "1"
    for name in (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
        *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
        # Rasa's own names for the same.
        *("TF_INTRA_OP_PARALLELISM_THREADS", "TF_INTER_OP_PARALLELISM_THREADS"),
    )
}


def main(arguments: Sequence[str]) -> int:
    """In the process of its own: load, warm up, ask, write."""
    import psutil  # type: ignore[import-untyped]
    from rasa.core.agent import Agent

    model, questions, answers = arguments
    wanted = json.loads(Path(questions).read_text(encoding="utf-8"))
    one_core = on_one_core()
    try:
        agent = Agent.load(model)
    except Exception as error:  # whatever Rasa or a component says of a model that is none for them
        failed = (
            f"The model {model} cannot be loaded by the present code ({_first_cause(error)}). "
            "Make one with `make train`."
        )
        Path(answers).write_text(json.dumps({"failed": failed}), encoding="utf-8")
        return 0

    async def ask(lines: Sequence[str]) -> list[tuple[str, dict[str, Any], float]]:
        found = []
        for line in lines:
            begun = time.perf_counter()
            parsed = await agent.parse_message(line)
            took = 1000 * (time.perf_counter() - begun)
            found.append((line, kept_of(parsed), took))
        return found

    asyncio.run(ask(wanted["warm_up"]))
    memory = psutil.Process().memory_info().rss / 1e6
    parses = asyncio.run(ask(wanted["lines"]))
    Path(answers).write_text(
        json.dumps({"memory_mb": memory, "one_core": one_core, "parses": parses}), encoding="utf-8"
    )
    return 0


def _first_cause(error: BaseException) -> str:
    """What went wrong at the bottom, in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    return " ".join(f"{type(error).__name__}: {error}".split())


def on_one_core() -> bool:
    """Stay on one core where the system lets a process choose; whether it does."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return True


def kept_of(parsed: dict[str, Any]) -> dict[str, Any]:
    """What the figures need of a parse, as JSON."""
    entities = [
        {**{key: e[key] for key in ("start", "end", "entity")}, "value": str(e.get("value", ""))}
        for e in parsed.get("entities") or []
    ]
    ranking = [
        {"name": e["name"], "confidence": float(e["confidence"])}
        for e in (parsed.get("intent_ranking") or [])[:_GUESSES]
    ]
    intent = {"name": (parsed.get("intent") or {}).get("name")}
    rest = {key: parsed.get(key) for key in _SIGNALS}
    return {"intent": intent, "intent_ranking": ranking, "entities": entities, **rest}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
