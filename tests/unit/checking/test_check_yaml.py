"""Every YAML file can be read as it was meant."""

from __future__ import annotations

import pytest


def test_a_sound_project_has_no_problem(project) -> None:
    assert project.yaml_said() == []
    assert project.said() == []


@pytest.mark.parametrize(
    ("path", "text", "line", "sentence"),
    [
        (
            "config.yml",
            "recipe: x\nlanguage: yue: zh\n",
            2,
            "This is not YAML: a second `: ` stands in the line. "
            "Remedy: Put quotes round a text that holds `: `, or mend the indentation.",
        ),
        (
            "endpoints.yml",
            "nlg: {type: x\nother: [1, 2\n",
            1,
            "This is not YAML: something is opened here and not closed. "
            "Remedy: Close it, or put the comma that is missing.",
        ),
        (
            "credentials.yml",
            'rest:\n  token: "abc\n  other: 1\n',
            2,
            "This is not YAML: a quotation mark is opened here and not closed. Remedy: Close it.",
        ),
        (
            "demo/settings.yml",
            "variables:\n  a: *nowhere\n",
            2,
            "This is not YAML: no `&name` is there for a `*name`. "
            "Remedy: Define it first with `&name`, or correct the name after `*`.",
        ),
        (
            "data/orders/rules.yml",
            "a: 1\n---\nb: 2\n",
            2,
            "This is not YAML: a second document begins. Remedy: Take out the line `---`.",
        ),
        (
            "data/orders/extra.yaml",
            "nlu:\n- intent: x\n examples: y\n",
            3,
            "This is not YAML: the line does not stand under the ones above it. "
            "Remedy: Indent it like its neighbours.",
        ),
        (
            "data/orders/extra.yml",
            "nlu: []\nversion\nrules: []\n",
            3,
            "This is not YAML: a line has no `: `. Remedy: Write `key: value`.",
        ),
        (
            "data/orders/rules.yml",
            "rules:\n\t- rule: x\n",
            2,
            "A tab stands in this line. Remedy: Write spaces instead.",
        ),
        (
            "data/orders/extra.yml",
            "version: '3.1'\nnlu: []\nversion: '3.1'\n",
            3,
            "The key `version` stands twice; it is in line 1 too. "
            "Remedy: Keep one of the two: only one of them is read.",
        ),
        (
            "data/language/written.yml",
            "written:\n  唔: 不\n  唔: 别\n",
            3,
            "The key `唔` stands twice; it is in line 2 too. "
            "Remedy: Keep one of the two: only one of them is read.",
        ),
        (
            "domain.yml",
            "",
            1,
            "The file holds no keys. Remedy: Bring back what it held.",
        ),
    ],
)
def test_what_cannot_be_read(project, path: str, text: str, line: int, sentence: str) -> None:
    project.write(path, text)
    assert project.yaml_said() == [f"{path}:{line}: {sentence}"]
    # What an unreadable file holds is not reported as missing everywhere else.
    assert project.said() == project.yaml_said()


def test_a_missing_file(project) -> None:
    (project.root / "domain.yml").unlink()
    assert project.yaml_said() == [
        "domain.yml:1: The file is missing. "
        "Remedy: Bring it back: the assistant does not start without it."
    ]


def test_another_encoding(project) -> None:
    (project.root / "data/orders/nlu.yue.yml").write_bytes(
        "version: '3.1'\nnlu: 訂單\n".encode("big5")
    )
    assert project.yaml_said() == [
        "data/orders/nlu.yue.yml:2: This is not UTF-8. Remedy: Save the file as UTF-8."
    ]


def test_a_control_character(project) -> None:
    project.write("config.yml", "recipe: x\nlanguage: y\x07ue\n")
    assert project.yaml_said() == [
        "config.yml:2: This is not YAML: it holds a control character. "
        "Remedy: Compare the line with its neighbours: indentation, colons, quotes, brackets."
    ]


def test_the_environment_is_never_read(project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "no-intent-of-this-name")
    project.change("data/orders/rules.yml", "- intent: greet", "- intent: ${SECRET}")
    said = "\n".join(project.said())
    assert "`${SECRET}`" in said
    assert "no-intent-of-this-name" not in said


def test_merged_keys_are_no_repetition(project) -> None:
    project.write("tests/scenarios/a.yml", "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  x: 3\n")
    assert project.yaml_said() == []


def test_a_list_that_holds_itself_ends(project) -> None:
    project.write("tests/scenarios/a.yml", "a: &a [*a]\n")
    assert project.yaml_said() == []


def test_a_scenario_file_holds_a_document_a_scenario(project) -> None:
    project.write("tests/scenarios/happy.yml", "scenario: one\n---\nscenario: two\n")
    assert project.yaml_said() == []
    project.write("tests/scenarios/happy.yml", "scenario: one\n---\na: 1\na: 2\n")
    assert len(project.yaml_said()) == 1
