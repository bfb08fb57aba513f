"""Reads people and their secrets from the tables, within an open transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.errors import NotFound
from bot.staff.model import Permission, Person, Role
from bot.staff.tables import clinic_security, people, person_roles, recovery_codes


@dataclass(frozen=True)
class Secrets:
    """What a sign-in is compared with. It stays in this package."""

    password_hash: str | None
    totp_key: str | None
    totp_key_offered: str | None
    totp_last_step: int | None
    setup_code_ends_at: datetime | None


def find(connection: Connection, *conditions: Any) -> list[Person]:
    """The people of the `people` rows that meet all conditions, by name."""
    query = sa.select(people).where(*conditions).order_by(people.c.name)
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    roles = _roles(connection, ids)
    left = _recovery_codes_left(connection, ids)
    return [
        Person(
            id=row.id,
            name=row.name,
            display_name=row.display_name,
            roles=roles.get(row.id, {}),
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            disabled=row.disabled,
            has_password=row.password_hash is not None,
            has_second_factor=row.totp_key is not None,
            recovery_codes_left=left.get(row.id, 0),
        )
        for row in rows
    ]


def first(connection: Connection, *conditions: Any) -> Person | None:
    """The one person that the conditions name, None where there is none."""
    found = find(connection, *conditions)
    return found[0] if found else None


def by_id(connection: Connection, person_id: str) -> Person:
    """Raises `NotFound`."""
    person = first(connection, people.c.id == person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def by_name(connection: Connection, name: str) -> Person:
    """Raises `NotFound`."""
    person = first(connection, people.c.name == normal_name(name))
    if person is None:
        raise NotFound("Nobody signs in with that name.")
    return person


def secrets(connection: Connection, person_id: str) -> Secrets:
    """Of a person that exists."""
    row = connection.execute(sa.select(people).where(people.c.id == person_id)).one()
    return Secrets(
        row.password_hash,
        row.totp_key,
        row.totp_key_offered,
        row.totp_last_step,
        row.setup_code_ends_at,
    )


def change(connection: Connection, person_id: str, **values: Any) -> None:
    """Set columns of one person."""
    connection.execute(people.update().where(people.c.id == person_id).values(**values))


def normal_name(name: str) -> str:
    """As names are stored: lower case, without blanks around, and nothing a database refuses."""
    return name.strip().lower().replace("\0", "?").encode("utf-8", "replace").decode()


def requires_second_factor(connection: Connection, person: Person) -> bool:
    """Whether one of the clinics where the person has a role asks for it."""
    query = sa.select(clinic_security.c.clinic).where(
        clinic_security.c.second_factor_required, clinic_security.c.clinic.in_(list(person.roles))
    )
    return connection.execute(query.limit(1)).first() is not None


def admins(connection: Connection, clinic: str) -> set[str]:
    """Ids of those who look after a clinic's people and can sign in today."""
    query = (
        sa.select(people.c.id)
        .join(person_roles, person_roles.c.person_id == people.c.id)
        .where(person_roles.c.clinic == clinic, person_roles.c.role == Role.ADMIN.value)
        .where(~people.c.disabled)
        .where(people.c.password_hash.is_not(None) | people.c.oidc_subject.is_not(None))
    )
    return set(connection.execute(query).scalars())


def manages(by: Person, person: Person) -> bool:
    """Whether `by` may change the account of a person as a whole.

    That takes an admin of every clinic where the person has a role: whoever resets an account gets
    all that it may do. Someone without any role can be looked after by every admin.
    """
    looked_after = set(by.clinics(Permission.PEOPLE))
    return bool(looked_after) and looked_after >= set(person.roles)


def _roles(connection: Connection, ids: list[str]) -> dict[str, dict[str, frozenset[Role]]]:
    found: defaultdict[str, defaultdict[str, set[Role]]] = defaultdict(lambda: defaultdict(set))
    query = sa.select(person_roles).where(person_roles.c.person_id.in_(ids))
    for row in connection.execute(query):
        found[row.person_id][row.clinic].add(Role(row.role))
    return {
        person: {clinic: frozenset(roles) for clinic, roles in sorted(clinics.items())}
        for person, clinics in found.items()
    }


def _recovery_codes_left(connection: Connection, ids: list[str]) -> dict[str, int]:
    query = (
        sa.select(recovery_codes.c.person_id, sa.func.count().label("left"))
        .where(recovery_codes.c.person_id.in_(ids))
        .group_by(recovery_codes.c.person_id)
    )
    return {row.person_id: row.left for row in connection.execute(query)}
