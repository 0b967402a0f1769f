"""Rules, stories, forms and custom actions."""

from __future__ import annotations

import pytest

DOMAIN, RULES, STORIES, CODE = (
    "domain.yml",
    "data/orders/rules.yml",
    "data/orders/stories.yml",
    "actions/orders.py",
)


def rule(name: str, *steps: str, condition: str = "") -> str:
    """A rule in YAML."""
    lines = [f"- rule: {name}"]
    if condition:
        lines += ["  condition:", f"  - {condition}"]
    return "\n".join([*lines, "  steps:", *(f"  - {step}" for step in steps)]) + "\n"


@pytest.mark.parametrize(
    ("steps", "marker", "sentence"),
    [
        (
            ["intent: praise", "action: utter_greet"],
            "intent: praise",
            "The domain has no intent `praise`. "
            "Remedy: Add it to `intents` in domain.yml, or use an intent that is there.",
        ),
        (
            ["intent: restart", "action: action_sing"],
            "action_sing",
            "The domain has no action `action_sing`. "
            "Remedy: Add it to `actions` in domain.yml, or use an action that is there.",
        ),
        (
            ["intent: restart", "action: utter_praise"],
            "utter_praise",
            "The domain has no response `utter_praise`. "
            "Remedy: Add it to `responses` in domain.yml, or use a response that is there.",
        ),
        (
            ["intent: restart", "active_loop: song_box"],
            "song_box",
            "The domain has no form `song_box`. "
            "Remedy: Add it to `forms` in domain.yml, or use a form that is there.",
        ),
        (
            ["intent: restart", "slot_was_set: [{mood: glad}]", "action: utter_greet"],
            "mood",
            "The domain has no slot `mood`. "
            "Remedy: Add it to `slots` in domain.yml, or use a slot that is there.",
        ),
        (
            ["intent: restart", "acton: utter_greet"],
            "acton",
            "Nothing reads the step `acton`. Remedy: Use intent, action, active_loop, "
            "slot_was_set, or, checkpoint.",
        ),
        (
            ["or: [{intent: restart}, {intent: praise}]", "action: utter_greet"],
            "intent: praise",
            "The domain has no intent `praise`. "
            "Remedy: Add it to `intents` in domain.yml, or use an intent that is there.",
        ),
    ],
)
def test_names_nobody_knows(
    project, expect_one, steps: list[str], marker: str, sentence: str
) -> None:
    project.add(RULES, rule("new", *steps))
    expect_one(RULES, marker, sentence)


def test_a_key_nobody_reads(project, expect_one) -> None:
    project.write("data/orders/more.yml", "rule:\n- rule: x\n")
    expect_one(
        "data/orders/more.yml",
        "rule:",
        "Nothing reads the key `rule` here. "
        "Remedy: Did you mean `rules`? If not: Use version, nlu, rules, stories.",
    )


def test_what_rasa_brings_along_is_known(project) -> None:
    project.add(RULES, rule("unclear", "intent: nlu_fallback", "action: action_default_fallback"))
    assert project.said() == []


def test_two_rules_contradict(project) -> None:
    project.add(RULES, rule("greet again", "intent: greet", "action: action_show"))
    first = project.line(RULES, "action: utter_greet")
    lines = (project.root / RULES).read_text(encoding="utf-8").splitlines()
    assert project.said() == [
        f"{RULES}:{len(lines)}: The rule `greet again` goes on with `action_show` where the rule "
        f"`greet` ({RULES}:{first}) goes on with `utter_greet`. "
        "Remedy: Make them agree, or give the rule a condition."
    ]


def test_an_intent_in_an_or_contradicts(project) -> None:
    project.add(
        RULES, rule("both", "or: [{intent: restart}, {intent: greet}]", "action: action_show")
    )
    assert len(project.said()) == 1
    assert "The rule `both` goes on with `action_show` where the rule `greet`" in project.said()[0]


def test_a_rule_that_goes_on_after_the_end_of_another(project) -> None:
    project.add(RULES, rule("more", "intent: greet", "action: utter_greet", "action: action_show"))
    first = project.line(RULES, "action: utter_greet")
    lines = (project.root / RULES).read_text(encoding="utf-8").splitlines()
    assert project.said() == [
        f"{RULES}:{len(lines)}: The rule `more` goes on with `action_show` where the rule `greet` "
        f"({RULES}:{first}) goes on with waiting. "
        "Remedy: Make them agree, or give the rule a condition."
    ]


def test_a_condition_keeps_rules_apart(project) -> None:
    condition = "slot_was_set: [{order_id: HK1}]"
    project.add(RULES, rule("known", "intent: greet", "action: action_show", condition=condition))
    assert project.said() == []


def test_two_rules_contradict_under_the_same_condition(project) -> None:
    condition = "slot_was_set: [{order_id: HK1}]"
    project.add(RULES, rule("known", "intent: greet", "action: action_show", condition=condition))
    project.add(RULES, rule("again", "intent: greet", "action: utter_greet", condition=condition))
    (said,) = project.said()
    assert "The rule `again` goes on with `utter_greet` where the rule `known`" in said


def test_two_stories_contradict(project) -> None:
    project.change(
        RULES, "- rule: greet\n  steps:\n  - intent: greet\n  - action: utter_greet\n", ""
    )
    project.add(STORIES, "- story: other\n  steps:\n  - intent: greet\n  - action: action_show\n")
    first = project.line(STORIES, "action: utter_greet")
    line = project.line(STORIES, "action: action_show")
    assert project.said() == [
        f"{STORIES}:{line}: The story `other` goes on with `action_show` where the story "
        f"`greet, then track` ({STORIES}:{first}) goes on with `utter_greet`. "
        "Remedy: Make them agree, or let them begin differently."
    ]


def test_a_story_contradicts_a_rule(project) -> None:
    project.change(STORIES, "  - action: utter_greet\n", "  - action: action_show\n")
    rule_line = project.line(RULES, "action: utter_greet")
    line = project.line(STORIES, "action_show")
    assert project.said() == [
        f"{STORIES}:{line}: The story `greet, then track` goes on with `action_show` where the rule "
        f"`greet` ({RULES}:{rule_line}) goes on with `utter_greet`. "
        "Remedy: Make them agree, or let them begin differently."
    ]


def test_a_story_may_do_something_else_inside_a_form(project) -> None:
    project.add(STORIES, "  - intent: greet\n  - action: track_form\n")
    assert project.said() == []


def test_a_form_without_its_rules(project) -> None:
    project.change(DOMAIN, "forms:\n", "forms:\n  refund_form:\n    required_slots: [order_id]\n")
    line = project.line(DOMAIN, "refund_form:")
    assert project.said() == [
        f"{DOMAIN}:{line}: No rule begins `refund_form`. "
        "Remedy: Write one with `action: refund_form` and `active_loop: refund_form`.",
        f"{DOMAIN}:{line}: No rule says what follows when `refund_form` has all it asks for. "
        "Remedy: Write one with the condition `active_loop: refund_form` and the step "
        "`active_loop: null`.",
    ]


def test_a_form_without_a_question(project, expect_one) -> None:
    project.change(DOMAIN, "utter_ask_order_id", "utter_ask_number")
    expect_one(
        DOMAIN,
        "required_slots",
        "`track_form` has no question for `order_id`. Remedy: Add the response "
        "`utter_ask_order_id` or the action `action_ask_order_id`.",
    )


def test_a_question_of_the_form_alone(project) -> None:
    project.change(DOMAIN, "utter_ask_order_id", "utter_ask_track_form_order_id")
    assert project.said() == []


def test_a_form_asks_for_a_slot_that_is_not_there(project, expect_one) -> None:
    project.change(DOMAIN, "required_slots: [order_id]", "required_slots: [order_id, mood]")
    expect_one(
        DOMAIN,
        "required_slots",
        "`track_form` asks for the slot `mood`, which the domain lacks. "
        "Remedy: Add it to `slots` in domain.yml, or use a slot that is there.",
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "not_intent: [greet]",
            "not_intent: [great]",
            "The domain has no intent `great`. Remedy: Did you mean `greet`? If not: Add it to `intents` in domain.yml, or use an intent that is there.",
        ),
        (
            "entity: order_id}",
            "entity: number}",
            "The domain has no entity `number`. Remedy: Add it to `entities` in domain.yml, or use an entity that is there.",
        ),
        (
            "{active_loop: track_form,",
            "{active_loop: other,",
            "The domain has no form `other`. Remedy: Add it to `forms` in domain.yml, or use a form that is there.",
        ),
        (
            "requested_slot: order_id}",
            "requested_slot: mood}",
            "The domain has no slot `mood`. Remedy: Add it to `slots` in domain.yml, or use a slot that is there.",
        ),
    ],
)
def test_mappings_of_a_slot(project, expect_one, old: str, new: str, sentence: str) -> None:
    project.change(DOMAIN, old, new)
    expect_one(DOMAIN, new, sentence)


def test_an_action_without_a_class(project, expect_one) -> None:
    project.change(DOMAIN, "  - action_show\n", "  - action_show\n  - action_sing\n")
    expect_one(
        DOMAIN,
        "action_sing",
        "No class in actions/ is the action `action_sing`. "
        "Remedy: Write the class, or take the action out of the domain.",
    )


def test_actions_of_rasa_need_no_class(project) -> None:
    project.change(DOMAIN, "  - action_show\n", "  - action_show\n  - action_session_start\n")
    assert project.said() == []


@pytest.mark.parametrize(
    "body",
    ['    action = "action_sing"\n', '    def name(self):\n        return "action_sing"\n'],
)
def test_a_class_the_domain_lacks(project, expect_one, body: str) -> None:
    project.add(CODE, f"\n\nclass ActionSing(SkillAction):\n{body}")
    expect_one(
        CODE,
        "ActionSing",
        "The domain has no action `action_sing`, which this class is. "
        "Remedy: Add it to `actions` in domain.yml.",
    )


def test_a_class_for_a_form_the_domain_lacks(project) -> None:
    project.add(CODE, '\n\nclass ValidateSong(FormValidation):\n    form = "song_form"\n')
    line = project.line(CODE, "ValidateSong")
    assert project.said() == [
        f"{CODE}:{line}: The domain has no action `validate_song_form`, which this class is. "
        "Remedy: Add it to `actions` in domain.yml.",
        f"{CODE}:{line}: The domain has no form `song_form`, which this class checks. "
        "Remedy: Add it to `forms` in domain.yml.",
    ]


def test_a_class_asks_for_a_slot_that_is_not_there(project, expect_one) -> None:
    project.change(CODE, 'slots = ("order_id",)', 'slots = ("order_id", "mood")')
    expect_one(
        CODE,
        "mood",
        "`track_form` asks for the slot `mood`, which the domain lacks. "
        "Remedy: Add it to `slots` in domain.yml, or use a slot that is there.",
    )


def test_an_action_says_what_is_not_there(project, expect_one) -> None:
    project.change(CODE, "        return []", '        turn.say("utter_praise")\n        return []')
    expect_one(
        CODE,
        "utter_praise",
        "The domain has no response `utter_praise`, which is said here. "
        "Remedy: Add it to `responses` in domain.yml.",
    )


def test_code_that_is_no_code(project) -> None:
    project.write("actions/broken.py", "x = 1\ndef (\n")
    assert project.said() == [
        "actions/broken.py:2: This is not Python. Remedy: Ask a developer to mend the file."
    ]
