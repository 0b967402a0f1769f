from __future__ import annotations

import pytest

from cantodesk.desk.sentences import Obstacle, page_language
from cantodesk.desk.writing import language_of


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_has_a_sentence_in_every_language(obstacle: Obstacle) -> None:
    assert {language_of(obstacle.sentence(code), code) for code in ("yue", "en", "zh")} == {
        "yue",
        "en",
        "zh",
    }
    assert 400 <= obstacle.status <= 503


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("yue", "yue"),
        ("en", "en"),
        ("zh", "zh"),
        ("zh-HK,zh;q=0.9,en;q=0.8", "yue"),
        ("zh-Hant-TW", "yue"),
        ("zh-CN,zh;q=0.9", "zh"),
        ("en-GB", "en"),
        ("fr-FR, en;q=0.5", "en"),
        ("", "yue"),
        ("tlh", "yue"),
        (";;,,--", "yue"),
    ],
)
def test_the_pages_language(accepted: str, language: str) -> None:
    assert page_language(accepted) == language
