"""Reads corrections."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from bot.corrections.model import USED, Correction, State, Wanted, digest_of
from bot.corrections.tables import corrections
from bot.db.unit_of_work import UnitOfWork
from bot.errors import NotFound

PAGE = 200
"""Corrections that one reading gives at most, where nothing else is asked for."""

Clinics = Collection[str]


class CorrectionReader:
    """All corrections. `clinics`, where named, leave those of other clinics out; those that hold
    for all belong to each. Every method may raise `StoreUnavailable`.
    """

    def __init__(self, engine: Engine):
        self._engine = engine

    def get(self, correction_id: str, clinics: Clinics | None = None) -> Correction:
        """One correction. Raises `NotFound`."""
        condition = sa.and_(corrections.c.id == correction_id, of_clinics(clinics))
        found = self._read(condition)
        if not found:
            raise NotFound("There is no such correction.")
        return found[0]

    def of_message(self, message_id: str) -> Correction | None:
        """The correction of a visitor's message, if there is one."""
        return next(iter(self._read(corrections.c.message_id == message_id)), None)

    def of_conversation(self, conversation_id: str) -> Mapping[str, Correction]:
        """The corrections of a conversation, by the id of the visitor's message."""
        found = self._read(corrections.c.conversation_id == conversation_id)
        return {each.message_id: each for each in found if each.message_id}

    def listed(
        self,
        states: Collection[State] = tuple(State),
        clinics: Clinics | None = None,
        *,
        skip: int = 0,
        most: int = PAGE,
    ) -> list[Correction]:
        """Corrections in some states, the latest first, at most `most` after the first `skip`."""
        return self._read(_of(states, clinics), most, skip)

    def counts(self, clinics: Clinics | None = None) -> Mapping[State, int]:
        """How many there are in each state."""
        query = (
            sa.select(corrections.c.state, sa.func.count())
            .where(of_clinics(clinics))
            .group_by(corrections.c.state)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = dict(unit.connection.execute(query).all())
        return {state: found.get(state.value, 0) for state in State}

    def waiting(self, since: datetime | None) -> int:
        """How many were chosen for training since a moment, or ever where none is named."""
        chosen = corrections.c.state == State.TRAINING.value
        if since is not None:
            chosen = sa.and_(chosen, corrections.c.decided_at > since)
        query = sa.select(sa.func.count()).select_from(corrections).where(chosen)
        with UnitOfWork(self._engine, read_only=True) as unit:
            return int(unit.connection.execute(query).scalar() or 0)

    def reviewed(self, clinics: Clinics | None = None) -> list[Correction]:
        """The reviewed set: what candidates learn and are asked, the earliest first."""
        return self._read(_of(USED, clinics))[::-1]

    def same(self, text: str) -> list[Correction]:
        """Corrections of the same message (compared folded), withdrawn ones too."""
        return self._read(corrections.c.digest == digest_of(text))

    def _read(self, condition: Any, most: int | None = None, skip: int = 0) -> list[Correction]:
        query = (
            sa.select(corrections)
            .where(condition)
            .order_by(corrections.c.at.desc(), corrections.c.id)
            .limit(most)
        )
        if skip:  # SQLite takes no offset without a limit
            query = query.offset(skip)
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [correction_of(row) for row in unit.connection.execute(query)]


def of_clinics(clinics: Clinics | None) -> Any:
    """The condition that a correction is of one of these clinics, or of all together."""
    if clinics is None:
        return sa.true()
    return sa.or_(corrections.c.clinic.is_(None), corrections.c.clinic.in_(clinics))


def _of(states: Collection[State], clinics: Clinics | None) -> Any:
    wanted = corrections.c.state.in_([state.value for state in states])
    return sa.and_(wanted, of_clinics(clinics))


def correction_of(row: Row) -> Correction:
    """A whole row of the table."""
    return Correction(
        id=row.id,
        text=row.text,
        wanted=Wanted(row.subject, row.detail),
        clinic=row.clinic,
        state=State(row.state),
        by=row.by,
        at=row.at,
        why=row.why,
        got=Wanted(row.got_subject, row.got_detail) if row.got_subject else None,
        message_id=row.message_id,
        conversation_id=row.conversation_id,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
