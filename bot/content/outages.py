"""Switches the notice that a clinic's phone lines are out; with times it does so by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Connection, Engine

from bot.content import rows
from bot.content.boundaries import breaches
from bot.content.model import Clinic, Notice, RouteKind
from bot.content.records import STAFF
from bot.content.tables import notices
from bot.db.unit_of_work import UnitOfWork
from bot.errors import ContentError, NotFound, SetupError
from bot.staff.audit import AuditEntry, record

KIND = "phone_outage"
ON, OFF = "notice.on", "notice.off"
"""What the record calls it."""

LONGEST_TEXT = 1_000
"""Characters of a notice: it stands above every chat."""


class Outages:
    """Outages of the clinics' phones. Raises `NotFound` for an unknown clinic."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def on(
        self,
        clinic: str,
        *,
        by: str,
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
        text: str | None = None,
    ) -> Notice:
        """Put a notice up, from now on unless `starts_at` says when.

        Without `ends_at` it stays until it is taken down. It replaces those that it overlaps: one
        that is in force ends when it begins. Without a `text` it says the clinic's own sentence.
        `by` is who did it. Raises `ContentError` for times that make no sense and for a text that
        no visitor may be told, `SetupError` where there is nothing to say.
        """
        now = self._clock()
        starts_at = starts_at or now
        wrong = check(text or "", starts_at, ends_at, now)
        if wrong:
            raise ContentError(" ".join(wrong.values()))
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            here = self._clinic(unit.connection, clinic)
            for old in here.notices:
                if old.kind == KIND and _overlaps(old, starts_at, ends_at):
                    self._end(unit.connection, old, max(old.starts_at, starts_at, now))
            said = text or _own_sentence(here)
            inserted = unit.connection.execute(
                notices.insert().values(
                    clinic=clinic,
                    kind=KIND,
                    text=said,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    origin=STAFF,
                    created_by=by,
                    created_at=now,
                )
            )
            said_of = _told(said, starts_at, ends_at)
            record(unit.connection, self._clock, AuditEntry(by, ON, clinic, None, said_of))
            unit.commit()
            return Notice(inserted.inserted_primary_key[0], KIND, said, starts_at, ends_at)

    def off(self, clinic: str, *, by: str) -> list[Notice]:
        """End the outage that is in force and call off those to come; returns them as they were."""
        now = self._clock()
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            ended = _not_over(self._clinic(unit.connection, clinic), now)
            for notice in ended:
                self._end(unit.connection, notice, max(notice.starts_at, now))
                said_of = _told(notice.text, notice.starts_at, notice.ends_at)
                record(unit.connection, self._clock, AuditEntry(by, OFF, clinic, None, said_of))
            if ended:
                unit.commit()
            return ended

    def show(self, clinic: str) -> list[Notice]:
        """Outages in force and to come, the first one first."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return _not_over(self._clinic(unit.connection, clinic), self._clock())

    def clinic(self, key: str) -> Clinic:
        with UnitOfWork(self._engine, read_only=True) as unit:
            return self._clinic(unit.connection, key)

    def _clinic(self, connection: Connection, key: str) -> Clinic:
        clinics = {clinic.key: clinic for clinic in rows.read_clinics(connection)}
        if key not in clinics:
            known = ", ".join(sorted(clinics)) or "none; run `careline content import` first"
            raise NotFound(f"There is no clinic '{key}'. Clinics: {known}.")
        return clinics[key]

    def _end(self, connection: Connection, notice: Notice, at: datetime) -> None:
        connection.execute(
            notices.update().where(notices.c.id == notice.id).values(ends_at=at, origin=STAFF)
        )


def check(
    text: str, starts_at: datetime | None, ends_at: datetime | None, now: datetime
) -> dict[str, str]:
    """What is wrong with an outage that begins then (None: now), by field: `text` or `until`."""
    wrong: dict[str, str] = {}
    if ends_at is not None and ends_at <= (starts_at or now):
        wrong["until"] = "The outage would end before it begins; 'until' must be later than 'from'."
    elif ends_at is not None and ends_at <= now:
        wrong["until"] = "The outage would be over already; 'until' must lie in the future."
    said = " ".join(str(breach) for breach in breaches(text))
    if len(text) > LONGEST_TEXT:
        said = f"The notice is longer than {LONGEST_TEXT} characters; shorten it."
    return {**wrong, "text": said} if said else wrong


def _told(text: str, starts_at: datetime, ends_at: datetime | None) -> dict[str, str | None]:
    """What the record keeps of a notice."""
    until = ends_at.isoformat() if ends_at else None
    return {"text": text, "from": starts_at.isoformat(), "until": until}


def _not_over(clinic: Clinic, now: datetime) -> list[Notice]:
    found = [
        notice
        for notice in clinic.notices
        if notice.kind == KIND
        and (notice.ends_at is None or (notice.ends_at > now and notice.ends_at > notice.starts_at))
    ]
    return sorted(found, key=lambda notice: notice.starts_at)


def _overlaps(old: Notice, starts_at: datetime, ends_at: datetime | None) -> bool:
    return (ends_at is None or old.starts_at < ends_at) and (
        old.ends_at is None or old.ends_at > starts_at
    )


def _own_sentence(clinic: Clinic) -> str:
    phone = clinic.route(RouteKind.PHONE)
    if phone is None or not phone.outage_text:
        raise SetupError(
            f"The content of '{clinic.key}' has no sentence for an outage; give one with --message."
        )
    return phone.outage_text
