"""When an answer is to be looked at again: by the day that staff set, else a year after the last
check.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content import rows
from bot.content.records import PUBLISHED, AnswerRecord
from bot.content.tables import answers
from bot.db.unit_of_work import UnitOfWork

KEEPS = timedelta(days=365)
"""What patient information is usually given until it is checked again."""

REMINDED = timedelta(days=30)
"""So long before the day the answers page reminds of it."""


@dataclass(frozen=True)
class Overdue:
    """A published answer whose review date, `review_on`, has passed. `id` is its number."""

    id: int
    clinic: str
    subject: str
    detail: str | None
    title: str
    review_on: date


def review_on(record: AnswerRecord) -> date | None:
    """The day by which an answer is to be checked again; none where it was never checked."""
    if record.review_by is not None or record.reviewed_on is None:
        return record.review_by
    return record.reviewed_on + KEEPS


def is_overdue(record: AnswerRecord, day: date) -> bool:
    """Whether visitors read an answer although its review date is before `day`."""
    on = review_on(record)
    return record.status == PUBLISHED and on is not None and on < day


def is_due_soon(record: AnswerRecord, day: date) -> bool:
    """Whether it is time to remind of the review date of what visitors read."""
    on = review_on(record)
    return record.status == PUBLISHED and on is not None and day <= on < day + REMINDED


def overdue(engine: Engine, clinics: Collection[str], day: date) -> tuple[Overdue, ...]:
    """Published answers of these owners (a clinic's key, or the library's) whose review date is
    before `day`, the longest overdue first. Raises `StoreUnavailable`.
    """
    query = sa.select(answers).where(
        answers.c.clinic.in_(list(clinics)), answers.c.status == PUBLISHED
    )
    found = []
    with UnitOfWork(engine, read_only=True) as unit:
        for row in unit.connection.execute(query).mappings():
            record = rows.answer_of(row)
            on = review_on(record)
            if on is not None and is_overdue(record, day):
                found.append(Overdue(row["id"], *record.key, record.title or record.name, on))
    return tuple(sorted(found, key=lambda each: (each.review_on, each.title)))
