"""Pictures as inline SVG: no script, colours of the page's own, a title that says what is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from evaluation.measures import NAMES

_LEFT, _TOP, _BOTTOM = 46, 14, 40
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_MAP_SIZE = 14


def _svg(width: int, height: int, title: str, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg role="img" viewBox="0 0 {w} {h}" width="{w}" height="{h}"><title>{t}</title>{p}</svg>'
    ).format(w=width, h=height, t=title, p=Markup("").join(parts))


def _text(x: float, y: float, words: str, anchor: str = "middle", style: str = "") -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" class="{}">{}</text>').format(
        x, y, anchor, style, words
    )


def _rect(x: float, y: float, width: float, height: float, style: str, says: str) -> Markup:
    return Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}"><title>{}</title></rect>'
    ).format(x, y, max(width, 0), max(height, 0), style, says)


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(
        x1, y1, x2, y2, style
    )


def _grid(width: float, height: float) -> Iterator[Markup]:
    """Lines and figures of the upright axis, 0 to 100 %."""
    for quarter in _QUARTERS:
        y = _TOP + height * (1 - quarter)
        yield _line(_LEFT, y, _LEFT + width, y, "grid")
        yield _text(_LEFT - 6, y + 4, f"{quarter:.0%}", "end", "axis")


def accuracy_bars(pipelines: Sequence[dict[str, Any]], target: float) -> Markup:
    """Intents right, by language, a bar a pipeline; a dashed line for the target."""
    codes = [code for code in NAMES if code != "all"]
    bar, gap, height = 38, 34, 190
    width = len(codes) * (len(pipelines) * bar + gap)
    parts = list(_grid(width, height))
    for group, code in enumerate(codes):
        start = _LEFT + group * (len(pipelines) * bar + gap) + gap / 2
        for number, each in enumerate(pipelines):
            value = each["reached"]["intent_accuracy"].get(code)
            if value is None:
                continue
            x, y = start + number * bar, _TOP + height * (1 - value)
            says = f"{NAMES[code]}, {each['label']}: {value:.1%}"
            parts.append(_rect(x, y, bar - 4, height * value, f"series{number}", says))
            parts.append(_text(x + bar / 2 - 2, y + 16, f"{100 * value:.0f}", style="inside"))
        middle = start + len(pipelines) * bar / 2 - 2
        parts.append(_text(middle, _TOP + height + 18, NAMES[code]))
    y = _TOP + height * (1 - target)
    parts.append(_line(_LEFT, y, _LEFT + width, y, "target"))
    title = f"Intents right by language; the dashed line is the target, {target:.0%}"
    return _svg(_LEFT + width + 10, _TOP + height + _BOTTOM, title, parts)


def reliability(bins: Sequence[dict[str, Any]]) -> Markup:
    """How often guesses of a confidence are right, and below it how many there are."""
    size, counts = 240, 60
    step = size / len(bins)
    most = max((each["count"] for each in bins), default=0) or 1
    parts = list(_grid(size, size))
    floor = _TOP + size + 24 + counts
    for number, each in enumerate(bins):
        x, count = _LEFT + number * step, each["count"]
        if not count:
            continue
        sure, right = each["confidence"], each["accuracy"]
        says = f"{count} guesses, {sure:.0%} sure on average, {right:.0%} right"
        parts.append(
            _rect(x + 1, _TOP + size * (1 - right), step - 2, size * right, "series0", says)
        )
        height = max(counts * count / most, 1)
        parts.append(_rect(x + 1, floor - height, step - 2, height, "count", says))
    parts.append(_line(_LEFT, _TOP + size, _LEFT + size, _TOP, "target"))
    parts.append(_line(_LEFT, floor, _LEFT + size, floor, "grid"))
    for quarter in _QUARTERS:
        parts.append(_text(_LEFT + size * quarter, floor + 16, f"{quarter:.0%}", style="axis"))
    parts.append(_text(_LEFT - 6, floor - counts + 8, str(most), "end", "axis"))
    parts.append(_text(_LEFT - 6, floor, "0", "end", "axis"))
    parts.append(_text(_LEFT + size / 2, floor + 33, "how sure the guess is", style="axis"))
    title = "Reliability: above, how often guesses are right by how sure they are; below, how many"
    return _svg(_LEFT + size + 16, int(floor) + _BOTTOM, title, parts)


def emotion_curve(points: Sequence[dict[str, Any]], threshold: float, language: str) -> Markup:
    """Strong lines found and false alarms, by threshold; an upright line at the chosen one."""
    width, height = 260, 190
    parts = list(_grid(width, height))
    for key, style in (("found", "line0"), ("false_alarms", "line1")):
        known = [(p["threshold"], p[key]) for p in points if p[key] is not None]
        path = " ".join(
            f"{_LEFT + width * at:.1f},{_TOP + height * (1 - value):.1f}" for at, value in known
        )
        parts.append(Markup('<polyline points="{}" class="{}"/>').format(path, style))
    x = _LEFT + width * threshold
    parts.append(_line(x, _TOP, x, _TOP + height, "target"))
    for quarter in _QUARTERS:
        at = _LEFT + width * quarter
        parts.append(_text(at, _TOP + height + 16, f"{quarter:.2f}", style="axis"))
    parts.append(_text(_LEFT + width / 2, _TOP + height + 33, "threshold", style="axis"))
    title = (
        f"{NAMES[language]}: strong lines found (solid) and false alarms (dotted) by threshold; "
        f"the chosen one is {threshold:g}"
    )
    return _svg(_LEFT + width + 18, _TOP + height + _BOTTOM, title, parts)


def confusion_map(confusions: Sequence[dict[str, Any]]) -> Markup:
    """The intents that are mixed up most, meant against read; the darker, the more lines."""
    pairs: dict[tuple[str, str], int] = {}
    weight: dict[str, int] = {}
    for each in confusions:
        pair = (each["right"], each["wrong"])
        pairs[pair] = pairs.get(pair, 0) + each["count"]
        for name in pair:
            weight[name] = weight.get(name, 0) + each["count"]
    names = sorted(sorted(weight, key=lambda name: (-weight[name], name))[:_MAP_SIZE])
    if not names:
        return Markup("")
    cell, left, top = 30, 215, 160
    most = max((pairs.get((a, b), 0) for a in names for b in names), default=0) or 1
    parts = []
    for row, meant in enumerate(names):
        y = top + row * cell
        parts.append(_text(left - 8, y + cell / 2 + 4, meant, "end"))
        parts.append(
            Markup(
                '<text transform="translate({:.1f},{}) rotate(-50)" text-anchor="start">{}</text>'
            ).format(left + row * cell + cell / 2 + 2, top - 8, meant)
        )
        for column, read in enumerate(names):
            count, x = pairs.get((meant, read), 0), left + column * cell
            says = f"{meant} read as {read}: {count}"
            style = "same" if meant == read else "cell"
            parts.append(_rect(x + 1, y + 1, cell - 2, cell - 2, style, says))
            if count:
                shade = Markup(
                    '<rect x="{:.1f}" y="{:.1f}" width="{}" height="{}" class="heat" '
                    'fill-opacity="{:.2f}"><title>{}</title></rect>'
                ).format(x + 1, y + 1, cell - 2, cell - 2, 0.25 + 0.6 * count / most, says)
                parts.append(shade)
                parts.append(_text(x + cell / 2, y + cell / 2 + 4, str(count), style="value"))
    size = len(names) * cell
    title = "Which intents are taken for which: rows are what was meant, columns what was read"
    return _svg(left + size + 110, top + size + 10, title, parts)
