from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine

from bot.missed.repository import MissedQuestions
from tests.chat.stage import Clock
from tests.conversations.conftest import engine, log

__all__ = ["engine", "log"]


@pytest.fixture
def store(engine: Engine, clock: Clock) -> MissedQuestions:
    return MissedQuestions(engine, clock)
