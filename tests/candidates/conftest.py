from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.candidates.comparisons import Comparisons
from bot.candidates.promotion import Promotions
from bot.candidates.runs import Runs
from tests.candidates.stage import BASED_ON, Shelf
from tests.chat.stage import Clock
from tests.conversations.conftest import engine
from tests.corrections.conftest import recorded

__all__ = ["engine", "recorded"]


@pytest.fixture
def runs(engine: Engine, clock: Clock) -> Runs:
    return Runs(engine, clock)


@pytest.fixture
def comparisons(engine: Engine, clock: Clock) -> Comparisons:
    return Comparisons(engine, clock)


@pytest.fixture
def promotions(engine: Engine, clock: Clock) -> Promotions:
    return Promotions(engine, clock, BASED_ON)


@pytest.fixture
def shelf(engine: Engine, clock: Clock, tmp_path: Path) -> Shelf:
    return Shelf.of(engine, clock, tmp_path / "models", tmp_path)
