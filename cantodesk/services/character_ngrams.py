"""How much two short texts share, letter by letter, in any script."""

from __future__ import annotations

import unicodedata

_LONGEST = 500


def character_ngrams(text: str) -> frozenset[str]:
    """Pairs of neighbouring letters, without case, spaces, signs and width.

    Pairs suit Chinese words of two characters; a single letter stands for itself.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    letters = "".join(sign for sign in plain if sign.isalnum())
    if len(letters) < 2:
        return frozenset(letters)
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice coefficient, 0 (nothing shared) to 1 (the same)."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def containment(part: frozenset[str], whole: frozenset[str]) -> float:
    """The share of ``part`` that is in ``whole``, 0 to 1."""
    return len(part & whole) / len(part) if part else 0.0
