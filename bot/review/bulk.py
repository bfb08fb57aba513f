"""What staff do with many conversations at once: those of a list of ids, or all of a filter.

In batches, one transaction and one entry in the record each, so that visitors who write meanwhile
wait for no more than one batch. Which conversations a filter finds is settled before the first one:
a change may well alter that. Each batch belongs to one clinic, as its entry does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.conversations.forgetting import forget
from bot.conversations.review_tables import overviews
from bot.conversations.tables import conversations
from bot.db.engine import empty_journal
from bot.db.unit_of_work import UnitOfWork
from bot.review import changes
from bot.review.filters import ConversationFilter
from bot.review.narrowing import narrowed
from bot.staff.audit import AuditEntry, record

BATCH = 200
"""As many as a purge takes at a time: 10 to 50 ms in which nobody else can write to SQLite."""

Change = Callable[[Connection, str, Sequence[int], Sequence[str]], None]


class BulkReview:
    """Changes to many conversations. Each change yields how many conversations a batch changed, and
    does nothing until it is iterated. Raises `Unprocessable`, `NotFound`, `StoreUnavailable`.

    `chosen`: ids, or a filter; `clinics`: those in which the person `by` may do it. What belongs to
    other clinics is left alone.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def count(self, chosen: Collection[str] | ConversationFilter, clinics: Collection[str]) -> int:
        """How many conversations the methods below would change now."""
        return sum(len(ids) for _, ids in self._chosen(chosen, clinics))

    def mark(
        self,
        chosen: Collection[str] | ConversationFilter,
        clinics: Collection[str],
        reviewed: bool,
        *,
        by: str,
    ) -> Iterator[int]:
        """Mark as reviewed, or as not."""

        def change(
            connection: Connection, clinic: str, numbers: Sequence[int], ids: Sequence[str]
        ) -> None:
            changes.mark(connection, numbers, self._clock(), by if reviewed else None)

        said = {"reviewed": reviewed}
        return self._batches(
            chosen, clinics, AuditEntry(by, changes.REVIEWED, details=said), change
        )

    def tag(
        self,
        chosen: Collection[str] | ConversationFilter,
        clinics: Collection[str],
        tag: str,
        *,
        by: str,
        remove: bool = False,
    ) -> Iterator[int]:
        """Put a tag on, or take it off."""
        tag = changes.tidy_tag(tag)
        do = changes.untag if remove else changes.tag

        def change(
            connection: Connection, clinic: str, numbers: Sequence[int], ids: Sequence[str]
        ) -> None:
            do(connection, clinic, numbers, tag)

        said = {"removed" if remove else "added": tag}
        return self._batches(chosen, clinics, AuditEntry(by, changes.TAGGED, details=said), change)

    def assign(
        self,
        chosen: Collection[str] | ConversationFilter,
        clinics: Collection[str],
        to: str | None,
        *,
        by: str,
    ) -> Iterator[int]:
        """Give to a person by name, or to nobody."""

        def change(
            connection: Connection, clinic: str, numbers: Sequence[int], ids: Sequence[str]
        ) -> None:
            changes.assign(connection, numbers, to)

        said = {"to": to}
        return self._batches(
            chosen, clinics, AuditEntry(by, changes.ASSIGNED, details=said), change
        )

    def delete(
        self,
        chosen: Collection[str] | ConversationFilter,
        clinics: Collection[str],
        *,
        by: str,
    ) -> Iterator[int]:
        """Forget whole."""

        def change(
            connection: Connection, clinic: str, numbers: Sequence[int], ids: Sequence[str]
        ) -> None:
            forget(connection, conversations.c.id.in_(ids))

        yield from self._batches(chosen, clinics, AuditEntry(by, changes.DELETED), change)
        empty_journal(self._engine)

    def _batches(
        self,
        chosen: Collection[str] | ConversationFilter,
        clinics: Collection[str],
        entry: AuditEntry,
        change: Change,
    ) -> Iterator[int]:
        for clinic, ids in self._chosen(chosen, clinics):
            with UnitOfWork(self._engine) as unit:
                found = _locked(unit.connection, clinic, ids)
                if not found:
                    continue
                here = [row.conversation_id for row in found]
                change(unit.connection, clinic, [row.number for row in found], here)
                details = {**entry.details, "count": len(here), "ids": here}
                batch = AuditEntry(entry.by, entry.action, clinic, None, details)
                record(unit.connection, self._clock, batch)
                unit.commit()
            yield len(here)

    def _chosen(
        self, chosen: Collection[str] | ConversationFilter, clinics: Collection[str]
    ) -> Iterator[tuple[str, list[str]]]:
        with UnitOfWork(self._engine, read_only=True) as unit:
            rows = _found(unit.connection, chosen)
        mine = sorted((row.clinic, row.conversation_id) for row in rows if row.clinic in clinics)
        for clinic, pairs in groupby(mine, key=lambda pair: pair[0]):
            ids = [conversation_id for _, conversation_id in pairs]
            for start in range(0, len(ids), BATCH):
                yield clinic, ids[start : start + BATCH]


def _found(connection: Connection, chosen: Collection[str] | ConversationFilter) -> list[Row]:
    query = sa.select(overviews.c.clinic, overviews.c.conversation_id)
    if isinstance(chosen, ConversationFilter):
        return connection.execute(query.where(*narrowed(connection, chosen))).all()
    ids = sorted(set(chosen))
    found: list[Row] = []
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        found += connection.execute(query.where(overviews.c.conversation_id.in_(some))).all()
    return found


def _locked(connection: Connection, clinic: str, ids: Sequence[str]) -> list[Any]:
    query = (
        sa.select(overviews.c.number, overviews.c.conversation_id)
        .join(conversations)
        .where(conversations.c.id.in_(ids), conversations.c.clinic == clinic)
        .order_by(conversations.c.id)  # two that change the same ones wait in turn, not in a circle
        .with_for_update(of=conversations)
    )
    return connection.execute(query).all()
