"""A small project with nothing wrong in it, for tests to break in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cantodesk.checking import check_project, yaml_problems

DOMAIN = """\
version: "3.1"
intents:
  - greet
  - track_order
entities:
  - order_id
slots:
  language:
    type: text
    mappings: [{type: custom}]
  order_id:
    type: text
    mappings:
      - {type: from_entity, entity: order_id}
      - type: from_text
        not_intent: [greet]
        conditions: [{active_loop: track_form, requested_slot: order_id}]
forms:
  track_form:
    required_slots: [order_id]
actions:
  - action_show
  - validate_track_form
responses:
  utter_greet:
    - condition: &yue [{type: slot, name: language, value: yue}]
      text: 你好，呢度係{company}，有咩可以幫到你？
      buttons: [{title: 查訂單, payload: /track_order}]
    - condition: &en [{type: slot, name: language, value: en}]
      text: Hello from {company}, how can I help?
      buttons: [{title: Track, payload: /track_order}]
    - condition: &zh [{type: slot, name: language, value: zh}]
      text: 您好，这里是{company}，有什么可以帮您？
      buttons: [{title: 查订单, payload: /track_order}]
  utter_ask_order_id:
    - {condition: *yue, text: 訂單編號係幾多？}
    - {condition: *en, text: What is the order number?}
    - {condition: *zh, text: 订单编号是多少？}
  utter_shown:
    - {condition: *yue, text: "訂單{order_id}：{state}"}
    - {condition: *en, text: "Order {order_id}: {state}"}
    - {condition: *zh, text: "订单{order_id}：{state}"}
"""
RULES = """\
version: "3.1"
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
- rule: track
  steps:
  - intent: track_order
  - action: track_form
  - active_loop: track_form
- rule: tracked
  condition:
  - active_loop: track_form
  steps:
  - action: track_form
  - active_loop: null
  - slot_was_set:
    - requested_slot: null
  - action: action_show
"""
STORIES = """\
version: "3.1"
stories:
- story: greet, then track
  steps:
  - intent: greet
  - action: utter_greet
  - intent: track_order
  - action: track_form
  - active_loop: track_form
"""
ACTIONS = """\
class ValidateTrackForm(FormValidation):
    form = "track_form"
    slots = ("order_id",)


class ActionShow(SkillAction):
    action = "action_show"

    async def act(self, turn):
        turn.say("utter_shown", state=turn.slot("state"))
        return []
"""
BUSINESS = """\
variables:
  company: {yue: 好日子, en: GoodDay, zh: 好日子}
opening_hours: {}
"""
INTENTS = """\
limits: {together: 0.6, second: 0.15, alone: 0.25}
titles:
  track_order: {yue: 查訂單去到邊, en: track an order, zh: 查订单到哪了}
never_offered: [greet]
"""
VARIANTS = """\
always:
  揾: 搵
in_context:
  - {read: 咗, for: 左, after: '[我你]'}
romanised:
  mgoi: 唔該
"""
LINES = {
    "yue": ("喂第{n}次呀", "第{n}張單去咗邊"),
    "en": ("hello no {n}", "where is parcel {n}"),
    "zh": ("你好第{n}次", "第{n}个订单在哪里"),
}
ENOUGH = {"yue": 20, "en": 12, "zh": 12}


def nlu(language: str) -> str:
    """As many lines as are needed, all different."""
    blocks = ['version: "3.1"', "nlu:"]
    for intent, pattern in zip(("greet", "track_order"), LINES[language], strict=True):
        blocks += [f"- intent: {intent}", "  examples: |"]
        blocks += [f"    - {pattern.format(n=n)}" for n in range(ENOUGH[language])]
    return "\n".join(blocks) + "\n"


def emotion(language: str) -> str:
    """One line a degree."""
    degrees = ("strong", "mild", "neutral", "positive")
    return "emotion:\n" + "".join(f"  {d}: |\n    - {language} {d} line\n" for d in degrees)


def files() -> dict[str, str]:
    """The whole small project."""
    found = {
        "config.yml": "recipe: default.v1\nlanguage: yue\n",
        "endpoints.yml": "nlg: {type: x}\n",
        "credentials.yml": "rest: {}\n",
        "domain.yml": DOMAIN,
        "data/orders/rules.yml": RULES,
        "data/orders/stories.yml": STORIES,
        "actions/orders.py": ACTIONS,
        "demo/settings.yml": BUSINESS,
        "data/language/variants.yml": VARIANTS,
        "data/language/written.yml": "written:\n  唔: 不\n",
        "data/language/intents.yml": INTENTS,
        "data/language/anger.yml": "anger: {}\n",
        "data/language/sounds.yml": "sounds: {}\n",
        "data/language/phrases.yml": (
            "phrases:\n  few:\n    yue: 剩返{stock}件\n    en: only {stock} left\n    zh: 仅剩{stock}件\n"
        ),
        "tests/nlu/test.yue.yml": 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 早晨\n',
        "tests/nlu/emotion_test.yml": "emotion_test:\n- {text: 激死, language: yue, expect: strong}\n",
    }
    for name in ("products", "districts", "payment_methods"):
        one = f"  {name} one:\n    yue: [甲{name}]\n    en: [a{name}]\n    zh: [乙{name}]\n"
        found[f"data/language/{name}.yml"] = f"{name}:\n{one}"
    for language in ENOUGH:
        found[f"data/orders/nlu.{language}.yml"] = nlu(language)
        found[f"data/language/emotion.{language}.yml"] = emotion(language)
        everyday = f"out_of_scope: |\n  - {language} everyday talk\n"
        found[f"data/language/out_of_scope.{language}.yml"] = everyday
    return found


@dataclass(frozen=True)
class SmallProject:
    """A project on disk, and what the checks say of it."""

    root: Path

    def write(self, path: str, text: str) -> None:
        """Put a file in place."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """Replace the only occurrence of a text in a file."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        self.write(path, text.replace(old, new))

    def add(self, path: str, text: str) -> None:
        """Append to a file."""
        self.write(path, (self.root / path).read_text(encoding="utf-8") + text)

    def line(self, path: str, marker: str) -> int:
        """The number of the first line that holds a text."""
        lines = (self.root / path).read_text(encoding="utf-8").split("\n")
        return next(n for n, line in enumerate(lines, 1) if marker in line)

    def said(self) -> list[str]:
        """Every problem, as it is printed."""
        return [str(problem) for problem in check_project(self.root)]

    def yaml_said(self) -> list[str]:
        """Every problem of the YAML files alone."""
        return [str(problem) for problem in yaml_problems(self.root)]


@pytest.fixture
def project(tmp_path: Path) -> SmallProject:
    """The small project, in order."""
    small = SmallProject(tmp_path)
    for path, text in files().items():
        small.write(path, text)
    return small


@pytest.fixture
def expect_one(project: SmallProject) -> Callable[[str, str, str], None]:
    """``expect_one(path, marker, "wrong Remedy: remedy")``: this problem and no other."""

    def expected(path: str, marker: str, sentence: str) -> None:
        assert project.said() == [f"{path}:{project.line(path, marker)}: {sentence}"]

    return expected
