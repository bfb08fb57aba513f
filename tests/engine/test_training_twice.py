"""The same messages give the same model, whatever a process does with the order of sets."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot import paths
from bot.content import live
from tests.nlu.contents import Fixed, snapshot

if TYPE_CHECKING:
    from bot.engine.processor import TurnProcessor

FEW = ("greet.yml", "thanks", "phone.yml", "prevalence", "lookup")
"""Files and folders of `data/nlu/` that make a small model in seconds, contrasts among it."""

TRAIN = """
import sys
from pathlib import Path
from bot import logs, paths
logs.configure()
paths.NLU_DIR = Path(sys.argv[1])
from tests.engine.test_training_twice import use_little_content
use_little_content()
from bot.engine.training import train
train(Path(sys.argv[2]))
"""

MESSAGES = (
    "hello",
    "thanks a lot",
    "whats ur number",
    "how common is it",
    "how common is gout",
    "",
)


def use_little_content() -> None:
    """Training reads all names of the content, which are thousands in the shipped one."""
    names = {("causes", "scar_tissue"): ["Scar tissue", "adhesions", "fibrosis"]}
    live.use(Fixed(snapshot(names)))


@pytest.fixture(autouse=True)
def little_content() -> Iterator[None]:
    """As the models were trained with."""
    use_little_content()
    yield
    live.use(None)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two models of the same few messages, each made in a process of its own."""
    folder = tmp_path_factory.mktemp("twice")
    for name in FEW:
        path = paths.NLU_DIR / name
        copy = shutil.copytree if path.is_dir() else shutil.copy
        (folder / "nlu").mkdir(exist_ok=True)
        copy(path, folder / "nlu" / name)
    models = [folder / seed / "careline-few.tar.gz" for seed in ("1", "2")]
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", TRAIN, str(folder / "nlu"), str(model)],
            cwd=paths.ROOT,
            env={**os.environ, "PYTHONHASHSEED": model.parent.name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for model in models
    ]
    assert [process.wait(timeout=300) for process in running] == [0, 0]
    return models


@pytest.fixture
def processors(trained: list[Path], processor: TurnProcessor) -> list[TurnProcessor]:
    """Both models in use; `processor` has imported Rasa."""
    with warnings.catch_warnings(record=True):  # Rasa's own, about its own code
        warnings.simplefilter("ignore")
        from bot.engine.agent import load_agent

        return [load_agent(model, log=None).processor for model in trained]  # type: ignore[arg-type]


def test_two_trainings_from_the_same_messages_predict_the_same(processors: list[TurnProcessor]):
    first, second = (
        [_without_ids(each.understand(text)) for text in MESSAGES] for each in processors
    )
    assert first == second
    assert first[1]["intent"]["name"] == "thanks"


def test_two_trainings_learn_the_same_weights(trained: list[Path]):
    first, second = (_weights(model) for model in trained)
    assert first == second
    assert first


def _without_ids(parsed: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in parsed.items() if key != "message_id"}


def _weights(model: Path) -> dict[str, bytes]:
    """What our components keep, by its place in the archive but for the name of the run."""
    found = {}
    with tarfile.open(model) as archive:
        for member in archive.getmembers():
            if member.isfile() and member.name.endswith((".npz", "names.json")):
                file = archive.extractfile(member)
                assert file is not None
                found[member.name] = file.read()
    return found
