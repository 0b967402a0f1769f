"""The benchmark's options and report, on made-up figures; no process is started."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.accuracy import best_intent, lines_of
from bench.figures import (
    Accuracy,
    Load,
    Measured,
    Percentiles,
    Running,
    Training,
    Turns,
    percentiles,
)
from bench.machine import Machine
from bench.plan import plan_from
from bench.processes import name_of
from bench.report import document, heading, rows_of, table, write
from bench.workspace import edit_one_line

MACHINE = Machine("2026-11-25T00:00:00+00:00", "3.11.7", "3.6.21", "Linux", "A CPU", 2, 24.0, 0.1)


def stack(milliseconds: float, per_second: float, right: int) -> Running:
    return Running(
        start_seconds=20.0,
        memory_mb={"assistant": 400.0, "actions": 100.0},
        turns=Turns(400, 1, 50, 45, Percentiles(milliseconds, 2 * milliseconds, 3 * milliseconds)),
        load=Load(4, 20.0, 2000, 2, per_second, Percentiles(30.0, 60.0, 90.0)),
        accuracy={"yue": Accuracy(200, right, right + 10)},
    )


def figures() -> Measured:
    return Measured(
        ours_training=Training(60.0, 30.0),
        stock_training=Training(240.0, 200.0),
        first_start_seconds=80.0,
        ours=stack(20.0, 100.0, 170),
        postgresql=None,
        stock=stack(80.0, 40.0, 100),
        install_seconds=None,
    )


def test_a_plain_run_is_long_enough_to_quote() -> None:
    plan = plan_from([])
    assert plan.turns >= 300
    assert plan.memory_after == 200
    assert (plan.connections, plan.load_seconds) == (4, 20.0)
    assert plan.stock_epochs == 100
    assert plan.parse_every == 1
    assert not plan.install


def test_a_quick_run_is_short_and_says_so() -> None:
    plan = plan_from(["--quick", "--install"])
    assert plan.stock_epochs == 5
    assert plan.memory_after < plan.turns < plan_from([]).turns
    assert plan.install
    assert "quick run" in heading(MACHINE, plan)
    assert "quick run" not in heading(MACHINE, plan_from([]))


def test_an_unknown_option_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        plan_from(["--fast"])
    assert ended.value.code == 2
    assert "--fast" in capsys.readouterr().err


def test_percentiles_are_values_that_occurred() -> None:
    assert percentiles([n / 1000 for n in range(100, 0, -1)]) == Percentiles(50.0, 95.0, 99.0)
    assert percentiles([0.5]) == Percentiles(500.0, 500.0, 500.0)
    with pytest.raises(ValueError, match="no values"):
        percentiles([])


def test_ratios_are_ours_divided_by_stock() -> None:
    ratios = {row.key: row.ratio for row in rows_of(figures())}
    assert ratios["training"] == 0.25
    assert ratios["p50"] == 0.25
    assert ratios["per_second"] == 2.5
    assert ratios["right_yue"] == 1.7
    assert ratios["memory"] == 1.0
    assert ratios["first_start"] is None


def test_the_table_aligns_and_leaves_out_what_nobody_has() -> None:
    lines = table(rows_of(figures())).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[0].split() == ["ours", "stock", "ours", "/", "stock"]
    by_label = {line.split("  ")[0]: line.split() for line in lines}
    assert by_label["Training from nothing, s"][-3:] == ["60", "240", "0.25"]
    assert by_label["Turns not answered"][-3:-1] == ["3", "3"]
    assert by_label["Orders shown, %"][-3:-1] == ["90", "90"]
    assert by_label["Intents right, English, %"][-3:] == ["-", "-", "-"]


def test_postgresql_and_the_installation_appear_when_measured() -> None:
    both = replace(figures(), postgresql=stack(25.0, 90.0, 170), install_seconds=300.0)
    text = table(rows_of(both))
    assert "ours, PostgreSQL" in text
    assert "First `make up` of a clone, s" in text
    assert len({len(line) for line in text.splitlines()}) == 1


def test_the_file_holds_machine_plan_figures_and_ratios(tmp_path: Path) -> None:
    path = tmp_path / "results" / "bench.json"
    write(path, document(MACHINE, plan_from(["--quick"]), figures()))
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["machine"]["cores"] == 2
    assert kept["plan"]["quick"] is True
    assert kept["measured"]["ours"]["turns"]["milliseconds"]["p99"] == 60.0
    assert kept["measured"]["stock"]["accuracy"]["yue"]["right"] == 100
    assert kept["ratios"]["training"] == 0.25
    assert "first_start" not in kept["ratios"]


def test_test_lines_lose_the_marks_of_their_entities(tmp_path: Path) -> None:
    path = tmp_path / "test.en.yml"
    path.write_text(
        'nlu:\n- intent: inform\n  examples: |\n    - it is [HK20261234](order_id), [tmr]{"entity": "date"}\n'
        "- lookup: product\n  examples: |\n    - kettle\n",
        encoding="utf-8",
    )
    assert list(lines_of(path)) == [("inform", "it is HK20261234, tmr")]


def test_the_best_guess_is_found_behind_the_fallback() -> None:
    ranking = [{"name": "nlu_fallback"}, {"name": "greet"}, {"name": "thank"}]
    assert best_intent({"intent_ranking": ranking}) == "greet"
    assert best_intent({}) is None


def test_processes_are_told_by_their_command_lines() -> None:
    assert name_of(["python", "-m", "rasa", "run", "--port", "1"]) == "assistant"
    assert name_of(["python", "-m", "actions"]) == "actions"
    assert name_of(["python", "-m", "cantodesk.desk"]) == "desk"
    assert name_of(["python", "-m", "cantodesk.cli", "up"]) == "starter"


def test_the_edit_changes_one_line(tmp_path: Path) -> None:
    path = tmp_path / "data" / "orders" / "nlu.yue.yml"
    path.parent.mkdir(parents=True)
    before = "nlu:\n- intent: place_order\n  examples: |\n    - 我想落單\n    - 點樣買\n"
    path.write_text(before, encoding="utf-8")
    edit_one_line(tmp_path)
    assert path.read_text(encoding="utf-8") == before.replace("我想落單", "我想落單呀")
