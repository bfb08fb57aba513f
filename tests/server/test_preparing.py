"""What `careline serve` does before it answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot import logs
from bot.commands import serve as command
from bot.content import importer
from bot.content import live as live_content
from bot.engine import training
from bot.engine.engine import Engine
from bot.errors import ContentError, SetupError
from bot.settings import Settings
from tests.chat.stage import StubEngine


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an installation that has a model; loading it gives the stub engine."""
    model = tmp_path / "model.tar.gz"
    model.touch()
    monkeypatch.setattr(training, "model_path", lambda _: model)
    monkeypatch.setattr(Engine, "load", lambda settings, live, log, model: StubEngine(log))
    yield Settings.from_env({"DATA_DIR": str(tmp_path)})
    live_content.use(None)


def test_an_empty_folder_becomes_a_server_with_the_shipped_content(
    settings: Settings, capsys: pytest.CaptureFixture[str]
):
    with TestClient(command.load_app(settings)) as client:
        assert client.get("/health").json()["status"] == "ok"
        assert client.get("/api/temple/status").json()["clinic"]["name"] == "Temple Health"
        assert client.post("/api/twin-cities/sessions").status_code == 201
        assert "myTempleHealth" in client.get("/").text
    assert "Imported the shipped content." in capsys.readouterr().err


def test_the_second_start_imports_nothing(settings: Settings, capsys: pytest.CaptureFixture[str]):
    command.load_app(settings)
    capsys.readouterr()
    command.load_app(settings)
    assert "Imported" not in capsys.readouterr().err


def test_a_missing_model_is_trained_first(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    training.model_path(settings).unlink()
    trained: list[Settings] = []
    monkeypatch.setattr(training, "ensure_model", trained.append)
    command.load_app(settings)
    assert trained == [settings]


def test_a_model_that_cannot_be_loaded_is_told_in_one_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError("a long story")

    monkeypatch.setattr(Engine, "load", broken)
    with pytest.raises(SetupError, match="RuntimeError.*trained anew") as told:
        command.load_app(settings)
    assert "story" not in str(told.value)


def test_an_error_that_says_what_to_do_is_passed_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    def untrained(*_: object) -> None:
        raise SetupError("Training failed.")

    monkeypatch.setattr(Engine, "load", untrained)
    with pytest.raises(SetupError, match="Training failed"):
        command.load_app(settings)


def test_a_broken_content_file_stops_the_start(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise ContentError("library.yml, line 3: there is no such key.")

    monkeypatch.setattr(importer, "load_directory", broken)
    with pytest.raises(ContentError, match="line 3"):
        command.load_app(settings)


def test_limits_that_are_off_are_said_loudly(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    off = replace(settings, rate_limits=False, port=0)
    monkeypatch.setattr(Settings, "from_env", lambda: off)
    monkeypatch.setattr(logs, "configure", lambda: None)
    served: list[object] = []
    monkeypatch.setattr(command, "run", lambda app, listener: served.append(app))
    command.serve()
    assert "RATE_LIMITS=off" in capsys.readouterr().err
    assert len(served) == 1
