"""What holds of people and roles, whoever changes them; within an open transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.content.tables import clinics as clinic_rows
from bot.errors import Forbidden, LastAdmin, NotFound, Unprocessable
from bot.staff import rows
from bot.staff.model import Person, Role
from bot.staff.tables import person_roles

NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}")
"""Short names and mail addresses, in letters that every keyboard has."""

LONGEST_DISPLAY_NAME = 100

Roles = Mapping[str, Iterable[Role]]


def checked_name(name: str) -> str:
    """A name to sign in with, in normal form. Raises `Unprocessable`."""
    name = rows.normal_name(name)
    if not NAME.fullmatch(name):
        raise Unprocessable(
            "A name to sign in with has up to 100 letters (a to z), digits and . _ @ + - in it,"
            " and begins with a letter or a digit."
        )
    return name


def checked_display_name(name: str) -> str:
    """A person's full name, with single blanks. Raises `Unprocessable`."""
    name = " ".join(name.replace("\0", "").split())
    if not 0 < len(name) <= LONGEST_DISPLAY_NAME:
        raise Unprocessable(
            f"The full name is missing, or longer than {LONGEST_DISPLAY_NAME} characters."
        )
    return name


def admin(connection: Connection, by: str) -> Person:
    """Who changes something, by name. Raises `Forbidden` for somebody unknown."""
    try:
        return rows.by_name(connection, by)
    except NotFound as error:
        raise Forbidden("Only an admin may change people.") from error


def must_exist(connection: Connection, clinics: Iterable[str]) -> None:
    """Raises `NotFound` for a clinic that is none."""
    known = set(connection.execute(sa.select(clinic_rows.c.key)).scalars())
    for clinic in clinics:
        if clinic not in known:
            listed = ", ".join(sorted(known)) or "none; run `careline content import` first"
            raise NotFound(f"There is no clinic '{clinic}'. Clinics: {listed}.")


def must_stay_looked_after(connection: Connection, person: Person, clinics: Iterable[str]) -> None:
    """Raises `LastAdmin` for the only one who can sign in as an admin of one of the clinics."""
    for clinic in clinics:
        if rows.admins(connection, clinic) == {person.id}:
            raise LastAdmin(
                f"Nobody else who can sign in is an admin of '{clinic}'. Make somebody else an"
                " admin there first."
            )


def write_roles(connection: Connection, person_id: str, clinic: str, roles: Iterable[Role]) -> None:
    """Put these in place of the roles that a person has in a clinic."""
    connection.execute(
        person_roles.delete().where(
            person_roles.c.person_id == person_id, person_roles.c.clinic == clinic
        )
    )
    for role in roles:
        connection.execute(
            person_roles.insert().values(person_id=person_id, clinic=clinic, role=role.value)
        )


def named(roles: Roles) -> dict[str, list[str]]:
    """Roles by their key, for the record."""
    return {key: sorted(role.value for role in held) for key, held in roles.items()}
