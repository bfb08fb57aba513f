"""The people of the staff door: accounts, roles, resets. Each change is recorded with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection, Engine

from bot.db.unit_of_work import UnitOfWork
from bot.errors import Forbidden, NameTaken
from bot.staff import audit, people_rules, rows, sessions
from bot.staff.audit import AuditEntry
from bot.staff.codes import SETUP_GROUPS, hashed_code, new_code
from bot.staff.model import Permission, Person, Role
from bot.staff.own_account import remove_second_factor
from bot.staff.passwords import Passwords
from bot.staff.people_rules import Roles
from bot.staff.tables import people, staff_devices

SETUP_CODE_KEPT = timedelta(hours=72)
"""A code that is given on a Friday still works on Monday."""

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Added:
    """A new person, and the code to choose a password with (None where they have one)."""

    person: Person
    setup_code: str | None


class People:
    """Accounts, changed by other people.

    `by` is the name of whoever changes something. It must be an admin of every clinic that the
    change is about, or `Forbidden` is raised; with `operator=True` nobody is asked: that is the
    command line, whose user has the database anyway. Unknown people raise `NotFound`.
    """

    def __init__(
        self, engine: Engine, clock: Clock, passwords: Passwords, *, operator: bool = False
    ):
        self._engine = engine
        self._clock = clock
        self._passwords = passwords
        self._operator = operator

    def get(self, person_id: str) -> Person:
        with UnitOfWork(self._engine, read_only=True) as unit:
            return rows.by_id(unit.connection, person_id)

    def by_name(self, name: str) -> Person:
        with UnitOfWork(self._engine, read_only=True) as unit:
            return rows.by_name(unit.connection, name)

    def by_oidc_subject(self, subject: str) -> Person | None:
        """Whom the OpenID Connect provider means."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return rows.first(unit.connection, people.c.oidc_subject == subject)

    def all(self, clinics: Iterable[str] | None = None) -> tuple[Person, ...]:
        """Everybody, or those with a role in one of the clinics or in none at all, by name."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = rows.find(unit.connection)
        wanted = None if clinics is None else set(clinics)
        return tuple(p for p in found if wanted is None or not p.roles or wanted & set(p.roles))

    def add(
        self,
        name: str,
        display_name: str,
        roles: Roles,
        *,
        by: str,
        password: str | None = None,
    ) -> Added:
        """A new account, with a password or with a set-up code to choose one.

        Raises `NameTaken`, `PasswordRefused`, `Unprocessable` for a name that cannot be one, and
        `NotFound` for an unknown clinic.
        """
        name = people_rules.checked_name(name)
        display_name = people_rules.checked_display_name(display_name)
        given = {clinic: sorted(set(of_clinic)) for clinic, of_clinic in roles.items()}
        hashed = None
        if password is not None:
            self._passwords.check(password, name, display_name)
            hashed = self._passwords.hash(password)
        with UnitOfWork(self._engine) as unit:
            audit.lock(unit.connection)
            self._must_look_after(unit.connection, by, given)
            people_rules.must_exist(unit.connection, given)
            if rows.first(unit.connection, people.c.name == name) is not None:
                raise NameTaken("Somebody signs in with that name already; choose another one.")
            person_id = self._insert(unit.connection, name, display_name, hashed)
            for clinic, of_clinic in given.items():
                people_rules.write_roles(unit.connection, person_id, clinic, of_clinic)
            code = None if hashed else self._new_setup_code(unit.connection, person_id)
            person = rows.by_id(unit.connection, person_id)
            named = people_rules.named(given)
            entry = AuditEntry(by, "person.added", None, name, {"roles": named})
            self._record(unit.connection, entry)
            unit.commit()
        return Added(person, code)

    def set_roles(self, person_id: str, clinic: str, roles: Iterable[Role], *, by: str) -> None:
        """What a person is in one clinic from now on; no role at all takes the clinic away.

        Ends their sessions. Raises `LastAdmin` where nobody would look after the clinic.
        """
        wanted = frozenset(roles)
        with UnitOfWork(self._engine) as unit:
            audit.lock(unit.connection)
            self._must_look_after(unit.connection, by, [clinic])
            people_rules.must_exist(unit.connection, [clinic])
            person = rows.by_id(unit.connection, person_id)
            before = person.roles.get(clinic, frozenset())
            if before == wanted:
                return
            if Role.ADMIN not in wanted:
                people_rules.must_stay_looked_after(unit.connection, person, [clinic])
            people_rules.write_roles(unit.connection, person_id, clinic, wanted)
            sessions.end_all(unit.connection, person_id)
            change = people_rules.named({"before": before, "now": wanted})
            entry = AuditEntry(by, "person.roles", clinic, person.name, change)
            self._record(unit.connection, entry)
            unit.commit()

    def disable(self, person_id: str, *, by: str) -> None:
        """Let nobody sign in with this account. Ends its sessions. Raises `LastAdmin`."""
        with UnitOfWork(self._engine) as unit:
            person = self._to_change(unit.connection, person_id, by)
            if person.disabled:
                return
            people_rules.must_stay_looked_after(unit.connection, person, person.roles)
            rows.change(unit.connection, person_id, disabled=True)
            sessions.end_all(unit.connection, person_id)
            self._record(unit.connection, AuditEntry(by, "person.disabled", None, person.name))
            unit.commit()

    def enable(self, person_id: str, *, by: str) -> None:
        """Let a disabled person sign in again, as before."""
        with UnitOfWork(self._engine) as unit:
            person = self._to_change(unit.connection, person_id, by)
            if not person.disabled:
                return
            rows.change(unit.connection, person_id, disabled=False)
            self._record(unit.connection, AuditEntry(by, "person.enabled", None, person.name))
            unit.commit()

    def reset(self, person_id: str, *, by: str) -> str:
        """Take away password, second factor, known browsers and sessions.

        Returns the set-up code to choose a new password with, once.
        """
        with UnitOfWork(self._engine) as unit:
            person = self._to_change(unit.connection, person_id, by)
            rows.change(unit.connection, person_id, password_hash=None)
            remove_second_factor(unit.connection, person_id)
            unit.connection.execute(
                staff_devices.delete().where(staff_devices.c.person_id == person_id)
            )
            sessions.end_all(unit.connection, person_id)
            code = self._new_setup_code(unit.connection, person_id)
            self._record(unit.connection, AuditEntry(by, "person.reset", None, person.name))
            unit.commit()
        return code

    def end_sessions(self, person_id: str, *, by: str) -> int:
        """Sign a person out everywhere; returns of how many sessions."""
        with UnitOfWork(self._engine) as unit:
            person = self._to_change(unit.connection, person_id, by)
            ended = sessions.end_all(unit.connection, person_id)
            details = {"ended": ended}
            entry = AuditEntry(by, "person.sessions_ended", None, person.name, details)
            self._record(unit.connection, entry)
            unit.commit()
        return ended

    def link_oidc(self, person_id: str, subject: str | None, *, by: str) -> None:
        """Say which account of the OpenID Connect provider this person is, None for none.

        Raises `NameTaken` where it is somebody else's.
        """
        with UnitOfWork(self._engine) as unit:
            person = self._to_change(unit.connection, person_id, by)
            self._link(unit.connection, person, subject, by)
            unit.commit()

    def adopt_oidc(self, person: Person, subject: str) -> bool:
        """Link a person who came from the provider with their name as verified address.

        Only the first time: whether it was done. Raises `NameTaken`.
        """
        with UnitOfWork(self._engine) as unit:
            audit.lock(unit.connection)
            unlinked = rows.first(
                unit.connection, people.c.id == person.id, people.c.oidc_subject.is_(None)
            )
            if unlinked is None or unlinked.disabled:
                return False
            self._link(unit.connection, unlinked, subject, person.name)
            unit.commit()
        return True

    def may_manage(self, by: Person, person: Person) -> bool:
        """Whether `by` may disable, reset or sign out this person."""
        return self._operator or rows.manages(by, person)

    def _link(self, connection: Connection, person: Person, subject: str | None, by: str) -> None:
        owner = subject and rows.first(connection, people.c.oidc_subject == subject)
        if owner and owner.id != person.id:
            raise NameTaken("That account of the provider belongs to somebody else here.")
        rows.change(connection, person.id, oidc_subject=subject)
        linked = {"linked": subject is not None}
        self._record(connection, AuditEntry(by, "person.oidc", None, person.name, linked))

    def _to_change(self, connection: Connection, person_id: str, by: str) -> Person:
        """The person, where `by` may change the account; holds back other changes of people."""
        audit.lock(connection)
        person = rows.by_id(connection, person_id)
        if not self._operator and not rows.manages(people_rules.admin(connection, by), person):
            raise Forbidden("Only an admin of every clinic where this person works may do that.")
        return person

    def _must_look_after(self, connection: Connection, by: str, clinics: Iterable[str]) -> None:
        if self._operator:
            return
        looked_after = set(people_rules.admin(connection, by).clinics(Permission.PEOPLE))
        if not looked_after or not looked_after >= set(clinics):
            raise Forbidden("You can give roles only in clinics where you are an admin.")

    def _insert(
        self, connection: Connection, name: str, display_name: str, password_hash: str | None
    ) -> str:
        person_id = uuid.uuid4().hex
        connection.execute(
            people.insert().values(
                id=person_id,
                name=name,
                display_name=display_name,
                disabled=False,
                password_hash=password_hash,
                created_at=self._clock(),
            )
        )
        return person_id

    def _new_setup_code(self, connection: Connection, person_id: str) -> str:
        code = new_code(SETUP_GROUPS)
        ends_at = self._clock() + SETUP_CODE_KEPT
        rows.change(
            connection, person_id, setup_code_hash=hashed_code(code), setup_code_ends_at=ends_at
        )
        return code

    def _record(self, connection: Connection, entry: AuditEntry) -> None:
        audit.record(connection, self._clock, entry)
