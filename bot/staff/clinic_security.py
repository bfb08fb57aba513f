"""What a clinic asks of everybody who has a role there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.db.unit_of_work import UnitOfWork
from bot.staff import audit
from bot.staff.audit import AuditEntry
from bot.staff.tables import clinic_security


class ClinicSecurity:
    """Whether a second factor is required. Raises `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def required(self, clinic: str) -> bool:
        """Whether everybody with a role in this clinic must have a second factor."""
        query = sa.select(clinic_security.c.second_factor_required).where(
            clinic_security.c.clinic == clinic
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            return bool(unit.connection.execute(query).scalar())

    def require_second_factor(self, clinic: str, on: bool, *, by: str) -> None:
        """Ask for it from now on, or no longer.

        Whoever has none sets it up before anything else, with their next request.
        """
        with UnitOfWork(self._engine) as unit:
            audit.lock(unit.connection)
            changed = unit.connection.execute(
                clinic_security.update()
                .where(clinic_security.c.clinic == clinic)
                .values(second_factor_required=on)
            )
            if not changed.rowcount:
                unit.connection.execute(
                    clinic_security.insert().values(clinic=clinic, second_factor_required=on)
                )
            action = "second_factor.required" if on else "second_factor.not_required"
            audit.record(unit.connection, self._clock, AuditEntry(by, action, clinic))
            unit.commit()
