"""`careline train`: what it makes is what `rasa train` makes, whole or not at all."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bot import cli, logs, paths
from bot.content.subjects import DIALOGUE_ACTS, SUBJECTS
from bot.engine import training
from bot.errors import SetupError
from bot.settings import Settings
from tests.rasa_project.archive import weights


@pytest.fixture
def in_tiny(tiny: Path, rasa: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Our own training, with the tiny project in the place of the real one."""
    monkeypatch.setattr(paths, "DOMAIN_FILE", tiny / "domain.yml")
    monkeypatch.setattr(paths, "CONFIG_FILE", tiny / "config.yml")
    monkeypatch.setattr(paths, "NLU_DIR", tiny / "data" / "nlu")
    monkeypatch.setattr(paths, "STORIES_DIR", tiny / "data" / "stories")
    with warnings.catch_warnings(record=True):  # Rasa's own, about its own code
        warnings.simplefilter("ignore")
        yield


@pytest.mark.usefixtures("in_tiny")
def test_the_same_data_gives_the_same_weights_in_another_process(trained: Path, tmp_path: Path):
    model = tmp_path / "models" / "careline-1.tar.gz"
    training.train(model)
    assert [path.name for path in model.parent.iterdir()] == [model.name]
    one, two = weights(trained), weights(model)
    assert set(one) == set(two)
    assert len(one["intents"]) == len(SUBJECTS | DIALOGUE_ACTS)
    for name, values in one.items():
        assert np.array_equal(values, two[name]), name


@pytest.mark.usefixtures("in_tiny")
@pytest.mark.parametrize(
    ("config", "complaint"),
    [("pipeline: [{name: NoSuchComponent}]", "NoSuchComponent"), ("pipeline: [", "Failed to read")],
)
def test_data_that_cannot_be_trained_on_is_told_and_the_old_model_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str, complaint: str
):
    broken = tmp_path / "config.yml"
    broken.write_text(f"recipe: default.v1\nassistant_id: x\nlanguage: en\n{config}\n")
    monkeypatch.setattr(paths, "CONFIG_FILE", broken)
    model = tmp_path / "careline-1.tar.gz"
    model.write_bytes(b"the old one")
    with pytest.raises(SetupError, match=f"Training failed: .*{complaint}"):
        training.train(model)
    assert model.read_bytes() == b"the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["careline-1.tar.gz", "config.yml"]


def test_in_its_own_process_an_error_of_ours_is_one_line(monkeypatch: pytest.MonkeyPatch):
    def fail(model: Path) -> None:
        raise SetupError(f"Training failed: {model}")

    monkeypatch.setattr(training, "train", fail)
    monkeypatch.setattr(logs, "configure", lambda: None)
    monkeypatch.setattr(sys, "argv", ["training", "a.tar.gz"])
    with pytest.raises(SystemExit, match=r"^Training failed: a\.tar\.gz$"):
        training.main()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation's data folder, and a training that writes one word."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))

    def run(command: list[str], **_: object) -> object:
        Path(command[-1]).parent.mkdir(parents=True, exist_ok=True)
        Path(command[-1]).write_text("new")
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr(training.subprocess, "run", run)
    return tmp_path / "data" / "models"


def careline(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 0


def test_the_command_trains_once(folder: Path, capsys: pytest.CaptureFixture[str]):
    careline("train")
    (model,) = folder.iterdir()
    assert capsys.readouterr().out == f"Trained: {model}\n"
    model.write_text("kept")
    careline("train")
    assert capsys.readouterr().out == f"The model is up to date: {model}\n"
    assert model.read_text() == "kept"


def test_the_command_trains_anyway_when_told_to(folder: Path):
    careline("train")
    (model,) = folder.iterdir()
    model.write_text("old")
    careline("train", "--force")
    assert model.read_text() == "new"


def test_a_forced_training_that_fails_leaves_the_old_model(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
):
    model = training.model_path(make_settings())
    model.parent.mkdir(parents=True)
    model.write_text("old")
    monkeypatch.setenv("DATA_DIR", str(model.parent.parent))
    failed = type("Failed", (), {"returncode": 1})
    monkeypatch.setattr(training.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(SystemExit) as ended:
        cli.main(["train", "--force"])
    assert ended.value.code == 1
    assert model.read_text() == "old"
