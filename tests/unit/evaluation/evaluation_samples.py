"""Hand-made lines and parses for the evaluation's tests."""

from __future__ import annotations

from pathlib import Path

from evaluation.lines import Entity, Line
from evaluation.parses import Parse


def line(text: str, intent: str, language: str = "yue", *entities: Entity) -> Line:
    return Line(text, intent, language, f"tests/nlu/dev/nlu.{language}.yml", entities)


def parse(*ranking: tuple[str, float], acts_on: str | None = None, **rest: object) -> Parse:
    """Acts on the best guess unless told otherwise."""
    return Parse(intent=acts_on or ranking[0][0], ranking=ranking, **rest)  # type: ignore[arg-type]


NLU = {
    "yue": 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 早晨\n- intent: track_order\n  examples: |\n    - 查單[HK20261234](order_id)\n    - 件貨 <script>alert(1)</script>\n- intent: out_of_scope\n  examples: |\n    - 今晚睇波\n',
    "en": "nlu:\n- intent: greet\n  examples: |\n    - morning\n",
    "zh": "nlu:\n- intent: greet\n  examples: |\n    - 早上好\n",
}
EMOTION = """emotion_test:
- {text: 呃錢公司, language: yue, expect: strong}
- {text: 等咗一陣, language: yue, expect: calm}
- {text: thieves, language: en, expect: strong}
- {text: a bit slow, language: en, expect: calm}
- {text: 骗子, language: zh, expect: strong}
- {text: 有点慢, language: zh, expect: calm}
"""


def write_set(folder: Path) -> Path:
    """A whole set of test lines."""
    folder.mkdir(parents=True)
    for language, content in NLU.items():
        (folder / f"nlu.{language}.yml").write_text(content, encoding="utf-8")
    (folder / "emotion.yml").write_text(EMOTION, encoding="utf-8")
    return folder
