"""The parts of the console that a person may open. Their names are in `templates/base.html`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.staff.model import Permission, Person


@dataclass(frozen=True)
class Part:
    """A part of the console, by the path of its first page. `needs` None: any role will do."""

    key: str
    path: str
    needs: Permission | None


PARTS = (
    Part("today", "/", None),
    Part("conversations", "/conversations", Permission.READ),
    Part("missed", "/missed", Permission.READ),
    Part("corrections", "/corrections", Permission.REVIEW),
    Part("training", "/training", Permission.REVIEW),
    Part("answers", "/answers", Permission.CONTENT),
    Part("notices", "/notices", Permission.NOTICES),
    Part("routes", "/routes", Permission.NOTICES),
    Part("retention", "/retention", Permission.RETENTION),
    Part("people", "/people", Permission.PEOPLE),
    Part("audit", "/audit", Permission.AUDIT),
)


def open_to(person: Person, paths: Collection[str]) -> tuple[Part, ...]:
    """The parts that the person may open in at least one clinic, of those that have a page."""
    return tuple(part for part in PARTS if part.path in paths and _may(person, part.needs))


def _may(person: Person, needs: Permission | None) -> bool:
    return bool(any(person.roles.values()) if needs is None else person.clinics(needs))
