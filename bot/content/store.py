"""Reads the content store: snapshots for replies, versions for pollers, records for exports.

Imports write through `bot/content/importer.py`, outages through `bot/content/outages.py`, edits of
one answer through `bot/content/editing.py`.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Connection, Engine

from bot.content import rows
from bot.content.answer_index import AnswerIndex, Vectors
from bot.content.model import Snapshot
from bot.content.records import (
    FILE,
    AnswerRecord,
    ClinicRecord,
    ContentFiles,
    NoticeRecord,
    SourceRecord,
)
from bot.content.snapshot import build_snapshot
from bot.content.tables import clinics, notices, sources
from bot.db.unit_of_work import UnitOfWork


class ContentStore:
    """The content in the database. Every method may raise `StoreUnavailable`.

    It remembers what it read, so that a change of one answer costs no more than that answer.
    """

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime], vectors: Vectors | None = None
    ):
        """With `vectors` a snapshot has the index of the answers that staff wrote."""
        self._engine = engine
        self._clock = clock
        self._vectors = vectors
        self._answers: dict[int, tuple[int, AnswerRecord]] = {}
        self._index: AnswerIndex | None = None
        self._reading = threading.Lock()

    def version(self) -> int:
        """A number that grows with every change of content or notices. One cheap query."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return rows.read_version(unit.connection)

    def snapshot(self) -> Snapshot:
        """All published content, as of one moment."""
        with self._reading:
            with UnitOfWork(self._engine, read_only=True) as unit:
                connection = unit.connection
                self._answers = rows.read_published_answers(connection, self._answers)
                made = build_snapshot(
                    version=rows.read_version(connection),
                    clinics=rows.read_clinics(connection),
                    sources=rows.read_sources(connection),
                    answers=((id_, *found) for id_, found in self._answers.items()),
                )
            if self._vectors is None:
                return made
            self._index = AnswerIndex.of(made.answers.values(), self._vectors, self._index)
            return dataclasses.replace(made, index=self._index)

    def content(self) -> ContentFiles:
        """Everything that a set of files would hold.

        Drafts too, but nothing archived and no notice that staff ended.
        """
        with UnitOfWork(self._engine, read_only=True) as unit:
            connection = unit.connection
            return ContentFiles(
                clinics=tuple(self._clinic_records(connection)),
                sources=tuple(
                    SourceRecord(rows.source_of(row), row["file"])
                    for row in rows.read_rows(connection, sources, sources.c.position)
                ),
                answers=tuple(rows.answer_of(row) for row in rows.read_answer_rows(connection)),
            )

    def _clinic_records(self, connection: Connection) -> list[ClinicRecord]:
        now = self._clock()
        kept: dict[str, list[NoticeRecord]] = {}
        for row in rows.read_rows(connection, notices, notices.c.starts_at, notices.c.id):
            notice = rows.notice_of(row)
            if row["origin"] == FILE or notice.ends_at is None or notice.ends_at > now:
                record = NoticeRecord(notice.kind, notice.text, notice.starts_at, notice.ends_at)
                kept.setdefault(row["clinic"], []).append(record)
        files = {
            row["key"]: row["file"]
            for row in rows.read_rows(connection, clinics, clinics.c.position)
        }
        return [
            ClinicRecord(
                key=clinic.key,
                name=clinic.name,
                timezone=clinic.timezone,
                routes=clinic.routes,
                notices=tuple(kept.get(clinic.key, ())),
                file=files[clinic.key],
                retention_days=clinic.retention_days,
                origins=clinic.origins,
            )
            for clinic in rows.read_clinics(connection)
        ]
