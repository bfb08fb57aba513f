"""The command from its options to its exit code, with a stub in place of the engine."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
import typer
from typer.testing import CliRunner

from bot.commands import evaluate as command
from bot.errors import SetupError
from bot.evaluation.real import RealBot
from tests.evaluation.stub import StubBot, message

RIGHT = {"hello": [message("greet", "Hello [there].")]}


class Here(StubBot):
    """The stub, with the real bot's look at the clinics."""

    _live = type("Live", (), {"current": type("Snapshot", (), {"clinics": {"temple": None}})})
    check_clinics = RealBot.check_clinics


def run(monkeypatch, tmp_path, *arguments: str, replies=RIGHT, confidence: float | None = 0.9):
    @contextmanager
    def stub_bot(settings):
        yield Here(replies, confidence)

    monkeypatch.setattr(command, "real_bot", stub_bot)
    app = typer.Typer()
    app.command()(command.evaluate)
    options = ["--results", str(tmp_path / "results"), *arguments]
    return CliRunner().invoke(app, options, catch_exceptions=False)


def questions(tmp_path, *lines: dict, name: str = "mine.jsonl") -> str:
    file = tmp_path / name
    file.write_text("\n".join(json.dumps(line) for line in lines))
    return str(file)


HELLO = {"text": "hello", "subject": "greet", "detail": None}
OTHER = {"text": "what is fbss", "subject": "definition", "detail": None}


WRITTEN = {"evaluation.json", "evaluation.html", "confusion.csv", "last"}
PICTURES = {"confusion.png", "calibration.png"}


def test_a_file_of_ones_own_is_measured_and_the_results_are_written(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, OTHER)
    result = run(monkeypatch, tmp_path, "--data", file)
    assert result.exit_code == 0, result.output
    assert "what is fbss" in result.stdout
    assert "hello" not in result.stdout
    written = {path.name for path in (tmp_path / "results").iterdir()}
    assert written == WRITTEN | PICTURES
    assert "understanding 12 words:" in result.stdout


def test_json_output_is_json_alone_and_progress_goes_to_standard_error(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, OTHER)
    result = run(monkeypatch, tmp_path, "--data", file, "--format", "json", "--no-picture")
    found = json.loads(result.stdout)
    assert found["total"]["percent"] == 50.0
    assert "questions" in result.stderr
    assert {path.name for path in (tmp_path / "results").iterdir()} == WRITTEN
    kept = json.loads((tmp_path / "results" / "evaluation.json").read_text())
    assert kept == found


def test_html_output_is_the_page_alone(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, OTHER)
    result = run(monkeypatch, tmp_path, "--data", file, "--format", "html", "--no-picture")
    page = (tmp_path / "results" / "evaluation.html").read_text()
    assert result.stdout == f"{page}\n"
    assert page.startswith("<!doctype html>")
    assert "what is fbss" in page


def test_the_next_run_says_what_got_better_and_what_got_worse(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, OTHER)
    arguments = ("--data", file, "--no-picture")
    first = run(monkeypatch, tmp_path, *arguments)
    assert "better" not in first.stdout
    turned = {"what is fbss": [message("greet", "Hello.")]}
    second = run(monkeypatch, tmp_path, *arguments, replies=turned)
    assert "worse: mine:1 hello (expected greet): right -> (none): other subject" in second.stdout
    third = run(monkeypatch, tmp_path, *arguments)
    assert "better: mine:1 hello (expected greet)" in third.stdout
    assert "0 right before, 1 now; 0 new lines, 0 gone" in third.stdout


def test_a_run_that_broke_off_is_nothing_to_compare_with(monkeypatch, tmp_path):
    monkeypatch.setattr(command.report, "print_report", lambda *_: pytest.fail("stop"))
    with pytest.raises(pytest.fail.Exception):
        run(monkeypatch, tmp_path, "--data", questions(tmp_path, HELLO), "--no-picture")
    assert not (tmp_path / "results" / "last").exists()


def test_targets_are_told_and_a_missed_one_does_no_harm_without_gate(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, OTHER, name="typical.jsonl")
    result = run(monkeypatch, tmp_path, "--data", file, "--no-picture")
    assert result.exit_code == 0
    assert "gate typical: right: 50.0 %, wanted >= 97 %: MISSED" in result.stdout


def test_a_missed_target_ends_with_exit_code_1(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, OTHER, name="typical.jsonl")
    result = run(monkeypatch, tmp_path, "--data", file, "--gate", "--no-picture")
    assert result.exit_code == 1
    assert "gate typical: right: 50.0 %, wanted >= 97 %: MISSED" in result.stdout


def test_targets_that_are_reached_end_with_exit_code_0(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, name="noisy.jsonl")
    result = run(monkeypatch, tmp_path, "--data", file, "--gate", "--no-picture", confidence=None)
    assert result.exit_code == 0
    assert "gate noisy: right: 100.0 %, wanted >= 94 %: reached" in result.stdout


def test_a_gate_that_looks_at_nothing_does_not_pass(monkeypatch, tmp_path):
    with pytest.raises(SetupError, match="None of the files"):
        run(monkeypatch, tmp_path, "--data", questions(tmp_path, HELLO), "--gate", "--no-picture")


def test_dialogues_are_held_too(monkeypatch, tmp_path):
    file = tmp_path / "dialogues.yml"
    file.write_text("- id: tour\n  turns:\n  - visitor: hello\n    must: [goodbye]\n")
    result = run(monkeypatch, tmp_path, "--data", str(file))
    assert "dialogues tour: failed at turn 1" in result.stdout
    assert "Hello [there]." in result.stdout
    assert "gate dialogues: passed: 0 of 1, wanted >= 11: MISSED" in result.stdout


def test_everything_that_ships_is_measured_and_the_development_set_alone_when_it_must_be_quick():
    everything = {path.name for path in command.chosen_files(None, quick=False)}
    assert everything >= {"typical.jsonl", "conversations.yml", "hard_messages.jsonl"}
    quick = {path.name for path in command.chosen_files(None, quick=True)}
    assert quick == {"typical.jsonl", "noisy.jsonl", "safety.jsonl", "dialogues.yml"}
    assert all(path.is_file() for path in command.chosen_files(None, quick=True))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--quick", "--data", "mine.jsonl"),
        ("--cross-validate", "--gate"),
        ("--cross-validate", "--format", "html"),
        ("--cross-validate", "--folds", "1"),
        ("--format", "pdf"),
    ],
)
def test_options_that_do_not_go_together_are_a_mistake_of_the_command_line(
    monkeypatch, tmp_path, arguments
):
    assert run(monkeypatch, tmp_path, *arguments).exit_code == 2


def test_a_clinic_that_does_not_exist_is_named_with_file_and_line(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, {**HELLO, "clinic": "mars"})
    with pytest.raises(SetupError, match="mine:2: no clinic 'mars'; there are temple"):
        run(monkeypatch, tmp_path, "--data", file)


def test_a_broken_file_is_said_before_the_engine_is_loaded(monkeypatch, tmp_path):
    with pytest.raises(SetupError, match="mine.jsonl:1: .*subject"):
        run(monkeypatch, tmp_path, "--data", questions(tmp_path, {**HELLO, "subject": "x"}))
