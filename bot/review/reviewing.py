"""What staff do with one conversation: mark, note, tag, assign, delete.

Each change and its entry in the record are one transaction. `clinics` are those in which the person
`by` may do it; conversations of others are not found (`NotFound`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.conversations.forgetting import forget
from bot.conversations.review_tables import conversation_tags, overviews, review_notes
from bot.conversations.tables import conversations
from bot.db.engine import empty_journal
from bot.db.unit_of_work import UnitOfWork
from bot.errors import NotFound
from bot.review import changes
from bot.review.model import Note, TagCount
from bot.staff.audit import AuditEntry, record


class Reviewing:
    """Changes to one conversation. Raises `NotFound`, `Unprocessable`, `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def mark(
        self, conversation_id: str, clinics: Collection[str], reviewed: bool, *, by: str
    ) -> None:
        """Mark it as reviewed, or as not."""

        def change(connection: Connection, here: Row) -> None:
            changes.mark(connection, [here.number], self._clock(), by if reviewed else None)

        said = {"reviewed": reviewed}
        self._change(
            conversation_id, clinics, AuditEntry(by, changes.REVIEWED, details=said), change
        )

    def tag(self, conversation_id: str, clinics: Collection[str], tag: str, *, by: str) -> str:
        """Put a tag on it. Returns the tag as it is kept (`changes.tidy_tag`)."""
        tag = changes.tidy_tag(tag)

        def change(connection: Connection, here: Row) -> None:
            changes.tag(connection, here.clinic, [here.number], tag)

        self._change(
            conversation_id, clinics, AuditEntry(by, changes.TAGGED, details={"added": tag}), change
        )
        return tag

    def untag(self, conversation_id: str, clinics: Collection[str], tag: str, *, by: str) -> None:
        """Take a tag off it; nothing happens where it has none such."""
        tag = changes.tidy_tag(tag)

        def change(connection: Connection, here: Row) -> None:
            changes.untag(connection, here.clinic, [here.number], tag)

        self._change(
            conversation_id,
            clinics,
            AuditEntry(by, changes.TAGGED, details={"removed": tag}),
            change,
        )

    def assign(
        self, conversation_id: str, clinics: Collection[str], to: str | None, *, by: str
    ) -> None:
        """Give it to a person by name, or to nobody. Raises `NotFound` for an unknown person."""

        def change(connection: Connection, here: Row) -> None:
            changes.assign(connection, [here.number], to)

        self._change(
            conversation_id, clinics, AuditEntry(by, changes.ASSIGNED, details={"to": to}), change
        )

    def note(self, conversation_id: str, clinics: Collection[str], text: str, *, by: str) -> Note:
        """Keep a note, redacted. Raises `Unprocessable` for an empty or too long one."""
        text = changes.tidy_note(text)
        now = self._clock()
        made: list[int] = []

        def change(connection: Connection, here: Row) -> None:
            values = {"number": here.number, "by": by, "at": now, "text": text}
            inserted = connection.execute(review_notes.insert().values(values))
            made.extend(inserted.inserted_primary_key)

        said = {"characters": len(text)}
        entry = AuditEntry(by, changes.NOTED, details=said)
        self._change(conversation_id, clinics, entry, change)
        return Note(made[0], by, now, text)

    def delete_note(self, note_id: int, clinics: Collection[str], *, by: str) -> str:
        """Delete a note of one's own. Returns the id of its conversation."""
        mine = (
            sa.select(overviews.c.conversation_id)
            .join(review_notes)
            .where(review_notes.c.id == note_id, review_notes.c.by == by)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            conversation_id = unit.connection.execute(mine).scalar()
        if conversation_id is None:
            raise NotFound("There is no such note of yours.")

        def change(connection: Connection, here: Row) -> None:
            connection.execute(review_notes.delete().where(review_notes.c.id == note_id))

        said = {"deleted": note_id}
        entry = AuditEntry(by, changes.NOTED, details=said)
        self._change(conversation_id, clinics, entry, change)
        empty_journal(self._engine)
        return str(conversation_id)

    def delete(self, conversation_id: str, clinics: Collection[str], *, by: str) -> None:
        """Forget it whole."""

        def change(connection: Connection, here: Row) -> None:
            forget(connection, conversations.c.id == conversation_id)

        entry = AuditEntry(by, changes.DELETED)
        self._change(conversation_id, clinics, entry, change)
        empty_journal(self._engine)

    def tags(self, clinics: Collection[str]) -> tuple[TagCount, ...]:
        """Tags in use in these clinics, by name, and how many conversations have each."""
        of = conversation_tags.c
        query = (
            sa.select(of.tag, sa.func.count())
            .where(of.clinic.in_(sorted(clinics)))
            .group_by(of.tag)
            .order_by(of.tag)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            return tuple(TagCount(*row) for row in unit.connection.execute(query))

    def _change(
        self,
        conversation_id: str,
        clinics: Collection[str],
        entry: AuditEntry,
        change: Callable[[Connection, Row], None],
    ) -> None:
        with UnitOfWork(self._engine) as unit:
            here = _here(unit.connection, conversation_id, clinics)
            change(unit.connection, here)
            whole = dataclasses.replace(entry, clinic=here.clinic, target=conversation_id)
            record(unit.connection, self._clock, whole)
            unit.commit()


def _here(connection: Connection, conversation_id: str, clinics: Collection[str]) -> Row:
    """The conversation's overview, locked; the conversation first, as a turn does."""
    query = (
        sa.select(overviews.c.number, overviews.c.clinic)
        .join(conversations)
        .where(conversations.c.id == conversation_id, overviews.c.clinic.in_(sorted(clinics)))
        .with_for_update(of=conversations)
    )
    here = connection.execute(query).first()
    if here is None:
        raise NotFound("There is no such conversation.")
    return here
