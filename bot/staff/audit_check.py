"""Checks the record from its first entry to its last, and names the first one that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.db.unit_of_work import UnitOfWork
from bot.staff.chain import START, Link, moment
from bot.staff.tables import audit_entries, audit_head

CHUNK = 5_000
"""Rows held in memory at once: a few megabytes."""


class Fault(str, Enum):
    """What is wrong with an entry."""

    CHANGED = "changed"
    """It, or the one before it, is not as it was written, or does not belong here."""
    MISSING = "missing"
    """The numbers go on without it."""
    CUT_OFF = "cut off"
    """The record ends before it; the head says that it was written."""
    TOO_MANY = "not recorded"
    """It stands after the entry that the head says is the last."""
    NO_HEAD = "head missing"
    """The row that says where the record ends is gone."""
    NOT_AS_KNOWN = "not as known"
    """It is whole in itself, but is not what was noted elsewhere."""


@dataclass(frozen=True)
class Broken:
    """The first entry that is wrong."""

    number: int
    fault: Fault


@dataclass(frozen=True)
class Verified:
    """Up to which entry the record is whole, that entry's hash, and what is wrong after it."""

    number: int
    hash: str
    broken: Broken | None


@dataclass(frozen=True)
class Known:
    """An earlier end of the record, as it was noted in another place."""

    number: int
    hash: str


_AT = sa.type_coerce(audit_entries.c.at, sa.String).label("at")
"""As it is stored: what somebody wrote there by hand may be no date at all."""


def verify(
    engine: Engine, known: Known | None = None, progress: Callable[[int], None] | None = None
) -> Verified:
    """Check every entry, in chunks, at one moment of the database.

    `progress` is told after each chunk how many entries were checked in it. Raises
    `StoreUnavailable`.
    """
    with UnitOfWork(engine, read_only=True) as unit:
        head = unit.connection.execute(sa.select(audit_head)).first()
        last, previous = 0, START
        for rows in _chunks(unit.connection):
            for row in rows:
                fault = _fault(row, last + 1, previous, known)
                if fault is not None:
                    return Verified(last, previous, Broken(last + 1, fault))
                last, previous = row.number, row.hash
            if progress is not None:
                progress(len(rows))
        return Verified(last, previous, _end(head, last, previous, known))


def count(engine: Engine) -> int:
    """How many entries there are."""
    with UnitOfWork(engine, read_only=True) as unit:
        return unit.connection.execute(
            sa.select(sa.func.count()).select_from(audit_entries)
        ).scalar_one()


def _chunks(connection: Connection) -> Iterator[list[Row]]:
    columns = [column for column in audit_entries.c if column.name != "at"]
    query = sa.select(columns).add_columns(_AT).order_by(audit_entries.c.number).limit(CHUNK)
    rows = connection.execute(query).all()
    while rows:
        yield rows
        after = audit_entries.c.number > rows[-1].number
        rows = connection.execute(query.where(after)).all()


def _fault(row: Row, number: int, previous: str, known: Known | None) -> Fault | None:
    if row.number != number:
        return Fault.MISSING if row.number > number else Fault.CHANGED
    try:
        hashed = _link(row).hash(previous)
    except (TypeError, ValueError):
        return Fault.CHANGED
    if row.hash != hashed:
        return Fault.CHANGED
    if known is not None and known.number == number and known.hash != hashed:
        return Fault.NOT_AS_KNOWN
    return None


def _link(row: Row) -> Link:
    """Raises `ValueError` or `TypeError` for what no entry can hold."""
    at = row.at if isinstance(row.at, datetime) else datetime.fromisoformat(row.at)
    utc = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
    return Link(
        row.number, moment(utc), row.by, row.action, row.clinic, row.target, json.loads(row.details)
    )


def _end(head: Row | None, last: int, previous: str, known: Known | None) -> Broken | None:
    if head is None:
        return Broken(last + 1, Fault.NO_HEAD)
    if head.number > last or (known is not None and known.number > last):
        return Broken(last + 1, Fault.CUT_OFF)
    if head.number < last:
        return Broken(head.number + 1, Fault.TOO_MANY)
    return None if head.hash == previous else Broken(last, Fault.CHANGED)
