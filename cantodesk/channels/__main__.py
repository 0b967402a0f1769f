"""Rasa's own command line without its libraries' warnings: `python -m cantodesk.channels run …`.

Rasa's dependencies are old and say so at every start, some twenty lines of it; a few of
them reset Python's warning filters, so `-W ignore` does not hold. None of it is anything
the person at the screen could mend.
"""

from __future__ import annotations

import sys
import warnings


def say_nothing(*_args: object, **_kwargs: object) -> None:
    """In place of printing a warning."""


def main() -> None:
    """Run Rasa with the arguments of this process."""
    warnings.showwarning = say_nothing
    # Rasa and the classes it loads by name are found from the project's folder.
    sys.path.insert(0, "")
    from rasa.__main__ import main as rasa_main

    rasa_main()


if __name__ == "__main__":
    main()
