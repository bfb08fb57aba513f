"""Takes conversations out of every table; what stays is how many there were on which day.

Words are gone when the transaction is: the rows of a conversation hang on it and go with it, its
words leave the index of the search, SQLite overwrites what it frees (`bot/db/engine.py`), and its
write-ahead log is emptied at once. Counting and deleting are one transaction, so that nothing is
counted twice or never.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.content.model import RETENTION_DAYS
from bot.content.tables import clinics
from bot.conversations.counts import COUNTED, Said, counted
from bot.conversations.overviews import take_out_words
from bot.conversations.tables import conversations, daily_counts, feedback, messages
from bot.corrections.tables import release
from bot.db.engine import empty_journal
from bot.db.unit_of_work import UnitOfWork
from bot.db.upsert import upsert

BATCH = 200
"""Conversations in one transaction: a visitor who writes meanwhile waits for no more than these."""


@dataclass(frozen=True)
class Overdue:
    """What a clinic keeps longer than `days` days after the last message."""

    clinic: str
    days: int
    conversations: int
    messages: int


@dataclass(frozen=True)
class _Habits:
    """What forgetting must know of a clinic, also of one that is no longer in the content."""

    retention_days: int = RETENTION_DAYS
    timezone: str = "UTC"

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.timezone)).date()


class Forgetting:
    """Deletes conversations and keeps their counts. Raises `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def one(self, conversation_id: str) -> bool:
        """Forget a conversation whole. Returns whether it was there."""
        with UnitOfWork(self._engine) as unit:
            count = forget(unit.connection, conversations.c.id == conversation_id)
            unit.commit()
        if count:
            empty_journal(self._engine)
        return count == 1

    def overdue(self, days: int | None = None, clinic: str | None = None) -> list[Overdue]:
        """What a purge would delete now, by clinic; clinics without anything are left out."""
        found = []
        with UnitOfWork(self._engine, read_only=True) as unit:
            for key, kept_days in self._terms(unit.connection, days, clinic):
                late = self._late(key, kept_days)
                whole = sa.select(sa.func.count()).select_from(conversations).where(late)
                said = (
                    sa.select(sa.func.count())
                    .select_from(messages.join(conversations))
                    .where(late, messages.c.sender == "visitor")
                )
                number = unit.connection.execute(whole).scalar_one()
                words = unit.connection.execute(said).scalar_one()
                if number:
                    found.append(Overdue(key, kept_days, number, words))
        return found

    def purge(self, days: int | None = None, clinic: str | None = None) -> Iterator[int]:
        """Forget every conversation whose last message is older than its clinic keeps them.

        `days` counts instead of what the clinics say. Works in batches, one transaction each, and
        yields how many each one deleted; several replicas may do so at once.
        """
        with UnitOfWork(self._engine, read_only=True) as unit:
            terms = self._terms(unit.connection, days, clinic)
        for key, kept_days in terms:
            late = self._late(key, kept_days)
            while count := self._batch(late):
                yield count
        empty_journal(self._engine)

    def _batch(self, late: Any) -> int:
        with UnitOfWork(self._engine) as unit:
            count = _forget_expired(unit.connection, late, BATCH)
            unit.commit()
        return count

    def _late(self, clinic: str, days: int) -> Any:
        before = self._clock() - timedelta(days=days)
        return sa.and_(conversations.c.clinic == clinic, conversations.c.last_activity_at < before)

    def _terms(
        self, connection: Connection, days: int | None, clinic: str | None
    ) -> list[tuple[str, int]]:
        """Clinics that have conversations, and for how many days each keeps them."""
        held = sa.select(conversations.c.clinic).distinct().order_by(conversations.c.clinic)
        keys = [key for key in connection.execute(held).scalars() if clinic in (None, key)]
        habits = _habits(connection)
        return [
            (key, habits.get(key, _Habits()).retention_days if days is None else days)
            for key in keys
        ]


def forget(connection: Connection, condition: Any) -> int:
    """Delete conversations inside a caller's transaction because somebody asked for it, counted
    first. Returns how many. What staff corrected in them goes too.
    """
    return _take_out(connection, _which(condition).with_for_update(), expired=False)


def _forget_expired(connection: Connection, condition: Any, most: int) -> int:
    """Delete conversations whose time is over; those that another replica deletes just now are
    left to it. What staff corrected in them stays, without the way back to them.
    """
    query = _which(condition).limit(most).with_for_update(skip_locked=True)
    return _take_out(connection, query, expired=True)


def _which(condition: Any) -> Any:
    this = conversations.c
    return sa.select(this.id, this.clinic, this.started_at).where(condition)


def _take_out(connection: Connection, query: Any, *, expired: bool) -> int:
    found = connection.execute(query).all()
    if not found:
        return 0
    habits = _habits(connection)
    for clinic in sorted({row.clinic for row in found}):
        mine = [row for row in found if row.clinic == clinic]
        _keep_counts(connection, clinic, mine, habits.get(clinic, _Habits()))
    ids = [row.id for row in found]
    if expired:
        release(connection, ids)
    take_out_words(connection, ids)
    connection.execute(conversations.delete().where(conversations.c.id.in_(ids)))
    return len(ids)


def _habits(connection: Connection) -> dict[str, _Habits]:
    query = sa.select(clinics.c.key, clinics.c.retention_days, clinics.c.timezone)
    return {key: _Habits(days, timezone) for key, days, timezone in connection.execute(query)}


def _keep_counts(
    connection: Connection, clinic: str, found: Sequence[Any], habits: _Habits
) -> None:
    ids = [row.id for row in found]
    of_these = messages.c.conversation_id.in_(ids)
    said = (
        sa.select(
            messages.c.conversation_id,
            messages.c.turn,
            messages.c.at,
            messages.c.sender,
            messages.c.subject,
            messages.c.missed,
        )
        .where(of_these)
        .order_by(messages.c.conversation_id, messages.c.turn, messages.c.position)
    )
    opinions = sa.select(feedback.c.at, feedback.c.helpful).join(messages).where(of_these)
    days = counted(
        [row.started_at for row in found],
        [Said(*row) for row in connection.execute(said)],
        [(row.at, row.helpful) for row in connection.execute(opinions)],
        habits.day_of,
    )
    # In order: of two replicas that add to the same days neither waits for the other in a circle.
    for day in sorted(days):
        _add(connection, {"clinic": clinic, "day": day}, days[day])


def _add(connection: Connection, key: dict[str, Any], counts: Any) -> None:
    values = {name: counts.get(name, 0) for name in COUNTED}
    insert = upsert(connection, daily_counts).values(**key, **values)
    more = {name: daily_counts.c[name] + insert.excluded[name] for name in COUNTED}
    connection.execute(insert.on_conflict_do_update(index_elements=[*key], set_=more))
