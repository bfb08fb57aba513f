from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.corrections.learning import Shipped
from bot.corrections.repository import Corrections
from bot.corrections.shipped import Example
from bot.db.unit_of_work import UnitOfWork
from bot.staff.tables import audit_entries
from tests.chat.stage import Clock
from tests.conversations.conftest import engine, log

__all__ = ["engine", "log"]

SHIPPED = Shipped(
    training={"where is the portal": Example("portal", "portal.yml")},
    measured=frozenset({"what is it called again"}),
)
"""One message that is learnt, and one that is only measured with."""


@pytest.fixture
def recorded(engine: Engine) -> Callable[[], list[Any]]:
    """Asks for the entries of the record, oldest first."""

    def read() -> list[Any]:
        with UnitOfWork(engine, read_only=True) as unit:
            query = sa.select(audit_entries).order_by(audit_entries.c.number)
            return list(unit.connection.execute(query).all())

    return read


@pytest.fixture
def corrections(engine: Engine, clock: Clock) -> Corrections:
    return Corrections(engine, clock, lambda: SHIPPED)
