from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from tests.chat.stage import Clock


@pytest.fixture
def engine(stocked: str, make_engine: Callable[[str], Engine]) -> Engine:
    return make_engine(stocked)


@pytest.fixture
def log(engine: Engine, clock: Clock) -> ConversationLog:
    return ConversationLog(engine, clock)
