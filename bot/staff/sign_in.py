"""Signing in: password, second factor, provider. Every failure reads the same and takes the same
work, so that nobody learns which names exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.db.unit_of_work import UnitOfWork
from bot.errors import SignInRefused
from bot.staff import audit, rows, second_factor, sessions
from bot.staff.audit import NOBODY, AuditEntry
from bot.staff.codes import hashed, new_token
from bot.staff.model import Person, StaffSession
from bot.staff.own_account import OwnAccount
from bot.staff.passwords import Passwords
from bot.staff.tables import people, staff_devices, staff_sessions
from bot.staff.throttle import PERIOD_MINUTES, Attempt, Throttle

DEVICE_KEPT = timedelta(days=180)
"""How long a browser is known without being used: two holidays and a long leave."""

REFUSED = (
    "That did not work. Check the name and the password. After several attempts, wait"
    f" {PERIOD_MINUTES} minutes, or ask an admin of your clinic to reset your account."
)
CODE_REFUSED = (
    "That code did not work. Wait for the next code of your app, or use a recovery code. After"
    f" several attempts, wait {PERIOD_MINUTES} minutes and sign in again."
)
SETUP_REFUSED = (
    "That set-up code did not work. It can be used once, within three days; ask whoever gave it to"
    " you for another one."
)

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class SignedIn:
    """`token` goes into the session's cookie.

    `device` goes into a cookie that stays for `DEVICE_KEPT`; None while a second factor is pending.
    """

    session: StaffSession
    token: str
    device: str | None


class SignIn:
    """Opens sessions. All methods raise `SignInRefused`, and `StoreUnavailable`."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        passwords: Passwords,
        throttle: Throttle,
        own: OwnAccount,
    ):
        self._engine = engine
        self._clock = clock
        self._passwords = passwords
        self._throttle = throttle
        self._own = own

    def password(
        self, name: str, password: str, *, address: str | None, device: str | None
    ) -> SignedIn:
        """Begin a session with a name and a password; with a second factor it is pending.

        `address`: the client's network address. `device`: what its device cookie holds, if any.
        """
        name = rows.normal_name(name)
        with UnitOfWork(self._engine, read_only=True) as unit:
            person = rows.first(unit.connection, people.c.name == name)
            stored = _password_hash(unit.connection, person)
            known = _known_device(unit.connection, person, device)
        attempt = Attempt(name, known, address)
        full = self._throttle.password(attempt)
        if full is not None:
            self._record_limit(person, full)
            raise SignInRefused(REFUSED)
        if not self._passwords.matches(stored, password) or person is None or stored is None:
            self._record_failure(person, "password")
            raise SignInRefused(REFUSED)
        if self._passwords.is_outdated(stored):
            self._own.rehash(person, password, stored)
        return self._begin(person, device if known else None, attempt)

    def second_factor(
        self, session: StaffSession, code: str, *, address: str | None, device: str | None
    ) -> SignedIn:
        """Finish a pending session with a code of the app or a recovery code: it gets a new token.

        A session that is not pending is refused: its code was taken already.
        """
        person = session.person
        with UnitOfWork(self._engine, read_only=True) as unit:
            known = _known_device(unit.connection, person, device)
        attempt = Attempt(person.name, known, address)
        full = self._throttle.code(attempt)
        if full is not None:
            self._record_limit(person, full)
            raise SignInRefused(CODE_REFUSED)
        with UnitOfWork(self._engine) as unit:
            at = self._clock()
            kind = second_factor.take(unit.connection, person.id, code, at)
            if kind is not None and _settle(unit.connection, session):
                token = sessions.renew(unit.connection, session, at)
                kept = self._signed_in(unit.connection, person, device if known else None, kind)
                rows.change(unit.connection, person.id, last_seen_at=at)
                finished = sessions.by_id(unit.connection, session.id)
                unit.commit()
                self._throttle.succeeded(attempt)
                return SignedIn(finished, token, kept)
        self._record_failure(person, "second factor")
        raise SignInRefused(CODE_REFUSED)

    def provider(self, person: Person, *, device: str | None) -> SignedIn:
        """Begin a session of a person whom the OpenID Connect provider has identified."""
        if person.disabled:
            self._record_failure(person, "provider")
            raise SignInRefused(REFUSED)
        with UnitOfWork(self._engine) as unit:
            known = _known_device(unit.connection, person, device)
            token, session = sessions.start(
                unit.connection, person, self._clock(), pending=False, by_provider=True
            )
            kept = self._signed_in(unit.connection, person, device if known else None, "provider")
            unit.commit()
        return SignedIn(session, token, kept)

    def welcome(self, code: str, password: str, *, address: str | None) -> Person:
        """Choose a first password with a one-time set-up code; signing in comes after.

        Raises `PasswordRefused` too: the code can then be used again.
        """
        person = self.invited(code, address=address)
        if not self._own.redeem(code, password, person):
            raise SignInRefused(SETUP_REFUSED)
        return person

    def invited(self, code: str, *, address: str | None) -> Person:
        """Whose set-up code this is; it can still be used."""
        person = self._throttle.from_address(address) and self._own.invited(code)
        if not person:
            raise SignInRefused(SETUP_REFUSED)
        return person

    def _begin(self, person: Person, device: str | None, attempt: Attempt) -> SignedIn:
        kept = None
        with UnitOfWork(self._engine) as unit:
            pending = person.has_second_factor
            token, session = sessions.start(
                unit.connection, person, self._clock(), pending=pending, by_provider=False
            )
            if not pending:
                kept = self._signed_in(unit.connection, person, device, "password")
            unit.commit()
        if not pending:
            self._throttle.succeeded(attempt)
        return SignedIn(session, token, kept)

    def _signed_in(
        self, connection: Connection, person: Person, device: str | None, how: str
    ) -> str:
        """Records it, and returns the token of the browser: the one that it has, or a new one."""
        at = self._clock()
        connection.execute(
            staff_devices.delete().where(staff_devices.c.last_used_at < at - DEVICE_KEPT)
        )
        token = device or new_token()
        values = {"person_id": person.id, "last_used_at": at}
        used = connection.execute(
            staff_devices.update().where(staff_devices.c.token_hash == hashed(token)).values(values)
        )
        if not used.rowcount:
            connection.execute(staff_devices.insert().values(token_hash=hashed(token), **values))
        entry = AuditEntry(person.name, "sign_in", target=person.name, details={"with": how})
        audit.record(connection, self._clock, entry)
        return token

    def _record_failure(self, person: Person | None, step: str) -> None:
        self._record(person, "sign_in.failed", {"with": step})

    def _record_limit(self, person: Person | None, full: str) -> None:
        if self._throttle.is_news(full):
            self._record(person, "sign_in.limited", {})

    def _record(self, person: Person | None, action: str, details: Mapping[str, str]) -> None:
        name = person.name if person else None
        with UnitOfWork(self._engine) as unit:
            entry = AuditEntry(name or NOBODY, action, target=name, details=details)
            audit.record(unit.connection, self._clock, entry)
            unit.commit()


def _password_hash(connection: Connection, person: Person | None) -> str | None:
    if person is None or person.disabled:
        return None
    return rows.secrets(connection, person.id).password_hash


def _known_device(connection: Connection, person: Person | None, device: str | None) -> str | None:
    """The hash of the browser's token, if this person has signed in with it."""
    if person is None or not device:
        return None
    query = sa.select(staff_devices.c.token_hash).where(
        staff_devices.c.token_hash == hashed(device), staff_devices.c.person_id == person.id
    )
    return connection.execute(query).scalar()


def _settle(connection: Connection, session: StaffSession) -> bool:
    """Whether this call is the one that ends the wait for a second factor."""
    settled = connection.execute(
        staff_sessions.update()
        .where(staff_sessions.c.id == session.id, staff_sessions.c.pending_second_factor)
        .values(pending_second_factor=False)
    )
    return bool(settled.rowcount)
