"""`python -m evaluation`: train, ask, judge, write the report."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Sequence

from bench.processes import BenchFailed
from evaluation.lines import EvaluationFailed
from evaluation.options import options_from
from evaluation.page import write
from evaluation.run import run
from evaluation.summary import summary


def main(arguments: Sequence[str] | None = None) -> int:
    """0: all floors kept; 1: one is broken; 2: it could not be measured; 130: Ctrl-C."""
    # Being ended is like Ctrl-C: everything is cleaned up on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    begun = time.monotonic()
    try:
        options = options_from(arguments)
        document = run(options)
    except KeyboardInterrupt:
        print("Ended; nothing is left running.", file=sys.stderr)
        return 130
    except (EvaluationFailed, BenchFailed) as failed:
        print(failed, file=sys.stderr)
        return 2
    page = write(options.out, document)
    print(f"\n{summary(document)}\n\n{time.monotonic() - begun:.0f} s; the report: {page}")
    for sentence in document["broken_floors"]:
        print(f"Below the floor. {sentence}", file=sys.stderr)
    return 1 if document["broken_floors"] else 0


if __name__ == "__main__":
    sys.exit(main())
