"""Who works at the staff door, and what each role lets them do.

Pure: what the repositories beside this file hand out, free of the database and of web code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType


class Role(str, Enum):
    """What a person is in one clinic. Several may be held at once; none includes another."""

    READER = "reader"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMIN = "admin"


class Permission(str, Enum):
    """What a page or a change needs."""

    READ = "read"
    """Conversations: list, search, transcript."""
    REVIEW = "review"
    """Notes, tags, assigning, marking, saved filters."""
    EXPORT = "export"
    """Downloading conversations."""
    DELETE = "delete"
    """Deleting conversations."""
    CONTENT = "content"
    """Answers."""
    NOTICES = "notices"
    """Outage, contact routes, hours."""
    AUDIT = "audit"
    """The record of who did what."""
    PEOPLE = "people"
    """Accounts and roles."""
    RETENTION = "retention"
    """Days, preview, find and delete by reference code."""


GRANTED: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.READER: frozenset({Permission.READ}),
        Role.REVIEWER: frozenset({Permission.READ, Permission.REVIEW, Permission.EXPORT}),
        Role.EDITOR: frozenset({Permission.CONTENT, Permission.NOTICES}),
        Role.ADMIN: frozenset(Permission),
    }
)
"""What each role lets its holder do. An editor writes answers and does not read visitors' words."""


@dataclass(frozen=True)
class Person:
    """One named account.

    `id` is a uuid4 in hex, `name` what one signs in with (lower case, unique), `roles` those held
    in each clinic by its key.
    """

    id: str
    name: str
    display_name: str
    roles: Mapping[str, frozenset[Role]]
    created_at: datetime
    last_seen_at: datetime | None = None
    disabled: bool = False
    has_password: bool = True
    has_second_factor: bool = False
    recovery_codes_left: int = 0

    def may(self, permission: Permission, clinic: str) -> bool:
        """Whether a role held in that clinic grants it. A disabled person may nothing."""
        held = self.roles.get(clinic, frozenset())
        return not self.disabled and any(permission in GRANTED[role] for role in held)

    def clinics(self, permission: Permission) -> tuple[str, ...]:
        """Keys of the clinics where the person may do this, sorted."""
        return tuple(sorted(clinic for clinic in self.roles if self.may(permission, clinic)))


@dataclass(frozen=True)
class StaffSession:
    """One signed-in browser. `id` is for lists and never opens anything: the token does.

    `pending_second_factor`: the password was right, the code is still to come.
    `must_set_up_second_factor`: a clinic requires one and this person has none yet.
    """

    id: str
    person: Person
    csrf_token: str
    started_at: datetime
    last_seen_at: datetime
    pending_second_factor: bool
    must_set_up_second_factor: bool
