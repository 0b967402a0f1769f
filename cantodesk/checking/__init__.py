"""Checks of what conversation designers edit, in seconds and without training.

No check imports Rasa or TensorFlow: starting those takes longer than all checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from cantodesk.checking.contradictions import contradiction_problems
from cantodesk.checking.custom_actions import custom_action_problems
from cantodesk.checking.emotion_files import emotion_problems
from cantodesk.checking.forms import form_problems
from cantodesk.checking.intent_titles import intent_title_problems
from cantodesk.checking.nlu import nlu_problems
from cantodesk.checking.path_names import path_name_problems, slot_name_problems
from cantodesk.checking.phrases import phrase_problems
from cantodesk.checking.problem import Problem
from cantodesk.checking.project import Project, read_project
from cantodesk.checking.repeated_lines import repetition_problems
from cantodesk.checking.replies import reply_problems
from cantodesk.checking.word_lists import (
    spelling_problems,
    word_list_problems,
    written_problems,
)
from cantodesk.checking.wording import wording_problems

__all__ = ["Problem", "check_project", "yaml_problems"]

_CHECKS: tuple[Callable[[Project], Iterable[Problem]], ...] = (
    nlu_problems,
    repetition_problems,
    reply_problems,
    wording_problems,
    phrase_problems,
    intent_title_problems,
    path_name_problems,
    slot_name_problems,
    contradiction_problems,
    form_problems,
    custom_action_problems,
    word_list_problems,
    written_problems,
    spelling_problems,
    emotion_problems,
)


def yaml_problems(project: Path) -> list[Problem]:
    """What keeps the project's YAML files from being read as they were meant, by file and line."""
    return read_project(project)[1]


def check_project(project: Path) -> list[Problem]:
    """Everything there is to mend in what designers edit, by file and line.

    While a file cannot be read at all, only that is told: what it holds would
    seem to be missing everywhere else.
    """
    read, problems = read_project(project)
    if problems:
        return problems
    return sorted({problem for check in _CHECKS for problem in check(read)})
