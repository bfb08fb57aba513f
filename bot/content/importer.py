"""Brings the store to what the content files say: one transaction, all or nothing.

What staff edited is left alone unless told otherwise. A dry run does everything but commit, so that
it cannot say anything else than what an import would do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.content import rows
from bot.content.files import load_directory
from bot.content.model import Clinic
from bot.content.records import (
    ARCHIVED,
    FILE,
    AnswerRecord,
    ClinicRecord,
    ContentFiles,
    NoticeRecord,
)
from bot.content.tables import answers, clinics, notices, sources
from bot.db.unit_of_work import UnitOfWork
from bot.paths import CONTENT_DIR

ADD, UPDATE, ARCHIVE, REMOVE, END, KEEP = "add", "update", "archive", "remove", "end", "keep"
"""What an import does to a thing. `KEEP`: the file says something else, but staff edited it."""


@dataclass(frozen=True)
class Change:
    """One thing that an import changes: `verb` is one of the above, `what` the kind of thing."""

    verb: str
    what: str
    name: str

    def __str__(self) -> str:
        return f"{self.verb} {self.what} {self.name}"


def import_content(
    engine: Engine,
    content: ContentFiles,
    clock: Callable[[], datetime],
    *,
    by: str,
    overwrite_staff_edits: bool = False,
    dry_run: bool = False,
) -> list[Change]:
    """Import a whole set of content and say what changed; the second time nothing does.

    `by` is who is noted as the editor. Raises `StoreUnavailable`; nothing is changed then.
    """
    with UnitOfWork(engine) as unit:
        rows.bump_version(unit.connection)  # first, as it makes other writers wait
        importer = _Importer(unit.connection, clock(), by, overwrite_staff_edits)
        importer.run(content)
        if importer.wrote and not dry_run:
            unit.commit()
        return importer.changes


def import_if_empty(
    engine: Engine, clock: Callable[[], datetime], folder: Path = CONTENT_DIR
) -> bool:
    """Import the shipped content into a store that holds none; says whether it did.

    Raises `ContentError` for mistakes in the files, and `StoreUnavailable`.
    """
    with UnitOfWork(engine, read_only=True) as unit:
        if unit.connection.execute(sa.select(clinics.c.key).limit(1)).first() is not None:
            return False
    return bool(import_content(engine, load_directory(folder), clock, by=FILE))


class _Importer:
    """Writes a set of content through one connection; `wrote` says whether anything was."""

    def __init__(self, connection: Connection, now: datetime, by: str, overwrite: bool):
        self._connection = connection
        self._now = now
        self._by = by
        self._overwrite = overwrite
        self.changes: list[Change] = []
        self.wrote = False

    def run(self, content: ContentFiles) -> None:
        """Sources come first, because answers point at them, and go last."""
        self._sources(content)
        self._clinics(content)
        self._answers(content)
        self._unused_sources(content)

    def _write(self, statement: Any) -> Any:
        self.wrote = True
        return self._connection.execute(statement)

    def _note(self, verb: str, what: str, name: str) -> None:
        self.changes.append(Change(verb, what, name))

    def _may_write(self, row: rows.Row, what: str, name: str) -> bool:
        """Whether the file has the last word on a row that differs from it; notes the outcome."""
        ours = row["origin"] == FILE or self._overwrite
        self._note(UPDATE if ours else KEEP, what, name)
        return ours

    def _place(self, table: sa.Table, key: Any, row: rows.Row, file: str, position: int) -> None:
        """Where a row stands in the files is followed silently: it says nothing to visitors."""
        if (row["file"], row["position"]) != (file, position):
            self._write(table.update().where(key).values(file=file, position=position))

    def _sources(self, content: ContentFiles) -> None:
        known = {row["key"]: row for row in rows.read_rows(self._connection, sources)}
        for position, record in enumerate(content.sources):
            source = record.source
            body = {
                "title": source.title,
                "publisher": source.publisher,
                "url": source.url,
                "retrieved_on": source.retrieved_on,
                "origin": FILE,
            }
            row = known.get(source.key)
            this = sources.c.key == source.key
            if row is None:
                place = {"file": record.file, "position": position}
                self._write(sources.insert().values(key=source.key, **body, **place))
                self._note(ADD, "source", source.key)
                continue
            if rows.source_of(row) != source and self._may_write(row, "source", source.key):
                self._write(sources.update().where(this).values(**body))
            self._place(sources, this, row, record.file, position)

    def _unused_sources(self, content: ContentFiles) -> None:
        wanted = {record.source.key for record in content.sources}
        used = set(self._connection.execute(sa.select(answers.c.source).distinct()).scalars())
        for row in rows.read_rows(self._connection, sources):
            if row["key"] not in wanted | used and row["origin"] == FILE:
                self._write(sources.delete().where(sources.c.key == row["key"]))
                self._note(REMOVE, "source", row["key"])

    def _clinics(self, content: ContentFiles) -> None:
        known = {row["key"]: row for row in rows.read_rows(self._connection, clinics)}
        stored = {clinic.key: clinic for clinic in rows.read_clinics(self._connection)}
        for position, stated in enumerate(content.clinics):
            row = known.get(stated.key)
            edited = tuple(row["edited_by_staff"]) if row and not self._overwrite else ()
            record = self._with_edits(stated, stored.get(stated.key), edited)
            body = {
                "name": record.name,
                "timezone": record.timezone,
                "retention_days": record.retention_days,
                "origins": list(record.origins),
                "edited_by_staff": list(edited),
                "origin": FILE,
            }
            this = clinics.c.key == record.key
            if row is None:
                place = {"file": record.file, "position": position}
                self._write(clinics.insert().values(key=record.key, **body, **place))
                self._routes(record)
                self._note(ADD, "clinic", record.key)
            else:
                same = _same_clinic(stored[record.key], record)
                if not same and self._may_write(row, "clinic", record.key):
                    self._write(clinics.update().where(this).values(**body))
                    self._routes(record)
                self._place(clinics, this, row, record.file, position)
            self._notices(record)

    def _with_edits(
        self, record: ClinicRecord, stored: Clinic | None, edited: tuple[str, ...]
    ) -> ClinicRecord:
        """The record with what staff set of this clinic in the place of what the file says."""
        kept = {name: getattr(stored, name) for name in edited}
        if any(getattr(record, name) != value for name, value in kept.items()):
            self._note(KEEP, "clinic", record.key)
        return replace(record, **kept)

    def _routes(self, record: ClinicRecord) -> None:
        self.wrote = True
        rows.write_routes(self._connection, record.key, record.routes)

    def _notices(self, record: ClinicRecord) -> None:
        """A notice is known by its kind and beginning; that staff ended it is an edit."""
        query = sa.select(notices).where(notices.c.clinic == record.key)
        known = {
            (row["kind"], row["starts_at"]): row
            for row in self._connection.execute(query).mappings()
        }
        for notice in record.notices:
            row = known.pop((notice.kind, notice.starts_at), None)
            name = f"{record.key} {notice.kind} {notice.starts_at.isoformat()}"
            body = {"text": notice.text, "ends_at": notice.ends_at, "origin": FILE}
            if row is None:
                self._add_notice(record.key, notice, body)
                self._note(ADD, "notice", name)
                continue
            same = (row["text"], row["ends_at"]) == (notice.text, notice.ends_at)
            if not same and self._may_write(row, "notice", name):
                self._write(notices.update().where(notices.c.id == row["id"]).values(**body))
        for (kind, starts_at), row in known.items():
            over = row["ends_at"] is not None and row["ends_at"] <= self._now
            if row["origin"] == FILE and not over:
                end = max(starts_at, self._now)
                self._write(notices.update().where(notices.c.id == row["id"]).values(ends_at=end))
                self._note(END, "notice", f"{record.key} {kind} {starts_at.isoformat()}")

    def _add_notice(self, clinic: str, notice: NoticeRecord, body: dict[str, Any]) -> None:
        self._write(
            notices.insert().values(
                clinic=clinic,
                kind=notice.kind,
                starts_at=notice.starts_at,
                created_by=self._by,
                created_at=self._now,
                **body,
            )
        )

    def _answers(self, content: ContentFiles) -> None:
        known = {
            (row["clinic"], row["subject"], row["detail"] or None): row
            for row in rows.read_answer_rows(self._connection)
        }
        for position, record in enumerate(content.answers):
            row = known.pop(record.key, None)
            if row is None:
                self._add_answer(record, position)
                continue
            body = record.body()
            if any(row[key] != value for key, value in body.items()) and self._may_write(
                row, "answer", f"{record.clinic} {record.name}"
            ):
                self._edit_answer(row, body)
            self._place(answers, answers.c.id == row["id"], row, record.file, position)
        ours = content.clinic_keys()
        for row in known.values():
            if row["clinic"] in ours and row["origin"] == FILE:
                self._edit_answer(row, {**rows.answer_of(row).body(), "status": ARCHIVED})
                self._note(ARCHIVE, "answer", f"{row['clinic']} {rows.answer_of(row).name}")

    def _add_answer(self, record: AnswerRecord, position: int) -> None:
        body = record.body()
        inserted = self._write(
            answers.insert().values(
                clinic=record.clinic,
                subject=record.subject,
                detail=record.detail or "",
                version=1,
                origin=FILE,
                file=record.file,
                position=position,
                **body,
            )
        )
        answer_id = inserted.inserted_primary_key[0]
        rows.keep_version(self._connection, answer_id, 1, body, by=self._by, at=self._now)
        self._note(ADD, "answer", f"{record.clinic} {record.name}")

    def _edit_answer(self, row: rows.Row, body: dict[str, Any]) -> None:
        version = row["version"] + 1
        this = answers.c.id == row["id"]
        self._write(answers.update().where(this).values(version=version, origin=FILE, **body))
        rows.keep_version(self._connection, row["id"], version, body, by=self._by, at=self._now)


def _same_clinic(stored: Clinic, record: ClinicRecord) -> bool:
    same = ("name", "timezone", "retention_days", "origins", "routes")
    return all(getattr(stored, key) == getattr(record, key) for key in same)
