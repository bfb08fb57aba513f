"""Answers on somebody's desk: what visitors read, what is being written, and what was before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content import approval, drafts, editing, review_dates, rows
from bot.content.checks import Mistake
from bot.content.drafts import Draft
from bot.content.editing import NEW
from bot.content.model import LIBRARY, Source
from bot.content.records import ARCHIVED, PUBLISHED, AnswerRecord
from bot.content.tables import answer_versions, answers
from bot.db.unit_of_work import UnitOfWork
from bot.errors import NotFound

MOST_VERSIONS = 100
"""Versions of an answer on one page: years of editing."""


@dataclass(frozen=True)
class Opened:
    """An answer on somebody's desk: what is stored (None where it is new), and its draft.

    `needs_approval`: somebody else than the writer has to read it before it is published.
    """

    answer_id: int | None
    version: int
    stored: AnswerRecord | None
    draft: Draft | None
    needs_approval: bool

    @property
    def record(self) -> AnswerRecord:
        """What is to be edited: the draft where there is one."""
        found = self.draft.record if self.draft else self.stored
        assert found is not None
        return found

    @property
    def place(self) -> str:
        """The answer in an address: its number, `d` and the draft's where it is new."""
        if self.answer_id is not None:
            return str(self.answer_id)
        return f"d{self.draft.id}" if self.draft else ""

    def review_on(self) -> date | None:
        """The day by which what is stored is to be looked at again; of a new answer, its draft."""
        return review_dates.review_on(self.stored or self.record)

    def is_overdue(self, today: date) -> bool:
        """Whether visitors read it although its review date has passed, whatever a draft says."""
        return self.stored is not None and review_dates.is_overdue(self.stored, today)

    def is_due_soon(self, today: date) -> bool:
        """Whether it is time to remind of the review date."""
        return self.stored is not None and review_dates.is_due_soon(self.stored, today)

    @property
    def is_published(self) -> bool:
        return self.stored is not None and self.stored.status == PUBLISHED


@dataclass(frozen=True)
class Version:
    """What an answer once said, who wrote it and when, and who approved it, if anybody had to."""

    number: int
    record: AnswerRecord
    edited_by: str
    edited_at: datetime
    approved_by: str | None


class Desk:
    """Reads answers as staff work with them. Every method may raise `StoreUnavailable`."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def all(self, clinics: Collection[str]) -> list[Opened]:
        """Every answer of these owners, in the order of the files, then those that are new."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            kept = {draft.record.key: draft for draft in drafts.all_of(unit.connection)}
            asking = approval.asking(unit.connection)
            found = []
            for row in rows.read_answer_rows(unit.connection):
                key = row["clinic"], row["subject"], row["detail"] or None
                found.append(_opened(asking, row, kept.pop(key, None)))
            found += [_opened(asking, None, draft) for draft in kept.values()]
        return [each for each in found if each.record.clinic in clinics]

    def open(self, place: str) -> Opened:
        """An answer by its place (`Opened.place`). Raises `NotFound`, also where it is gone."""
        number = place.removeprefix("d")
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise NotFound("There is no such answer.")
        with UnitOfWork(self._engine, read_only=True) as unit:
            asking = approval.asking(unit.connection)
            if place.startswith("d"):
                draft = drafts.read(unit.connection, int(number))
                return _opened(asking, editing.stored(unit.connection, draft.record), draft)
            query = sa.select(answers).where(answers.c.id == int(number))
            row = unit.connection.execute(query).mappings().first()
            if row is None or row["status"] == ARCHIVED:
                raise NotFound("There is no such answer, or it was taken away.")
            return _opened(asking, row, drafts.of_answer(unit.connection, row["id"]))

    def begin(self, record: AnswerRecord) -> Opened:
        """The answer to a question as it is now: stored, being written, or neither yet."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return _opened(
                approval.asking(unit.connection),
                editing.stored(unit.connection, record),
                drafts.of_key(unit.connection, record.key),
                record,
            )

    def mistakes(self, record: AnswerRecord) -> list[Mistake]:
        """Everything for which this could not be published as it is."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return editing.all_mistakes(unit.connection, record)

    def sources(self) -> list[Source]:
        """All sources, by title."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = rows.read_sources(unit.connection).values()
        return sorted(found, key=lambda source: source.title.casefold())

    def history(self, answer_id: int) -> list[Version]:
        """What an answer said, newest first."""
        query = (
            sa.select(answer_versions, answers.c.clinic, answers.c.subject, answers.c.detail)
            .join(answers, answers.c.id == answer_versions.c.answer_id)
            .where(answers.c.id == answer_id)
            .order_by(answer_versions.c.version.desc())
            .limit(MOST_VERSIONS)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [_version(row) for row in unit.connection.execute(query).mappings()]


def _version(row: rows.Row) -> Version:
    record = rows.record_of_json(row["clinic"], row["subject"], row["detail"] or None, row["body"])
    return Version(row["version"], record, row["edited_by"], row["edited_at"], row["approved_by"])


def _opened(
    asking: Collection[str],
    row: rows.Row | None,
    draft: Draft | None,
    question: AnswerRecord | None = None,
) -> Opened:
    """`asking` as for `approval.is_needed`; `question` where there is neither row nor draft."""
    stored = rows.answer_of(row) if row else None
    record = stored or (draft.record if draft else question)
    assert record is not None
    return Opened(
        answer_id=row["id"] if row else None,
        version=row["version"] if row else NEW,
        stored=stored,
        draft=draft,
        needs_approval=approval.is_needed(asking, record),
    )


def owners(clinics: Collection[str]) -> list[str]:
    """These clinics, and the library whose answers serve them."""
    return [*clinics, LIBRARY]
