"""Whether replies are an answer, or only an apology for not having one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

_APOLOGIES = "utter_unavailable"


class Answers:
    """Tells answers from the apologies of a domain file."""

    def __init__(self, apologies: tuple[str, ...]) -> None:
        """``apologies``: how they begin; none is empty."""
        self._apologies = apologies

    def replied(self, response: httpx.Response) -> list[str] | None:
        """The texts of a turn that was answered, else None."""
        if response.status_code != httpx.codes.OK:
            return None
        body: list[dict[str, Any]] = response.json()
        texts = [str(reply.get("text") or "") for reply in body]
        if not texts or any(text.startswith(self._apologies) for text in texts):
            return None
        return texts


def answers_of(domain: Path) -> Answers:
    """Read the apologies out of a domain file; up to their first variable they are fixed text."""
    responses = YAML(typ="safe").load(domain.read_text(encoding="utf-8"))["responses"]
    beginnings = {
        variation["text"].partition("{")[0]
        for name, variations in responses.items()
        if name.startswith(_APOLOGIES)
        for variation in variations
    }
    return Answers(tuple(sorted(beginnings - {""})))
