from __future__ import annotations

import dataclasses
from datetime import datetime, timezone

import pytest

from bot.staff.model import GRANTED, Permission, Person, Role

READS_WORDS = {Permission.READ, Permission.REVIEW, Permission.EXPORT, Permission.DELETE}


def person(**roles: set[Role]) -> Person:
    held = {clinic: frozenset(of_clinic) for clinic, of_clinic in roles.items()}
    return Person("1", "ana", "Ana", held, datetime(2026, 11, 20, tzinfo=timezone.utc))


@pytest.mark.parametrize(
    ("role", "granted"),
    [
        (Role.READER, {"read"}),
        (Role.REVIEWER, {"read", "review", "export"}),
        (Role.EDITOR, {"content", "notices"}),
        (Role.ADMIN, {permission.value for permission in Permission}),
    ],
)
def test_each_role_lets_its_holder_do_what_the_console_says(role: Role, granted: set[str]) -> None:
    assert {permission.value for permission in GRANTED[role]} == granted


def test_an_editor_cannot_reach_what_visitors_wrote() -> None:
    assert not GRANTED[Role.EDITOR] & READS_WORDS


def test_a_role_counts_in_its_own_clinic_alone() -> None:
    ana = person(temple={Role.READER}, other={Role.EDITOR})
    assert ana.may(Permission.READ, "temple")
    assert not ana.may(Permission.READ, "other")
    assert not ana.may(Permission.READ, "unknown")
    assert ana.clinics(Permission.READ) == ("temple",)


def test_several_roles_add_up() -> None:
    ana = person(temple={Role.READER, Role.EDITOR})
    assert ana.may(Permission.READ, "temple")
    assert ana.may(Permission.NOTICES, "temple")


def test_a_disabled_admin_may_nothing() -> None:
    ana = dataclasses.replace(person(temple={Role.ADMIN}), disabled=True)
    assert not any(ana.may(permission, "temple") for permission in Permission)
    assert ana.clinics(Permission.PEOPLE) == ()


def test_clinics_are_sorted() -> None:
    ana = person(west={Role.ADMIN}, east={Role.READER})
    assert ana.clinics(Permission.READ) == ("east", "west")
