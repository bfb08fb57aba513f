"""The command from its arguments to what is shown; `tests/engine/test_rehearsal.py` tries turns."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partialmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from sqlalchemy.engine import Engine
from typer.testing import CliRunner

from bot.candidates.archives import Archives
from bot.candidates.model import Model
from bot.candidates.workshop import Workshop
from bot.commands import ask as command
from bot.content.model import Snapshot
from bot.conversations.model import Link, SourceLine
from bot.errors import SetupError
from bot.replies.model import Offer, Reply
from bot.settings import Settings
from tests.candidates.stage import BASED_ON, Shelf
from tests.chat.stage import Clock

if TYPE_CHECKING:
    from bot.engine.processor import TurnProcessor
    from bot.engine.rehearsal import Rehearsal

REPLY = Reply(
    "It can be [scar] tissue.",
    (Offer("What are the symptoms?", "symptoms"),),
    (Link("Call 911", "tel:911"),),
    "cause_detail",
    "scar_tissue",
    SourceLine("A clinic's page", "https://clinic.example/", date(2026, 11, 20)),
    1,
    1,
)

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def rehearsal(processor: TurnProcessor) -> Callable[..., Rehearsal]:
    """Makes one of a text; `processor` has imported Rasa, which that module needs."""
    from bot.engine.rehearsal import (
        Candidate,
        Found,
        Part,
        Rehearsal,
        Sentence,
        Sign,
        Urgency,
    )

    def make(text: str) -> Rehearsal:
        candidates = (Candidate("cause_detail", 0.91234), Candidate("causes", 0.0001))
        details = (Found("cause", "scar_tissue", "[scar]", True),)
        urgency = Urgency(0.25, 0.125, (Sign("chest_pain", "[chest] pain", "negated"),))
        part = Part(text, urgency, candidates, details, ("action_cause_detail",), (REPLY,))
        sentences = (Sentence(text, "cause_detail", 0.5), Sentence("Second.", "greet", 0.4))
        return Rehearsal(text, sentences, (part, part))

    return make


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rehearsal: Callable[..., Any]) -> Run:
    """Runs the command with an engine that makes the same of any text."""
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr("bot.logs.configure", lambda: None)  # it is for a process of its own

    def rehearse(settings: Settings, snapshot: Snapshot, text: str, clinic: str) -> Any:
        heard.append((text, clinic))
        return rehearsal(text)

    monkeypatch.setattr(command, "_rehearse", rehearse)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    app = typer.Typer()
    app.command()(command.ask)

    def call(*arguments: str, typed: str | None = None) -> Any:
        result = CliRunner().invoke(app, list(arguments), input=typed, catch_exceptions=False)
        result.heard = heard
        return result

    return call


def test_everything_is_shown_in_the_order_of_a_message_s_way(run: Run):
    shown = run("is it [scar] tissue?").stdout
    words = [
        "redacted",
        "sentences",
        "question 1",
        "urgent",
        "candidates",
        "details",
        "action",
        "answer",
    ]
    places = [shown.index(word) for word in words]
    assert places == sorted(places)
    for part in (
        "is it [scar] tissue?",
        "cause_detail  0.912",
        "'[scar]'",
        "excluded",
        "action_cause_detail",
        "cause_detail/scar_tissue",
        "It can be [scar] tissue.",
        "-> Call 911 tel:911",
        "[ What are the symptoms? ]",
        "source: A clinic's page, https://clinic.example/, 2026-11-20",
        "question 2",
    ):
        assert part in shown
    assert "0.000" not in shown


def test_json_is_all_that_standard_output_gets(run: Run):
    result = run("is it scar tissue?", "--format", "json")
    found = json.loads(result.stdout)
    assert found["text"] == "is it scar tissue?"
    assert found["sentences"][0] == {
        "text": "is it scar tissue?",
        "intent": "cause_detail",
        "confidence": 0.5,
    }
    part = found["parts"][0]
    assert part["candidates"][0] == {"intent": "cause_detail", "confidence": 0.9123}
    assert part["urgency"]["signs"] == [
        {"concept": "chest_pain", "words": "[chest] pain", "undone_by": "negated"}
    ]
    assert part["details"][0]["excluded"] is True
    assert part["actions"] == ["action_cause_detail"]
    assert part["replies"][0]["source"]["reviewed_on"] == "2026-11-20"


def test_the_question_is_read_from_standard_input_when_none_is_given(run: Run):
    result = run("--clinic", "twin-cities", typed="what is it?\n")
    assert result.heard == [("what is it?", "twin-cities")]


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_without_a_message_there_is_nothing_to_show(run: Run, text: str):
    with pytest.raises(SetupError, match="There is no message"):
        run(text)


def test_a_clinic_that_does_not_exist_is_named_with_those_that_do(run: Run):
    with pytest.raises(SetupError, match="No clinic 'mars'; there are temple, twin-cities"):
        run("hello", "--clinic", "mars")


def test_a_message_has_the_length_that_a_visitor_s_may_have(run: Run):
    with pytest.raises(Exception, match="at most 2,000 characters"):
        run("a" * 2001)


def test_no_database_is_made(run: Run, tmp_path: Path):
    result = run("hello")
    assert "No content is stored yet" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_store_s_own_content_answers_where_there_is_one(
    run: Run,
    tmp_path: Path,
    stocked_copy: Callable[[str, Path], str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("DATABASE_URL", stocked_copy("sqlite", tmp_path / "careline.db"))
    assert "No content" not in run("hello").stderr
    assert command._content(Settings.from_env()).index is not None  # of the answers of staff


def test_the_model_in_force_answers_where_one_was_put_in_force(
    tmp_path: Path,
    model: Path,
    stocked_copy: Callable[[str, Path], str],
    make_engine: Callable[[str], Engine],
    monkeypatch: pytest.MonkeyPatch,
):
    url = stocked_copy("sqlite", tmp_path / "careline.db")
    monkeypatch.setenv("DATABASE_URL", url)
    shelf = Shelf.of(make_engine(url), Clock(), tmp_path / "other disk", tmp_path)
    shelf.model(shipped=True)
    trained = shelf.model(model.read_bytes())
    shelf.compare(trained)
    shelf.promotions.promote(trained.id, by="Ana")
    monkeypatch.setattr(Workshop, "__init__", partialmethod(Workshop.__init__, based_on=BASED_ON))
    fetched: list[Model] = []
    fetch = Archives.fetch

    def noted(self: Archives, wanted: Model) -> Path:
        fetched.append(wanted)
        return fetch(self, wanted)

    monkeypatch.setattr(Archives, "fetch", noted)
    settings = Settings.from_env({"DATABASE_URL": url, "DATA_DIR": str(tmp_path)})
    found = command._rehearse(settings, command._content(settings), "what is fbss", "temple")
    assert [each.id for each in fetched] == [trained.id]
    assert found.parts[0].replies[0].subject == "definition"


def test_an_empty_database_is_as_good_as_none(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "careline.db").touch()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'careline.db'}")
    assert "No content is stored yet" in run("hello").stderr


def test_a_real_message_goes_from_redaction_to_its_answer(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    processor: TurnProcessor,
    capsys: pytest.CaptureFixture[str],
):
    """The whole way, with the model that the other tests use."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    command.ask("What causes FBSS? My number is 612-555-0147.", "temple", command.Format.json)
    found = json.loads(capsys.readouterr().out)
    assert "555" not in json.dumps(found["text"])
    assert "[phone]" in found["text"]
    assert found["parts"][0]["candidates"][0]["confidence"] > 0
    assert found["parts"][0]["replies"][0]["text"]
    assert not (tmp_path / "none.db").exists()
