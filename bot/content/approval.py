"""A second pair of eyes: whether somebody else than its writer has to approve an answer.

A clinic asks for it, or not. Then it holds for every way to publish (by hand, at a time, with a
content file), because the transaction that publishes asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.content.model import LIBRARY
from bot.content.records import PUBLISHED, AnswerRecord
from bot.content.subjects import FAQ, MEDICAL
from bot.content.tables import answer_approval
from bot.db.unit_of_work import UnitOfWork
from bot.errors import Forbidden
from bot.staff import audit
from bot.staff.audit import AuditEntry

READ_TWICE = MEDICAL | {FAQ, "medical_advice"}
"""Subjects of medical answers; what staff wrote may be about anything, so it counts as medical."""


class ApprovalNeeded(Forbidden):
    """An answer that its writer may not publish alone."""

    code = "approval_needed"


class ApprovalSetting:
    """Which clinics ask for a second pair of eyes. Raises `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def clinics(self) -> frozenset[str]:
        """Keys of the clinics that ask for it."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return asking(unit.connection)

    def set(self, clinic: str, required: bool, *, by: str) -> None:
        """Ask for it from now on, or no longer. What waits for approval goes on waiting."""
        with UnitOfWork(self._engine) as unit:
            audit.lock(unit.connection)
            if (clinic in asking(unit.connection)) == required:
                return
            this = answer_approval.c.clinic == clinic
            change = (
                answer_approval.insert().values(clinic=clinic)
                if required
                else answer_approval.delete().where(this)
            )
            unit.connection.execute(change)
            action = "approval.required" if required else "approval.not_required"
            audit.record(unit.connection, self._clock, AuditEntry(by, action, clinic))
            unit.commit()


def asking(connection: Connection) -> frozenset[str]:
    """Keys of the clinics that ask for a second pair of eyes."""
    return frozenset(connection.execute(sa.select(answer_approval.c.clinic)).scalars())


def is_needed(asking_clinics: Collection[str], record: AnswerRecord) -> bool:
    """Whether this needs approval before it is published, whatever its status is now; a shared
    answer does where any clinic asks for it.
    """
    shared = record.clinic == LIBRARY
    concerned = bool(asking_clinics) if shared else record.clinic in asking_clinics
    return concerned and record.subject in READ_TWICE


def waits(asking_clinics: Collection[str], record: AnswerRecord) -> bool:
    """Whether this may be stored only once it is approved: visitors would read it from then on.

    What no visitor reads (a draft, an answer that is taken away) needs no approval.
    """
    return record.status == PUBLISHED and is_needed(asking_clinics, record)


def refuse_unapproved(
    connection: Connection, record: AnswerRecord, by: str, approved_by: str | None
) -> None:
    """Raises `ApprovalNeeded` where somebody else than `by` had to approve this and did not."""
    if waits(asking(connection), record) and approved_by in (None, by):
        raise ApprovalNeeded("Somebody else has to approve this answer before it is published.")
