"""The first `make up` of a fresh clone: no environment, no package cache, no model."""

from __future__ import annotations

from pathlib import Path

from bench.processes import finished
from bench.starting import answering
from bench.workspace import PROJECT, place_at

_CLONE_WITHIN, _ANSWER_WITHIN = 120.0, 3600.0


def seconds_of_first_up(work: Path) -> float:
    """Seconds from `make up` to the first answer; what is committed is measured, not what is edited.

    Raises:
        BenchFailed: the clone, the installation or the start failed.
    """
    place = place_at(work / "clone")
    clone = ("git", "clone", "--quiet", str(PROJECT), str(place.folder))
    finished(clone, work, place.environment(), place.log("git clone"), _CLONE_WITHIN)
    # An empty cache of uv's own: a newcomer has none either.
    up = ("env", f"UV_CACHE_DIR={work / 'uv-cache'}", "make", "up")
    with answering(place, {"make up": up}, _ANSWER_WITHIN) as stack:
        return stack.start_seconds
