"""What the staff pages work with. One instance serves all requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from starlette.requests import Request

from bot.console.oidc import Provider
from bot.content.live import InForce
from bot.content.model import Clinic
from bot.errors import NotFound
from bot.settings import Settings
from bot.staff.audit import AuditLog
from bot.staff.clinic_security import ClinicSecurity
from bot.staff.own_account import OwnAccount
from bot.staff.passwords import Passwords
from bot.staff.people import People
from bot.staff.service import build_staff
from bot.staff.sessions import Sessions
from bot.staff.sign_in import SignIn

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


Store = TypeVar("Store")


@dataclass(frozen=True)
class Parts:
    """Everything a page may use. A page module makes its repositories of `database` and `clock`."""

    settings: Settings
    database: Engine
    live: InForce
    clock: Callable[[], datetime]
    people: People
    own: OwnAccount
    sessions: Sessions
    sign_in: SignIn
    security: ClinicSecurity
    audit: AuditLog
    provider: Provider | None

    def clinic(self, key: str) -> Clinic:
        """A clinic by its key. Raises `NotFound`."""
        found = self.live.current.clinics.get(key)
        if found is None:
            raise NotFound("There is no such clinic.")
        return found


def make_parts(
    settings: Settings,
    database: Engine,
    live: InForce,
    clock: Callable[[], datetime],
    passwords: Passwords | None = None,
) -> Parts:
    """The parts of an installation. `passwords` holds what a guess costs, for tests."""
    staff = build_staff(database, clock, settings, passwords)
    return Parts(
        settings=settings,
        database=database,
        live=live,
        clock=clock,
        people=staff.people,
        own=staff.own,
        sessions=staff.sessions,
        sign_in=staff.sign_in,
        security=staff.security,
        audit=staff.audit,
        provider=Provider(settings.staff_oidc) if settings.staff_oidc else None,
    )


def parts_of(request: Request) -> Parts:
    """The parts behind a request."""
    parts: Parts = request.app.state.parts
    return parts


def store_of(request: Request, kind: Callable[[Engine, Callable[[], datetime]], Store]) -> Store:
    """A repository, made for this request: they hold nothing but the database and the clock."""
    parts = parts_of(request)
    return kind(parts.database, parts.clock)
