"""What staff are writing of answers, before visitors read it. One draft an answer.

A draft may be wrong or half done: it is checked when it is published (`bot/content/publishing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.content import rows
from bot.content.records import DRAFT, AnswerRecord
from bot.content.tables import answer_drafts
from bot.errors import EditOvertaken, NotFound

NO_EDIT = 0
"""The edit of a draft that is not there yet."""


class DraftState(str, Enum):
    """How far a draft is on its way."""

    WRITING = "writing"
    WAITING = "waiting"
    """For somebody else to approve it."""
    RETURNED = "returned"
    """By whoever should have approved it, or because it could not be published; `note` says why."""
    READY = "ready"
    """To be published at `publish_at`."""


@dataclass(frozen=True)
class Draft:
    """`answer_id` is None for an answer that is not there yet, `read_version` the version of the
    answer that the draft changes. `approved_by` somebody else than `written_by`, or nobody yet.
    `missed` is the group of missed questions that are answered once it is published.
    """

    id: int
    answer_id: int | None
    record: AnswerRecord
    edit: int
    read_version: int
    written_by: str
    written_at: datetime
    state: DraftState
    publish_at: datetime | None
    approved_by: str | None
    note: str
    missed: int | None


def draft_of(row: rows.Row) -> Draft:
    """A draft from its row."""
    return Draft(
        id=row["id"],
        answer_id=row["answer_id"],
        record=rows.record_of_json(
            row["clinic"], row["subject"], row["detail"] or None, row["body"]
        ),
        edit=row["edit"],
        read_version=row["read_version"],
        written_by=row["written_by"],
        written_at=row["written_at"],
        state=DraftState(row["state"]),
        publish_at=row["publish_at"],
        approved_by=row["approved_by"],
        note=row["note"],
        missed=row["missed"],
    )


def read(connection: Connection, draft_id: int) -> Draft:
    """A draft by its number. Raises `NotFound`."""
    found = _first(connection, answer_drafts.c.id == draft_id)
    if found is None:
        raise NotFound("This draft is not there any more: it was published or thrown away.")
    return found


def of_answer(connection: Connection, answer_id: int) -> Draft | None:
    """The draft of an answer that is there."""
    return _first(connection, answer_drafts.c.answer_id == answer_id)


def of_key(connection: Connection, key: tuple[str, str, str | None]) -> Draft | None:
    """The draft for a question (owner, subject, detail)."""
    clinic, subject, detail = key
    columns = answer_drafts.c
    this = sa.and_(
        columns.clinic == clinic, columns.subject == subject, columns.detail == (detail or "")
    )
    return _first(connection, this)


def all_of(connection: Connection) -> list[Draft]:
    """Every draft, in the order in which they were begun."""
    query = sa.select(answer_drafts).order_by(answer_drafts.c.id)
    return [draft_of(row) for row in connection.execute(query).mappings()]


def due(connection: Connection, at: datetime) -> list[Draft]:
    """Drafts whose time to be published has come."""
    query = sa.select(answer_drafts).where(
        answer_drafts.c.state == DraftState.READY.value, answer_drafts.c.publish_at <= at
    )
    return [draft_of(row) for row in connection.execute(query).mappings()]


def values_of(
    record: AnswerRecord,
    *,
    answer_id: int | None,
    read_version: int,
    by: str,
    at: datetime,
    state: DraftState = DraftState.WRITING,
) -> dict[str, Any]:
    """The table's values of a draft that `by` writes now, for `add` and `change`."""
    clinic, subject, detail = record.key
    return {
        "answer_id": answer_id,
        "clinic": clinic,
        "subject": subject,
        "detail": detail or "",
        "body": rows.as_json(replace(record, status=DRAFT).body()),
        "read_version": read_version,
        "written_by": by,
        "written_at": at,
        "state": state.value,
        "publish_at": None,
        "approved_by": None,
        "note": "",
    }


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write a new draft; `values` are the table's. Returns its number."""
    inserted = connection.execute(answer_drafts.insert().values(edit=NO_EDIT + 1, **values))
    return int(inserted.inserted_primary_key[0])


def change(connection: Connection, draft_id: int, read_edit: int, **values: Any) -> None:
    """Change a draft. Raises `EditOvertaken` where it is not the one that was read any more."""
    changed = connection.execute(
        answer_drafts.update()
        .where(answer_drafts.c.id == draft_id, answer_drafts.c.edit == read_edit)
        .values(edit=read_edit + 1, **values)
    )
    if not changed.rowcount:
        raise EditOvertaken("Somebody else changed this draft meanwhile. Look at it again.")


def drop(connection: Connection, draft_id: int) -> None:
    """Delete a draft."""
    connection.execute(answer_drafts.delete().where(answer_drafts.c.id == draft_id))


def _first(connection: Connection, this: Any) -> Draft | None:
    row = connection.execute(sa.select(answer_drafts).where(this)).mappings().first()
    return draft_of(row) if row else None
