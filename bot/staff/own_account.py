"""What people do with their own account: password, second factor, the first sign-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection, Engine

from bot.db.unit_of_work import UnitOfWork
from bot.errors import CodeRefused, Forbidden, PasswordRefused
from bot.staff import audit, one_time_codes, rows, second_factor, sessions
from bot.staff.audit import AuditEntry
from bot.staff.codes import hashed_code
from bot.staff.model import Person, StaffSession
from bot.staff.passwords import Passwords
from bot.staff.tables import people
from bot.staff.throttle import PERIOD_MINUTES, Throttle

WRONG_PASSWORD = (
    "That is not your present password. After several attempts, wait"
    f" {PERIOD_MINUTES} minutes and try again."
)
WRONG_CODE = "That code did not work. Type the six digits that your app shows now."
REQUIRED = "Your clinic asks for a second factor: it cannot be switched off."

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Offer:
    """A key for an authenticator app: as text to be typed, and as the address in the picture."""

    key: str
    address: str


class OwnAccount:
    """Changes that take effect for the person of a session alone."""

    def __init__(self, engine: Engine, clock: Clock, passwords: Passwords, throttle: Throttle):
        self._engine = engine
        self._clock = clock
        self._passwords = passwords
        self._throttle = throttle

    def change_password(self, session: StaffSession, present: str, new: str) -> None:
        """Replace the password, and end all other sessions.

        Raises `PasswordRefused` where the present one is wrong, or the new one is not good enough.
        """
        person = session.person
        self._must_match(person, present)
        self._passwords.check(new, person.name, person.display_name)
        hashed = self._passwords.hash(new)
        with UnitOfWork(self._engine) as unit:
            rows.change(unit.connection, person.id, password_hash=hashed)
            ended = sessions.end_all(unit.connection, person.id, but=session)
            self._record(unit.connection, person, "password.changed", ended=ended)
            unit.commit()

    def rehash(self, person: Person, password: str, stored: str) -> None:
        """Keep the same password at today's cost, unless it was changed meanwhile."""
        hashed = self._passwords.hash(password)
        with UnitOfWork(self._engine) as unit:
            unit.connection.execute(
                people.update()
                .where(people.c.id == person.id, people.c.password_hash == stored)
                .values(password_hash=hashed)
            )
            unit.commit()

    def invited(self, code: str) -> Person | None:
        """Whose set-up code this is, None where it is wrong, used or too old."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            person = rows.first(unit.connection, people.c.setup_code_hash == hashed_code(code))
            if person is None or person.disabled:
                return None
            ends_at = rows.secrets(unit.connection, person.id).setup_code_ends_at
        return person if ends_at is not None and self._clock() < ends_at else None

    def redeem(self, code: str, password: str, person: Person) -> bool:
        """Choose the first password of `person`, whose set-up code this is: whether it still is.

        Raises `PasswordRefused`.
        """
        self._passwords.check(password, person.name, person.display_name)
        hashed = self._passwords.hash(password)
        with UnitOfWork(self._engine) as unit:
            used = unit.connection.execute(
                people.update()
                .where(people.c.id == person.id, ~people.c.disabled)
                .where(people.c.setup_code_hash == hashed_code(code))
                .where(people.c.setup_code_ends_at > self._clock())
                .values(password_hash=hashed, setup_code_hash=None, setup_code_ends_at=None)
            )
            if used.rowcount:
                self._record(unit.connection, person, "password.changed", first=True)
                unit.commit()
        return bool(used.rowcount)

    def offer_second_factor(self, session: StaffSession) -> Offer:
        """The key to put into an app. It stays the same until it is confirmed."""
        person = session.person
        with UnitOfWork(self._engine) as unit:
            key = rows.secrets(unit.connection, person.id).totp_key_offered
            if key is None:
                key = one_time_codes.new_key()
                rows.change(unit.connection, person.id, totp_key_offered=key)
                unit.commit()
        return Offer(key, one_time_codes.address(key, person.name))

    def confirm_second_factor(
        self, session: StaffSession, code: str, password: str = ""
    ) -> tuple[str, ...]:
        """Put the offered key in force with its first code; returns the recovery codes, once.

        It replaces an earlier app and earlier recovery codes, which takes the password. Raises
        `CodeRefused` and `PasswordRefused`.
        """
        person = session.person
        if person.has_second_factor and person.has_password:
            self._must_match(person, password)
        if not self._throttle.own_password(person.name):
            raise CodeRefused(WRONG_CODE)
        with UnitOfWork(self._engine) as unit:
            key = rows.secrets(unit.connection, person.id).totp_key_offered
            step = key and one_time_codes.step_of(key, code, self._clock(), None)
            if step is None or key is None:
                raise CodeRefused(WRONG_CODE)
            rows.change(
                unit.connection,
                person.id,
                totp_key=key,
                totp_key_offered=None,
                totp_last_step=step,
            )
            codes = second_factor.write_recovery_codes(unit.connection, person.id)
            self._record(unit.connection, person, "second_factor.on")
            unit.commit()
        return codes

    def turn_off_second_factor(self, session: StaffSession, password: str) -> None:
        """Sign in with the password alone from now on.

        Raises `PasswordRefused` for a wrong password, `Forbidden` where a clinic asks for it.
        """
        person = session.person
        self._must_match(person, password)
        with UnitOfWork(self._engine) as unit:
            if rows.requires_second_factor(unit.connection, person):
                raise Forbidden(REQUIRED)
            remove_second_factor(unit.connection, person.id)
            self._record(unit.connection, person, "second_factor.off")
            unit.commit()

    def new_recovery_codes(self, session: StaffSession, password: str) -> tuple[str, ...]:
        """New recovery codes in place of all earlier ones, once.

        Raises `PasswordRefused` for a wrong password, `CodeRefused` without a second factor.
        """
        person = session.person
        self._must_match(person, password)
        with UnitOfWork(self._engine) as unit:
            if rows.secrets(unit.connection, person.id).totp_key is None:
                raise CodeRefused("Set up the second factor first; recovery codes come with it.")
            codes = second_factor.write_recovery_codes(unit.connection, person.id)
            self._record(unit.connection, person, "second_factor.recovery_codes")
            unit.commit()
        return codes

    def _must_match(self, person: Person, password: str) -> None:
        if not self._throttle.own_password(person.name):
            raise PasswordRefused(WRONG_PASSWORD)
        with UnitOfWork(self._engine, read_only=True) as unit:
            stored = rows.secrets(unit.connection, person.id).password_hash
        if not self._passwords.matches(stored, password):
            raise PasswordRefused(WRONG_PASSWORD)

    def _record(
        self, connection: Connection, person: Person, action: str, **details: object
    ) -> None:
        entry = AuditEntry(person.name, action, target=person.name, details=details)
        audit.record(connection, self._clock, entry)


def remove_second_factor(connection: Connection, person_id: str) -> None:
    """Take away app and recovery codes."""
    rows.change(connection, person_id, totp_key=None, totp_key_offered=None, totp_last_step=None)
    second_factor.remove_recovery_codes(connection, person_id)
