"""The project itself is in order, and checking it is quick."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cantodesk.checking import check_project

PROJECT = Path(__file__).parents[3]

_WHOLE_CHECK = """
import sys
from pathlib import Path
from cantodesk.checking import check_project
check_project(Path(sys.argv[1]))
print(sorted({name.split(".")[0] for name in sys.modules} & {"rasa", "rasa_sdk", "tensorflow"}))
"""


def test_nothing_is_to_mend() -> None:
    assert [str(problem) for problem in check_project(PROJECT)] == []


def test_neither_rasa_nor_tensorflow_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WHOLE_CHECK, str(PROJECT)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[]"
