"""People at work: accounts, browsers that sign in, and the record of it."""

from __future__ import annotations

from dataclasses import dataclass

import pyotp
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine

from bot.errors import SignInRefused
from bot.staff.audit import AuditEntry, AuditFilter, Recorded
from bot.staff.model import Person, Role
from bot.staff.passwords import Passwords
from bot.staff.people import People
from bot.staff.service import StaffParts
from bot.staff.sign_in import SignedIn
from tests.chat.stage import Clock

PASSWORD = "quiet lantern over eleven bridges"
WRONG = "loud lantern under twelve bridges"
ADDRESS = "203.0.113.7"
FAR_AWAY = "198.51.100.9"

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""So that a test does not wait for what makes guessing slow."""


@dataclass
class Staff:
    """The parts under test, and short ways to use them."""

    parts: StaffParts
    engine: Engine
    clock: Clock

    @property
    def operator(self) -> People:
        """What the command line works with."""
        return People(self.engine, self.clock, CHEAP, operator=True)

    def person(self, name: str = "ana", **roles: str) -> Person:
        """Adds an account with the usual password; `twin_cities="reader admin"` gives roles."""
        given = {
            clinic.replace("_", "-"): [Role(role) for role in held.split()]
            for clinic, held in roles.items()
        }
        return self.operator.add(name, name.title(), given, by="test", password=PASSWORD).person

    def sign_in(
        self,
        name: str = "ana",
        password: str = PASSWORD,
        device: str | None = None,
        address: str = ADDRESS,
    ) -> SignedIn:
        return self.parts.sign_in.password(name, password, address=address, device=device)

    def refused(self, **changes: str | None) -> str:
        """The sentence with which a sign-in is refused."""
        with pytest.raises(SignInRefused) as caught:
            self.sign_in(**changes)  # type: ignore[arg-type]
        return str(caught.value)

    def with_app(self, name: str = "ana") -> tuple[pyotp.TOTP, tuple[str, ...]]:
        """Sets up the second factor of a person: the app, and the recovery codes."""
        session = self.sign_in(name).session
        app = pyotp.TOTP(self.parts.own.offer_second_factor(session).key)
        codes = self.parts.own.confirm_second_factor(session, self.code(app))
        self.clock.move(minutes=2)  # so that the code that set it up is over
        return app, codes

    def code(self, app: pyotp.TOTP) -> str:
        """What the app shows now."""
        return app.at(self.clock.now)

    def again(self, person: Person) -> Person:
        return self.parts.people.get(person.id)

    def recorded(self, action: str = "") -> list[Recorded]:
        return list(self.parts.audit.export(AuditFilter(action=action)))

    def record(self, *entries: AuditEntry) -> None:
        """Writes entries, each in a transaction of its own."""
        for entry in entries:
            self.parts.audit.record(entry)

    def execute(self, *statements: str) -> None:
        """Changes the database behind the back of everything, in one transaction."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def drop_triggers(self) -> None:
        """What somebody with all rights over the database can do."""
        if self.engine.dialect.name == "postgresql":
            tables = ("audit_entries", "audit_head")
            self.execute(*(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in tables))
            return
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'"
        with self.engine.connect() as connection:
            found = connection.execute(sa.text(names)).scalars().all()
        self.execute(*(f"DROP TRIGGER {name}" for name in found))
