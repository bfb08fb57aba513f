"""What will be deleted when: conversations of a clinic by the week in which they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.conversations.tables import conversations
from bot.db.unit_of_work import UnitOfWork

WEEKS = 13
"""Weeks that are told one by one, a quarter of a year; what goes later is one number."""


@dataclass(frozen=True)
class Week:
    """Conversations that go from `starts_at` on, before `ends_at` (aware)."""

    starts_at: datetime
    ends_at: datetime
    conversations: int


@dataclass(frozen=True)
class Going:
    """What a clinic holds, by when it goes: `at_once` is overdue already, `later` after the weeks.

    Counted as if nobody wrote any more; whoever does keeps the conversation longer.
    """

    days: int
    at_once: int
    weeks: tuple[Week, ...]
    later: int

    @property
    def total(self) -> int:
        return self.at_once + sum(week.conversations for week in self.weeks) + self.later


def going(
    engine: Engine, clock: Callable[[], datetime], clinic: str, days: int, weeks: int = WEEKS
) -> Going:
    """What goes when, if a clinic keeps conversations for so many days after the last message.

    Raises `StoreUnavailable`.
    """
    now = clock()
    kept = timedelta(days=days)
    edges = [now + timedelta(weeks=number) for number in range(weeks + 1)]
    with UnitOfWork(engine, read_only=True) as unit:
        before = [_silent_before(unit.connection, clinic, edge - kept) for edge in edges]
        total = _silent_before(unit.connection, clinic, None)
    counts = [after - earlier for earlier, after in zip(before, before[1:])]
    told = tuple(Week(start, end, n) for start, end, n in zip(edges, edges[1:], counts))
    return Going(days, before[0], told, total - before[-1])


def _silent_before(connection: Connection, clinic: str, moment: datetime | None) -> int:
    query = sa.select(sa.func.count()).where(conversations.c.clinic == clinic)
    if moment is not None:
        query = query.where(conversations.c.last_activity_at < moment)
    return int(connection.execute(query).scalar_one())
