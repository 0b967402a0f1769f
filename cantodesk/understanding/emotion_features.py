"""What emotion is read from: letters, meaning, and the designers' signs of anger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from cantodesk.understanding.anger_signs import AngerSigns, folded
from cantodesk.understanding.emotion_model import beside
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.linear import Ngrams
from cantodesk.understanding.normalisation import Variants, plain
from cantodesk.understanding.written import WrittenChinese

# Found by cross-validation (bench/emotion.py): how much meaning and signs count beside letters.
_MEANING_WEIGHT = 2.0
_SIGN_WEIGHT = 0.5
# Order numbers and telephones: a 9 in them is a 9, and no swear word. The hotlines of the
# government and of mainland consumers are left, for they are threatened with.
_NUMBER = re.compile(r"(?!1823(?!\d)|12315(?!\d))(?<!\d)\d{4,}")


@dataclass(frozen=True)
class LinesRead:
    """Lines as they were typed, with one spelling a word, and as written Chinese for the encoders."""

    typed: Sequence[str]
    spelt: Sequence[str]
    written: Sequence[str]


class EmotionFeatures:
    """Reads lines as rows of numbers. The encodings are made outside."""

    def __init__(self, words: dict[str, Any], ngrams: tuple[Ngrams, Ngrams] | None = None) -> None:
        self._words = words
        self._variants = Variants.from_data(words["variants"])
        self._rewrite = WrittenChinese(words["written"])
        self._signs = AngerSigns(words["anger"])
        self._ngrams = ngrams

    @classmethod
    def from_language_files(cls) -> EmotionFeatures:
        """With the designers' words as they are now; call :meth:`fit` before :meth:`rows`."""
        return cls(
            {
                "variants": read_language_file("variants"),
                "written": read_language_file("written").get("written") or {},
                "anger": read_language_file("anger"),
            }
        )

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> EmotionFeatures:
        """Back from :meth:`as_data`."""
        written, read = (Ngrams.from_data(ngrams) for ngrams in data["ngrams"])
        return cls(data["words"], (written, read))

    def as_data(self) -> dict[str, Any]:
        """JSON form, for the model."""
        return {"words": self._words, "ngrams": [n.as_data() for n in self._ngrams or ()]}

    def read(self, lines: Sequence[str]) -> LinesRead:
        """Read lines once, for everything below."""
        lines = [_NUMBER.sub("0000", line) for line in lines]
        spelt = plain(lines, self._variants)
        return LinesRead(lines, spelt, [self._rewrite(line) for line in spelt])

    def fit(self, lines: LinesRead) -> EmotionFeatures:
        """Learn the n-grams, of the lines as they were typed and as written Chinese."""
        # Marks, repeats and swearing are half of the anger: the typed line is only folded.
        typed, written = Ngrams(1, 3, min_df=2), Ngrams(1, 3, min_df=2)
        typed.fit([folded(line) for line in lines.typed])
        self._ngrams = (typed, written.fit(lines.written))
        return self

    def rows(self, lines: LinesRead, encoded: Any) -> csr_matrix:
        """Shape (lines, features); ``encoded`` are the encodings of ``lines.written``."""
        if self._ngrams is None:
            raise RuntimeError("The features of emotion have not been fitted.")
        return beside(
            self._ngrams[0].rows([folded(line) for line in lines.typed]),
            self._ngrams[1].rows(lines.written),
            np.asarray(encoded) * _MEANING_WEIGHT,
            self._signs.rows(lines.typed, lines.spelt) * _SIGN_WEIGHT,
        )
