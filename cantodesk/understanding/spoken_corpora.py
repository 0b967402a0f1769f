"""What the language model of dictated lines is learnt from: two public corpora and the project's own lines.

Both corpora come with pycantonese. HKCanCor (CC BY 4.0; Luke and Wong 2015, "The
Hong Kong Cantonese Corpus: Design and Uses") is transcribed talk; CTCPC (CC0 1.0)
is 120,000 Cantonese sentences. CantoMap, which comes with it too, is left out: its
licence is the GPL.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files

import pycantonese
from opencc import OpenCC

from cantodesk.settings import get_settings
from cantodesk.understanding.homophone_words import LONGEST_WORD
from cantodesk.understanding.language_files import fingerprint_of
from cantodesk.understanding.language_model import Corpus
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.training_cache import read_cached, write_cached

CORPORA = ("hkcancor", "ctcpc")
# Cantonese lines of the NLU files count for more than a corpus's, and those of Mandarin, which are read
# in Traditional script as written Chinese, for half of that.
_CANTONESE_WEIGHT, _WRITTEN_WEIGHT = 10, 5
# From how many on a word of the corpus, and a single character in the corpus or in our lines, is known.
_FEWEST_SAID, _FEWEST_SAID_ALONE, _FEWEST_OF_OURS = 3, 20, 3
_WORD = re.compile(rf"[\u3400-\u9fff]{{2,{LONGEST_WORD}}}")
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class Lessons:
    """What the language model learns from, and the words that may be meant."""

    corpora: tuple[Corpus, ...]
    words: frozenset[str]


def lessons(
    lines: Iterable[tuple[str, str]],
    listed: Iterable[str],
    variants: Variants,
    names: Sequence[str] = CORPORA,
) -> Lessons:
    """From (language, line) pairs of the project, words of the designers' lists and the corpora of these names."""
    pairs = list(lines)
    to_traditional = OpenCC("s2hk")
    ours = [normalise(line, variants).text for code, line in pairs if code == "yue"]
    written = [
        normalise(to_traditional.convert(line), variants).text
        for code, line in pairs
        if code == "zh"
    ]
    corpora = [Corpus(_corpus(name, variants)) for name in names]
    words = {word for line in ours for word in pycantonese.segment(line) if _WORD.fullmatch(word)}
    words.update(word for word in listed if _WORD.fullmatch(word))
    words.update(_often("".join(ours + written), _FEWEST_OF_OURS))
    if "hkcancor" in names:
        words.update(_said(variants))
    return Lessons(
        (*corpora, Corpus(ours, _CANTONESE_WEIGHT), Corpus(written, _WRITTEN_WEIGHT)),
        frozenset(words),
    )


def _corpus(name: str, variants: Variants) -> list[str]:
    """The lines of a corpus in our spelling, from the disk where they were read with these variants before."""
    folder = get_settings().home / "corpora"
    code = fingerprint_of(code=("normalisation", "spoken_corpora"))
    read_with = f"{variants.digest} {code} {version('pycantonese')}"
    path = folder / f"{name}-{hashlib.sha256(read_with.encode()).hexdigest()[:16]}.txt"
    known = read_cached(path, lambda file: file.read().decode("utf-8").split("\n"))
    if known is not None:
        return known
    lines = _read_as(variants, {"hkcancor": _hkcancor_lines, "ctcpc": _ctcpc_lines}[name]())
    write_cached(path, lambda file: file.write("\n".join(lines).encode("utf-8")))
    for other in folder.glob(f"{name}-*.txt"):
        if other != path:
            other.unlink(missing_ok=True)
    return lines


def _hkcancor_lines() -> list[str]:
    return ["".join(words) for words in pycantonese.hkcancor().words(by_utterance=True)]


def _ctcpc_lines() -> list[str]:
    path = files("pycantonese") / "data" / "ctcpc" / "sents.json"
    return [str(line) for line in json.loads(path.read_text(encoding="utf-8"))]


def _read_as(variants: Variants, lines: Sequence[str]) -> list[str]:
    # All lines at once: a rewriting looks at its neighbours only, and 140,000 calls take a minute.
    text = "\n".join(line.replace("\n", " ") for line in lines)
    for rewrite in variants.rewrites:
        text = rewrite.pattern.sub(rewrite, text)
    return text.split("\n")


def _said(variants: Variants) -> set[str]:
    counts = Counter(_read_as(variants, pycantonese.hkcancor().words()))
    several = {w for w, n in counts.items() if n >= _FEWEST_SAID and _WORD.fullmatch(w)}
    return several | {w for w, n in counts.items() if n >= _FEWEST_SAID_ALONE and _HAN.fullmatch(w)}


def _often(text: str, fewest: int) -> set[str]:
    return {char for char, count in Counter(_HAN.findall(text)).items() if count >= fewest}
