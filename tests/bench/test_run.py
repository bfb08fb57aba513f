"""A whole run with steps that take no time."""

from __future__ import annotations

import io

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from bench import run as bench_run
from bench.run import Options, read_messages, run
from bot.commands import bench as command
from bot.errors import SetupError
from tests.bench.test_results import RESULTS


@pytest.fixture
def stage(monkeypatch, tmp_path):
    """Takes steps of known results in a folder of the test's own; a step of `failing` breaks."""
    taken: list[str] = []
    failing: set[str] = set()

    def step(name: str):
        def take(plan):
            if name in failing:
                raise SetupError("broken")
            taken.append(name)
            plan.progress(1, 1)
            return RESULTS[name]

        return take

    steps = {name: step(name) for name in RESULTS}
    monkeypatch.setattr(bench_run, "STEPS", steps)
    monkeypatch.setattr(bench_run, "BUILD_DIR", tmp_path / "build")
    monkeypatch.setattr(bench_run, "PAGE", tmp_path / "benchmarks.md")
    stage = type("Stage", (), {})()
    stage.taken, stage.failing, stage.page = taken, failing, tmp_path / "benchmarks.md"
    return stage


def console() -> Console:
    return Console(file=io.StringIO(), width=120)


def test_a_whole_run_takes_every_step_and_writes_the_page(stage):
    assert run(Options(), console()) == ["seconds to ready: 1 : 3.0, wanted 1 : 4"]
    assert stage.taken == list(RESULTS)
    assert "| turn time, median | 1 : 7.0 |" in stage.page.read_text()


def test_a_run_that_crashed_goes_on_where_it_was(stage):
    stage.failing.add("memory")
    with pytest.raises(SetupError):
        run(Options(), console())
    stage.failing.clear()
    run(Options(), console())
    assert stage.taken == list(RESULTS), "no step was taken twice, none was left out"
    run(Options(), console())
    assert stage.taken == [*RESULTS, *RESULTS], "a run that ended begins anew"


def test_a_run_can_be_begun_anew(stage):
    stage.failing.add("memory")
    with pytest.raises(SetupError):
        run(Options(), console())
    stage.failing.clear()
    run(Options(fresh=True), console())
    assert stage.taken == ["train", "ready", "accuracy", *RESULTS]


def test_single_steps_keep_the_results_of_the_others(stage):
    run(Options(), console())
    stage.taken.clear()
    run(Options(steps=("turns", "ready")), console())
    assert stage.taken == ["ready", "turns"], "in the order of the steps"
    assert "not measured" not in stage.page.read_text()


def test_a_quick_run_leaves_the_page_alone(stage):
    run(Options(quick=True), console())
    assert stage.taken == list(RESULTS)
    assert not stage.page.exists()


def test_a_step_that_does_not_exist_is_said_with_those_that_do(stage):
    with pytest.raises(SetupError, match="no step 'trian'; there are train, ready"):
        run(Options(steps=("trian",)), console())


def test_a_missing_package_is_said_before_anything_is_started(stage, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SetupError, match="uv sync"):
        run(Options(), console())
    assert stage.taken == []


def test_the_command_ends_with_exit_code_1_for_a_missed_target_only_when_asked(stage):
    app = typer.Typer()
    app.command()(command.bench)
    plain = CliRunner().invoke(app, ["--steps", "ready, turns"], catch_exceptions=False)
    assert plain.exit_code == 0
    assert stage.taken == ["ready", "turns"]
    assert "target missed: seconds to ready" in plain.stdout
    assert CliRunner().invoke(app, ["--steps", "ready", "--gate"]).exit_code == 1
    assert CliRunner().invoke(app, ["--steps", "memory", "--gate", "--fresh"]).exit_code == 1


def test_times_are_taken_with_a_mix_that_is_the_same_each_time():
    questions, texts = read_messages()
    assert texts == read_messages()[1]
    other = {"calm_or_urgent", "other_conditions", "other_topics"}
    assert {q.file for q in questions} == {"typical", "noisy", "safety", *other}
    typical = [q.text for q in questions if q.file == "typical"]
    assert set(typical) < set(texts)
    assert len(texts) == 136 + 86
