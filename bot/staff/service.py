"""Puts the parts of the staff domain together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.staff.audit import AuditLog
from bot.staff.clinic_security import ClinicSecurity
from bot.staff.own_account import OwnAccount
from bot.staff.passwords import Passwords
from bot.staff.people import People
from bot.staff.sessions import Sessions
from bot.staff.sign_in import SignIn
from bot.staff.throttle import Throttle

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


@dataclass(frozen=True)
class StaffParts:
    """What the staff door works with. All of it blocks: call it from a thread."""

    audit: AuditLog
    people: People
    own: OwnAccount
    sessions: Sessions
    sign_in: SignIn
    security: ClinicSecurity


def build_staff(
    engine: Engine,
    clock: Callable[[], datetime],
    settings: Settings,
    passwords: Passwords | None = None,
) -> StaffParts:
    """The parts over one database. `passwords` is there for tests, which cannot wait for argon2."""
    passwords = passwords or Passwords()
    throttle = Throttle(settings.redis_url, settings.rate_limits)
    own = OwnAccount(engine, clock, passwords, throttle)
    return StaffParts(
        audit=AuditLog(engine, clock),
        people=People(engine, clock, passwords),
        own=own,
        sessions=Sessions(engine, clock),
        sign_in=SignIn(engine, clock, passwords, throttle, own),
        security=ClinicSecurity(engine, clock),
    )
