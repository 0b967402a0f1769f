"""Sentences as rows of numbers outside Rasa's pipeline: for finding answers by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from cantodesk.understanding.encoders import Matrix, encoder_named
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.written import WrittenChinese


@lru_cache(maxsize=1)
def _readers() -> tuple[Variants, WrittenChinese]:
    variants = Variants.from_data(read_language_file("variants"))
    return variants, WrittenChinese(read_language_file("written").get("written") or {})


def encode_sentences(lines: Sequence[str], encoder: str = "usem3") -> Matrix:
    """Rows of unit length, shape (lines, dimension): read, rewritten and encoded as in the pipeline."""
    variants, rewrite = _readers()
    return encoder_named(encoder).encode([rewrite(normalise(ln, variants).text) for ln in lines])
