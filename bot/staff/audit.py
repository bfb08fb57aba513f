"""The record of who did what. Nothing in it is ever changed or deleted.

A change and its entry are one transaction: call `record` with the connection of the change, as the
last thing before the commit, because it holds back every other writer until then. What only reads
is recorded by `AuditLog.record` before it is shown: what was not recorded is not shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.db.unit_of_work import UnitOfWork
from bot.errors import SetupError
from bot.staff.chain import Link, canonical, moment
from bot.staff.tables import audit_entries, audit_head, people, person_roles

Clock = Callable[[], datetime]

NOBODY = "?"
"""`by` where somebody unknown tried to sign in: what they typed may be anything, so it is not kept.
No person's name can be this.
"""

PAGE = 50
"""Entries on a page: about three screens."""

CHUNK = 2_000
"""Rows held in memory at once while exporting."""


@dataclass(frozen=True)
class AuditEntry:
    """What is to be recorded.

    `by`: the person's name. `action`: dotted, lower case, such as `conversation.read`. `target`:
    the id or name of what it was done to. `details`: JSON, and never a visitor's words.
    """

    by: str
    action: str
    clinic: str | None = None
    target: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def at_clinics(
        cls,
        by: str,
        action: str,
        clinics: Sequence[str],
        details: Mapping[str, Any],
        target: str | None = None,
    ) -> AuditEntry:
        """What was done at several clinics at once: all stand in `details`, a single one in
        `clinic` too.
        """
        clinic = clinics[0] if len(clinics) == 1 else None
        return cls(by, action, clinic, target, {**details, "clinics": [*clinics]})


@dataclass(frozen=True)
class Recorded:
    """An entry of the record. `number` counts from 1 without gaps; `hash` is its link."""

    number: int
    at: datetime
    by: str
    action: str
    clinic: str | None
    target: str | None
    details: Mapping[str, Any]
    hash: str


@dataclass(frozen=True)
class AuditFilter:
    """Which entries. Whatever is None takes all.

    `since` is included, `until` is not. `action` takes all that begin with it. `clinics` takes what
    belongs to one of these clinics, and of what belongs to no clinic (signing in, own password)
    what was done by or to people who have a role in one of them.
    """

    since: datetime | None = None
    until: datetime | None = None
    by: str | None = None
    action: str | None = None
    clinic: str | None = None
    target: str | None = None
    clinics: tuple[str, ...] | None = None


@dataclass(frozen=True)
class AuditPage:
    """Entries, the newest first. `next` is the `after` of the next page, None on the last one."""

    entries: tuple[Recorded, ...]
    next: int | None


def lock(connection: Connection) -> tuple[int, str]:
    """Hold back other writers of the record until this transaction ends: the last number and hash.

    Raises `SetupError` where the head is gone: nothing may happen that cannot be recorded.
    """
    head = connection.execute(sa.select(audit_head).with_for_update()).first()
    if head is None:
        raise SetupError("The record of what staff did is damaged; run `careline audit verify`.")
    return head.number, head.hash


def record(connection: Connection, clock: Clock, entry: AuditEntry) -> None:
    """Write an entry within the transaction that is open on `connection`; it has to commit."""
    number, previous = lock(connection)
    at = clock()
    link = Link(
        number + 1,
        moment(at),
        _fitting(entry.by, audit_entries.c.by),
        entry.action,
        entry.clinic,
        entry.target and _fitting(entry.target, audit_entries.c.target),
        dict(entry.details),
    )
    hashed = link.hash(previous)
    connection.execute(
        audit_entries.insert().values(
            number=link.number,
            at=at,
            by=link.by,
            action=link.action,
            clinic=link.clinic,
            target=link.target,
            details=canonical(link.details),
            hash=hashed,
        )
    )
    connection.execute(audit_head.update().values(number=link.number, hash=hashed))


class AuditLog:
    """Reads the record, and writes entries of what changes nothing else."""

    def __init__(self, engine: Engine, clock: Clock):
        self._engine = engine
        self._clock = clock

    def record(self, entry: AuditEntry) -> None:
        """Write an entry in a transaction of its own. Raises `StoreUnavailable`."""
        with UnitOfWork(self._engine) as unit:
            record(unit.connection, self._clock, entry)
            unit.commit()

    def page(self, chosen: AuditFilter, after: int | None = None, limit: int = PAGE) -> AuditPage:
        """The newest entries, or those older than number `after`."""
        query = _select(chosen).order_by(audit_entries.c.number.desc()).limit(limit + 1)
        if after is not None:
            query = query.where(audit_entries.c.number < after)
        with UnitOfWork(self._engine, read_only=True) as unit:
            rows = unit.connection.execute(query).all()
        entries = tuple(_recorded(row) for row in rows[:limit])
        return AuditPage(entries, entries[-1].number if len(rows) > limit else None)

    def export(self, chosen: AuditFilter) -> Iterator[Recorded]:
        """All entries, the oldest first, read in chunks: what is recorded meanwhile comes too."""
        query = _select(chosen).order_by(audit_entries.c.number).limit(CHUNK)
        last = 0
        while True:
            with UnitOfWork(self._engine, read_only=True) as unit:
                rows = unit.connection.execute(query.where(audit_entries.c.number > last)).all()
            if not rows:
                return
            yield from (_recorded(row) for row in rows)
            last = rows[-1].number


def _fitting(text: str, column: sa.Column) -> str:
    """What PostgreSQL takes into the column: no longer than it is, and without NUL."""
    return text.replace("\0", "")[: column.type.length]


def _recorded(row: Row) -> Recorded:
    return Recorded(
        row.number,
        row.at,
        row.by,
        row.action,
        row.clinic,
        row.target,
        json.loads(row.details),
        row.hash,
    )


def _select(chosen: AuditFilter) -> sa.sql.Select:
    columns = audit_entries.c
    query = sa.select(audit_entries)
    if chosen.since is not None:
        query = query.where(columns.at >= chosen.since)
    if chosen.until is not None:
        query = query.where(columns.at < chosen.until)
    if chosen.action is not None:
        query = query.where(columns.action.startswith(chosen.action, autoescape=True))
    for column in (columns.by, columns.clinic, columns.target):
        wanted = getattr(chosen, column.name)
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.clinics is not None:
        query = query.where(_of_clinics(chosen.clinics))
    return query


def _of_clinics(clinics: tuple[str, ...]) -> sa.sql.ColumnElement:
    columns = audit_entries.c
    colleagues = (
        sa.select(people.c.name)
        .join(person_roles, person_roles.c.person_id == people.c.id)
        .where(person_roles.c.clinic.in_(clinics))
    )
    of_colleagues = columns.by.in_(colleagues) | columns.target.in_(colleagues)
    return columns.clinic.in_(clinics) | (columns.clinic.is_(None) & of_colleagues)
