"""Writing the report: one page that needs nothing else, and a JSON file beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evaluation import pictures
from evaluation.entities import GROUPS
from evaluation.measures import ALL, MEASURES, NAMES

_TEMPLATES = Path(__file__).with_name("templates")
_LANGUAGES = tuple(code for code in NAMES if code != ALL)
# What browsers and screen readers know them by.
_TAGS = {"yue": "zh-HK", "en": "en", "zh": "zh-CN"}


def write(out: Path, document: dict[str, Any]) -> Path:
    """Write `report.json` and `index.html` into a folder; the path of the page."""
    out.mkdir(parents=True, exist_ok=True)
    written = json.dumps(document, ensure_ascii=False, indent=1)
    (out / "report.json").write_text(written + "\n", encoding="utf-8")
    page = out / "index.html"
    page.write_text(html(document), encoding="utf-8")
    return page


def html(document: dict[str, Any]) -> str:
    """The page. Whatever a customer's line holds, it is text here."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "figure": figure}
    judged = document["sets"][document["judged"]["intents"]]
    feelings = document["sets"][document["judged"]["emotion"]]
    return environment.get_template("index.html.j2").render(
        report=document,
        judged=judged,
        feelings=feelings,
        measures=MEASURES,
        groups=GROUPS,
        languages=_LANGUAGES,
        names=NAMES,
        tags=_TAGS,
        pictures=pictures,
    )


def percent(value: float | None) -> str:
    """A share as people read it."""
    return "–" if value is None else f"{100 * value:.1f} %"


def figure(value: float | None, digits: int = 1) -> str:
    """A number as people read it."""
    return "–" if value is None else f"{value:,.{digits}f}"
