"""What staff set of a clinic: its contact routes, and for how long it keeps conversations.

In force in every replica within a poll. An import of the shipped files leaves it alone (the column
`edited_by_staff`), and each change stands in the record, written in the same transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.engine import Connection, Engine

from bot.content import rows
from bot.content.boundaries import breaches
from bot.content.model import Clinic, ContactRoute, RouteKind
from bot.content.schema import LONGEST_RETENTION, RouteEntry
from bot.content.tables import clinics
from bot.db.unit_of_work import UnitOfWork
from bot.errors import ContentError, EditOvertaken, NotFound
from bot.staff.audit import AuditEntry, record

ROUTES, RETENTION_DAYS = "routes", "retention_days"
"""Names of what staff may set, as `edited_by_staff` holds them."""

SAID = ("label", "text", "outage_text")
"""What visitors read of a route."""

LONGEST = {"label": 255, "text": 1_000, "outage_text": 1_000, "url": 500}
"""Characters: a label is the text of a link, a sentence is said in a chat."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a field of a route; without a kind it is about all of them."""

    kind: RouteKind | None
    field: str
    message: str


class RoutesRefusedError(ContentError):
    """Routes that cannot be used. `mistakes` holds every one of them, in order."""

    def __init__(self, mistakes: Sequence[Mistake]):
        self.mistakes = tuple(mistakes)
        super().__init__(" ".join(mistake.message for mistake in mistakes))


def version_of(routes: Sequence[ContactRoute]) -> str:
    """A short text that is the same for the same routes in the same order."""
    written = json.dumps([as_mapping(route) for route in routes], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def as_mapping(route: ContactRoute) -> dict[str, Any]:
    """A route as a content file would write it."""
    return {
        "kind": route.kind.value,
        "label": route.label,
        "text": route.text,
        "outage_text": route.outage_text,
        "url": route.url,
        "hours": route.hours.as_mapping(),
    }


def mistakes(routes: Sequence[ContactRoute]) -> list[Mistake]:
    """Everything that is wrong with these routes, field by field. Pure."""
    found = [mistake for route in routes for mistake in _mistakes(route)]
    kinds = [route.kind for route in routes]
    if RouteKind.EMERGENCY not in kinds:
        found.append(Mistake(None, "kind", "The emergency route cannot be taken away."))
    for kind in dict.fromkeys(kinds):
        if kinds.count(kind) > 1:
            message = f"There are two routes of kind '{kind.value}'; keep one."
            found.append(Mistake(kind, "kind", message))
    return found


def _mistakes(route: ContactRoute) -> Iterator[Mistake]:
    try:
        RouteEntry.parse_obj(as_mapping(route))
    except ValidationError as error:
        for each in error.errors():
            message = "Write something here." if "min_length" in each["type"] else each["msg"]
            message = f"{message[:1].upper()}{message[1:].rstrip('.')}."
            yield Mistake(route.kind, str(each["loc"][0]), message)
    for field, most in LONGEST.items():
        if len(getattr(route, field)) > most:
            yield Mistake(route.kind, field, f"This is longer than {most} characters; shorten it.")
    for field in SAID:
        for breach in breaches(getattr(route, field)):
            yield Mistake(route.kind, field, str(breach))


class ClinicSettings:
    """Reads and writes what staff set of a clinic.

    Every method raises `NotFound` for an unknown clinic and `StoreUnavailable`. `by` is the name of
    the person who does it.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def clinic(self, key: str) -> Clinic:
        """A clinic as it is stored now."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return _clinic(unit.connection, key)

    def set_routes(
        self, clinic: str, routes: Sequence[ContactRoute], *, by: str, read_version: str
    ) -> None:
        """Put these routes, in this order, in the place of the clinic's.

        `read_version` is the `version_of` the routes that were edited. Raises `EditOvertaken` where
        somebody else changed them meanwhile, `RoutesRefusedError` that names every mistake; nothing
        is changed then.
        """
        wrong = mistakes(routes)
        if wrong:
            raise RoutesRefusedError(wrong)
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)  # first, as it makes other writers wait
            before = _clinic(unit.connection, clinic).routes
            if version_of(before) != read_version:
                raise EditOvertaken("Somebody else changed these contact routes meanwhile.")
            if tuple(routes) == before:
                return
            rows.write_routes(unit.connection, clinic, routes)
            _note_edit(unit.connection, clinic, ROUTES)
            entry = AuditEntry(by, "routes.changed", clinic, None, _difference(before, routes))
            record(unit.connection, self._clock, entry)
            unit.commit()

    def set_retention_days(self, clinic: str, days: int, *, by: str, read_days: int) -> None:
        """Keep the clinic's conversations for so many days after their last message.

        `read_days` is what it was when it was edited. Raises `EditOvertaken` where somebody else
        changed it meanwhile, `ContentError` for a number that is not allowed.
        """
        if not 1 <= days <= LONGEST_RETENTION:
            raise ContentError(f"Choose a number of days from 1 to {LONGEST_RETENTION}.")
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            before = _clinic(unit.connection, clinic).retention_days
            if before != read_days:
                raise EditOvertaken("Somebody else changed the number of days meanwhile.")
            if days == before:
                return
            unit.connection.execute(
                clinics.update().where(clinics.c.key == clinic).values(retention_days=days)
            )
            _note_edit(unit.connection, clinic, RETENTION_DAYS)
            change = {"before": before, "after": days}
            entry = AuditEntry(by, "retention.changed", clinic, None, change)
            record(unit.connection, self._clock, entry)
            unit.commit()


def _clinic(connection: Connection, key: str) -> Clinic:
    found = next((each for each in rows.read_clinics(connection) if each.key == key), None)
    if found is None:
        raise NotFound("There is no such clinic.")
    return found


def _note_edit(connection: Connection, clinic: str, name: str) -> None:
    this = clinics.c.key == clinic
    edited = connection.execute(sa.select(clinics.c.edited_by_staff).where(this)).scalar_one()
    values = sorted({*edited, name})
    connection.execute(clinics.update().where(this).values(edited_by_staff=values))


def _difference(before: Sequence[ContactRoute], after: Sequence[ContactRoute]) -> dict[str, Any]:
    """What the record says of an edit: the routes that changed, and the order if that did."""
    old, new = ({r.kind.value: as_mapping(r) for r in routes} for routes in (before, after))
    changed = [kind for kind in {**old, **new} if old.get(kind) != new.get(kind)]
    said: dict[str, Any] = {
        "before": {kind: old.get(kind) for kind in changed},
        "after": {kind: new.get(kind) for kind in changed},
    }
    if list(old) != list(new):
        said["order"] = list(new)
    return said
