"""The parts of the console that a person may open. Their names are in `templates/base.html`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.staff.model import Permission, Person


@dataclass(frozen=True)
class Part:
    """A part of the console, by the path of its first page."""

    key: str
    path: str
    needs: Permission


PARTS = (
    Part("conversations", "/conversations", Permission.READ),
    Part("notices", "/notices", Permission.NOTICES),
    Part("routes", "/routes", Permission.NOTICES),
    Part("retention", "/retention", Permission.RETENTION),
    Part("people", "/people", Permission.PEOPLE),
    Part("audit", "/audit", Permission.AUDIT),
)


def open_to(person: Person, paths: Collection[str]) -> tuple[Part, ...]:
    """The parts that the person may open in at least one clinic, of those that have a page."""
    return tuple(part for part in PARTS if part.path in paths and person.clinics(part.needs))
