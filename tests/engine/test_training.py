"""When a model is trained, and what becomes of old ones. `tests/conftest.py` trains a real one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import paths
from bot.engine import training
from bot.errors import SetupError
from bot.settings import Settings


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of what a model is made of."""
    for name in ("data/nlu", "data/stories", "bot/nlu"):
        shutil.copytree(paths.ROOT / name, tmp_path / name)
    for name in ("config.yml", "domain.yml"):
        shutil.copy(paths.ROOT / name, tmp_path)
    return tmp_path


def test_the_same_files_want_the_same_model(copied: Path):
    assert training.fingerprint(copied) == training.fingerprint()


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/greet.yml",
        "data/nlu/crisis/plain.yml",
        "data/stories/rules.yml",
        "bot/nlu/matcher.py",
        "data/nlu/new.yml",
    ],
)
def test_a_change_of_what_a_model_is_made_of_wants_a_new_one(copied: Path, name: str):
    before = training.fingerprint(copied)
    with (copied / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert training.fingerprint(copied) != before


def test_a_renamed_file_wants_a_new_model(copied: Path):
    before = training.fingerprint(copied)
    (copied / "data/nlu/greet.yml").rename(copied / "data/nlu/greetings.yml")
    assert training.fingerprint(copied) != before


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings()


def test_a_model_that_is_there_is_not_trained_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    model = training.model_path(settings)
    model.parent.mkdir()
    model.touch()
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("it was trained"))
    assert training.ensure_model(settings) == model


def test_a_model_that_is_missing_is_trained_in_a_process_of_its_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    commands = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        commands.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    model = training.ensure_model(settings)
    assert [command[-2:] for command in commands] == [["bot.engine.training", str(model)]]
    assert model == training.model_path(settings)


def test_a_training_that_fails_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1))
    with pytest.raises(SetupError, match="rasa data validate"):
        training.ensure_model(settings)


def test_the_newest_models_are_kept_and_what_is_not_ours_too(tmp_path: Path):
    for age in range(training.KEPT_MODELS + 2):
        path = tmp_path / f"careline-{age}.tar.gz"
        path.touch()
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "mine.tar.gz").touch()
    training._forget_old(tmp_path)
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {"mine.tar.gz"} | {
        f"careline-{age}.tar.gz" for age in range(training.KEPT_MODELS)
    }
