"""Finds and deletes a conversation by the code that its visitor tells the clinic."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.conversations import reference
from bot.conversations.forgetting import forget
from bot.conversations.tables import conversations, messages
from bot.db.engine import empty_journal
from bot.db.unit_of_work import UnitOfWork
from bot.errors import NotFound
from bot.staff.audit import AuditEntry, record

SEARCHED, DELETED = "conversation.searched", "conversation.deleted"


@dataclass(frozen=True)
class Known:
    """What staff see of a conversation that a visitor asks about: none of its words."""

    id: str
    clinic: str
    reference: str
    started_at: datetime
    last_activity_at: datetime
    messages: int


def free_reference(connection: Connection) -> str:
    """A new code that no conversation has: with a million of them, one in a million is taken."""
    while True:
        code = reference.new_reference()
        query = sa.select(conversations.c.id).where(conversations.c.reference == code)
        if connection.execute(query).first() is None:
            return code


class ByReference:
    """Answers a visitor's request. Raises `StoreUnavailable`.

    `clinics` are those whose conversations the person may handle: others are not found. `by` is the
    person's name; each search and each deletion is recorded.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def find(self, typed: str, clinics: Collection[str], *, by: str) -> Known | None:
        """The conversation of a code, as somebody typed or heard it."""
        code = reference.read(typed)
        if code is None:
            return None
        with UnitOfWork(self._engine) as unit:
            found = _known(unit.connection, code, clinics)
            said = {"reference": reference.shown(code), "found": found is not None}
            clinic = found.clinic if found else None
            target = found.id if found else None
            entry = AuditEntry(by, SEARCHED, clinic, target, said)
            record(unit.connection, self._clock, entry)
            unit.commit()
        return found

    def delete(self, typed: str, clinics: Collection[str], *, by: str) -> Known:
        """Forget the conversation of a code whole; returns what it was.

        Raises `NotFound` where there is none of these clinics (any more).
        """
        code = reference.read(typed)
        with UnitOfWork(self._engine) as unit:
            found = _known(unit.connection, code, clinics) if code else None
            if found is None or not forget(unit.connection, conversations.c.id == found.id):
                raise NotFound("There is no conversation with this code.")
            said = {"reference": found.reference, "messages": found.messages}
            entry = AuditEntry(by, DELETED, found.clinic, found.id, said)
            record(unit.connection, self._clock, entry)
            unit.commit()
        empty_journal(self._engine)
        return found


def _known(connection: Connection, code: str, clinics: Collection[str]) -> Known | None:
    count = (
        sa.select(sa.func.count())
        .where(messages.c.conversation_id == conversations.c.id)
        .scalar_subquery()
    )
    query = sa.select(
        conversations.c.id,
        conversations.c.clinic,
        conversations.c.reference,
        conversations.c.started_at,
        conversations.c.last_activity_at,
        count,
    ).where(conversations.c.reference == code, conversations.c.clinic.in_(sorted(clinics)))
    row = connection.execute(query).first()
    if row is None:
        return None
    id_, clinic, stored, started_at, last_activity_at, number = row
    return Known(id_, clinic, reference.shown(stored), started_at, last_activity_at, number)
