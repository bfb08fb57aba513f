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


def run(monkeypatch, tmp_path, *arguments: str, replies=RIGHT):
    @contextmanager
    def stub_bot(settings):
        yield Here(replies, confidence=0.9)

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


def test_a_file_of_ones_own_is_measured_and_the_results_are_written(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, OTHER)
    result = run(monkeypatch, tmp_path, "--data", file)
    assert result.exit_code == 0, result.output
    assert "what is fbss" in result.stdout
    assert "hello" not in result.stdout
    written = {path.name for path in (tmp_path / "results").iterdir()}
    assert written == {"evaluation.json", "confusion.csv", "confusion.png"}


def test_json_output_is_json_alone_and_progress_goes_to_standard_error(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, OTHER)
    result = run(monkeypatch, tmp_path, "--data", file, "--format", "json", "--no-picture")
    found = json.loads(result.stdout)
    assert found["total"]["percent"] == 50.0
    assert "questions" in result.stderr
    assert not (tmp_path / "results" / "confusion.png").exists()


def test_a_missed_gate_ends_with_exit_code_1(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, OTHER, name="typical.jsonl")
    result = run(monkeypatch, tmp_path, "--data", file, "--gate", "--no-picture")
    assert result.exit_code == 1
    assert "typical right: 50.0 %, wanted >= 93 %: MISSED" in result.stdout


def test_a_reached_gate_ends_with_exit_code_0(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, name="typical.jsonl")
    result = run(monkeypatch, tmp_path, "--data", file, "--gate", "--no-picture")
    assert result.exit_code == 0


def test_dialogues_are_held_too(monkeypatch, tmp_path):
    file = tmp_path / "dialogues.yml"
    file.write_text("- id: tour\n  turns:\n  - visitor: hello\n    must: [goodbye]\n")
    result = run(monkeypatch, tmp_path, "--data", str(file))
    assert "dialogue tour: failed at turn 1" in result.stdout
    assert "Hello [there]." in result.stdout
    assert "0 of 1" in result.stdout


def test_a_clinic_that_does_not_exist_is_named_with_file_and_line(monkeypatch, tmp_path):
    file = questions(tmp_path, HELLO, {**HELLO, "clinic": "mars"})
    with pytest.raises(SetupError, match="mine:2: no clinic 'mars'; there are temple"):
        run(monkeypatch, tmp_path, "--data", file)


def test_a_broken_file_is_said_before_the_engine_is_loaded(monkeypatch, tmp_path):
    with pytest.raises(SetupError, match="mine.jsonl:1: .*subject"):
        run(monkeypatch, tmp_path, "--data", questions(tmp_path, {**HELLO, "subject": "x"}))
