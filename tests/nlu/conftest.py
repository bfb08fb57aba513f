from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bot.content import live as live_content
from bot.content.files import load_directory
from bot.content.model import Snapshot
from bot.content.snapshot import snapshot_of_files
from bot.nlu.encoder import SentenceEncoder, sentence_encoder
from bot.paths import CONFIG_FILE
from tests.nlu.contents import Fixed

if TYPE_CHECKING:
    from rasa.shared.nlu.training_data.message import Message


@pytest.fixture(scope="session")
def rasa() -> None:
    """Rasa, imported as the product does. Its own warnings are about its own code."""
    from bot.engine import rasa_environment

    rasa_environment.prepare()
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("ignore")
        import rasa.engine.recipes.default_components  # noqa: F401
    rasa_environment.silence()


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return sentence_encoder()


@pytest.fixture(scope="session")
def shipped() -> Snapshot:
    return snapshot_of_files(load_directory())


@pytest.fixture
def content() -> Iterator[Callable[[Snapshot], Fixed]]:
    """Puts content in force in this process."""

    def put(snapshot: Snapshot) -> Fixed:
        fixed = Fixed(snapshot)
        live_content.use(fixed)
        return fixed

    yield put
    live_content.use(None)


@pytest.fixture(scope="session")
def configured() -> Callable[[str], dict[str, Any]]:
    """The settings of a component in `config.yml`, by the end of its name."""
    pipeline = yaml.safe_load(CONFIG_FILE.read_text(encoding="utf-8"))["pipeline"]

    def find(name: str) -> dict[str, Any]:
        (found,) = [dict(each) for each in pipeline if each["name"].endswith(name)]
        found.pop("name")
        return found

    return find


@pytest.fixture
def message(rasa: None) -> Callable[..., Message]:
    """Makes messages, with the intent that an earlier component would have set."""
    from rasa.shared.nlu.training_data.message import Message

    def make(text: str, intent: str | None = None) -> Message:
        return Message({"text": text, "intent": {"name": intent, "confidence": 1.0}})

    return make


@pytest.fixture
def parts(rasa: None, tmp_path: Path) -> dict[str, Any]:
    """What Rasa hands to every component that it makes."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource

    folder = tmp_path / "storage"
    folder.mkdir()
    return {
        "model_storage": LocalModelStorage.create(folder),
        "resource": Resource("component"),
        "execution_context": ExecutionContext(GraphSchema({}), node_name="component"),
    }
