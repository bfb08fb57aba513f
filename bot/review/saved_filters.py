"""Filters that a person keeps under a name of their own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations.review_tables import saved_filters
from bot.db.unit_of_work import UnitOfWork
from bot.errors import NotFound, Unprocessable
from bot.redaction.redact import redact
from bot.review.filters import ConversationFilter
from bot.review.model import SavedFilter
from bot.staff.audit import AuditEntry, record

LONGEST = 80
MOST = 50
"""Of one person: more than a page can offer to choose from."""

SAVED, DELETED = "filter.saved", "filter.deleted"


class SavedFilters:
    """Everybody sees their own only. Raises `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def all(self, person: str) -> tuple[SavedFilter, ...]:
        """Those of a person, by name."""
        query = sa.select(saved_filters).where(saved_filters.c.person == person)
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = unit.connection.execute(query.order_by(saved_filters.c.name))
            return tuple(SavedFilter(row.id, row.name, row.chosen) for row in found)

    def save(
        self, name: str, wanted: ConversationFilter, *, by: str, clinic: str | None = None
    ) -> SavedFilter:
        """Keep a filter; one of the same name is replaced. The words of its search are redacted.

        `clinic`: the one that was chosen, if one was; it is kept under "clinic" beside the rest.

        Raises `Unprocessable` for a name that is empty or too long, or where there are too many.
        """
        name = " ".join(name.split())
        if not 1 <= len(name) <= LONGEST or not name.isprintable():
            raise Unprocessable(f"The name of a filter has 1 to {LONGEST} characters.")
        if wanted.words:
            wanted = dataclasses.replace(wanted, words=redact(wanted.words).text)
        mine = saved_filters.c.person == by
        chosen = {**wanted.as_json(), **({"clinic": clinic} if clinic else {})}
        values = {"person": by, "name": name, "chosen": chosen}
        count = sa.select(sa.func.count()).where(mine)
        with UnitOfWork(self._engine) as unit:
            old = saved_filters.delete().where(mine, saved_filters.c.name == name)
            unit.connection.execute(old)
            if unit.connection.execute(count).scalar_one() >= MOST:
                raise Unprocessable(f"You have {MOST} filters; delete one first.")
            made = unit.connection.execute(saved_filters.insert().values(values))
            record(unit.connection, self._clock, AuditEntry(by, SAVED, target=name))
            unit.commit()
        return SavedFilter(made.inserted_primary_key[0], name, chosen)

    def delete(self, filter_id: int, *, by: str) -> None:
        """Raises `NotFound` where there is no such filter of this person."""
        mine = sa.and_(saved_filters.c.id == filter_id, saved_filters.c.person == by)
        with UnitOfWork(self._engine) as unit:
            name = unit.connection.execute(sa.select(saved_filters.c.name).where(mine)).scalar()
            if name is None:
                raise NotFound("There is no such filter of yours.")
            unit.connection.execute(saved_filters.delete().where(mine))
            record(unit.connection, self._clock, AuditEntry(by, DELETED, target=name))
            unit.commit()
