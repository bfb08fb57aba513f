"""Writes one answer as staff edited it: checked, in one transaction, with its old version kept.

The answer is in force in every replica within a poll; `VectorStore` makes it findable at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.engine import Connection, Engine

from bot.content import rows
from bot.content.answer_index import search_texts
from bot.content.approval import refuse_unapproved
from bot.content.checks import Checker, Mistake
from bot.content.model import LIBRARY
from bot.content.records import ARCHIVED, STAFF, AnswerRecord
from bot.content.schema import AnswerEntry
from bot.content.subjects import FAQ
from bot.content.tables import answers, clinics, sources
from bot.content.vectors import VectorStore
from bot.db.unit_of_work import UnitOfWork
from bot.errors import ContentError, EditOvertaken
from bot.staff.audit import AuditEntry
from bot.staff.audit import record as record_in_audit

NEW = 0
"""The version of an answer that is not there yet."""


class AnswerRefusedError(ContentError):
    """An answer that cannot be used. `mistakes` holds all that is wrong with it."""

    def __init__(self, mistakes: Sequence[Mistake]):
        self.mistakes = tuple(mistakes)
        said = (f"{_path(mistake.way)}{mistake.message}" for mistake in mistakes)
        super().__init__(" ".join(said))


def write_answer(
    engine: Engine,
    record: AnswerRecord,
    clock: Callable[[], datetime],
    vectors: VectorStore,
    *,
    by: str,
    read_version: int,
) -> int:
    """Write an answer and return its version.

    `read_version` is the version that was edited, `NEW` for an answer that is to be made; `by` is
    who is noted as the editor. A status of `ARCHIVED` takes the answer away. Raises `EditOvertaken`
    where somebody else edited meanwhile, `AnswerRefusedError` that names every mistake,
    `ApprovalNeeded`, and `StoreUnavailable`; nothing is changed then.
    """
    refuse(entry_mistakes(record))
    computed = compute_vectors(engine, vectors, record)
    with UnitOfWork(engine) as unit:
        rows.bump_version(unit.connection)
        write_in(unit.connection, clock, record, by=by, read_version=read_version)
        vectors.keep(unit.connection, computed)
        entry = entry_of(record, by, read_version + 1)
        record_in_audit(unit.connection, clock, entry)
        unit.commit()
    return read_version + 1


def compute_vectors(
    engine: Engine, vectors: VectorStore, record: AnswerRecord
) -> Mapping[str, bytes]:
    """What the answer is found by. Before the transaction, which makes other writers wait."""
    texts = search_texts(record.title, record.text, record.examples) if record.examples else ()
    with UnitOfWork(engine, read_only=True) as unit:
        missing = vectors.missing(unit.connection, texts)
    return vectors.compute(missing)


def write_in(
    connection: Connection,
    clock: Callable[[], datetime],
    record: AnswerRecord,
    *,
    by: str,
    read_version: int,
    approved_by: str | None = None,
) -> int:
    """Write an answer in a caller's transaction and return its number. Raises as `write_answer`."""
    refuse(mistakes_in(connection, record))
    return put_in(
        connection, clock, record, by=by, read_version=read_version, approved_by=approved_by
    )


def put_in(
    connection: Connection,
    clock: Callable[[], datetime],
    record: AnswerRecord,
    *,
    by: str,
    read_version: int,
    approved_by: str | None = None,
) -> int:
    """As `write_in`, for callers who write several answers that belong together and see to it that
    nothing is wrong among them (`mistakes_in`). Raises `EditOvertaken` and `ApprovalNeeded`.
    """
    row = stored(connection, record)
    if (row["version"] if row else NEW) != read_version:
        raise EditOvertaken("Somebody else changed this answer meanwhile. Look at it again.")
    refuse_unapproved(connection, record, by, approved_by)
    answer_id = _edit(connection, row, record) if row else _add(connection, record)
    rows.keep_version(
        connection,
        answer_id,
        read_version + 1,
        record.body(),
        by=by,
        at=clock(),
        approved_by=approved_by,
    )
    return answer_id


def entry_of(
    record: AnswerRecord, by: str, version: int, approved_by: str | None = None
) -> AuditEntry:
    """What the record says of an edit. The words themselves stand in the answer's history."""
    details: dict[str, Any] = {"version": version, "status": record.status}
    if approved_by is not None:
        details |= {"written_by": by, "approved_by": approved_by}
    action = "answer.archived" if record.status == ARCHIVED else f"answer.{record.status}"
    return AuditEntry(approved_by or by, action, record.clinic, record.name, details)


def refuse(mistakes: Iterable[Mistake]) -> None:
    """Raises `AnswerRefusedError` where there are any."""
    wrong = list(mistakes)
    if wrong:
        raise AnswerRefusedError(wrong)


def all_mistakes(connection: Connection, record: AnswerRecord) -> list[Mistake]:
    """Everything for which an answer could not be stored as it is."""
    return [*entry_mistakes(record), *mistakes_in(connection, record)]


def entry_mistakes(record: AnswerRecord) -> Iterator[Mistake]:
    """What a file of content would have to fulfil, an edit has to as well."""
    stated = {k: v for k, v in record.body().items() if v not in (None, "", [])}
    if record.status == ARCHIVED:
        stated.pop("status")
    try:
        AnswerEntry.parse_obj(stated)
    except ValidationError as error:
        for each in error.errors():
            message, way = str(each["msg"]), each["loc"]
            said = f"{message[:1].upper()}{message[1:].rstrip('.')}."
            yield Mistake(way, said, str(way[0]) if _is_empty(each["type"]) else "")


def _is_empty(kind: str) -> bool:
    """Whether pydantic's kind of error means that nothing is written there."""
    return kind == "value_error.missing" or kind.endswith(".min_length")


def mistakes_in(connection: Connection, record: AnswerRecord) -> Iterator[Mistake]:
    """What is wrong with an answer among the others: nothing that it points at may be missing, and
    none of its names may mean something else already.
    """
    columns = (answers.c.clinic, answers.c.subject, answers.c.detail, answers.c.title)
    heads = connection.execute(sa.select(*columns).where(answers.c.status != ARCHIVED)).all()
    keys = {(clinic, subject, detail or None) for clinic, subject, detail, _ in heads}
    checker = Checker(
        {LIBRARY, *connection.execute(sa.select(clinics.c.key)).scalars()},
        set(connection.execute(sa.select(sources.c.key)).scalars()),
        keys | {record.key},
        {(clinic, subject, detail or None) for clinic, subject, detail, title in heads if title},
    )
    yield from checker.mistakes(record)
    yield from _names_taken(connection, record)


def _names_taken(connection: Connection, record: AnswerRecord) -> Iterator[Mistake]:
    if record.detail is None or not record.also_called:
        return
    others = connection.execute(
        sa.select(answers.c.detail, answers.c.also_called).where(
            answers.c.status != ARCHIVED,
            answers.c.subject == record.subject,
            answers.c.detail.notin_(["", record.detail]),
        )
    )
    taken = {name.casefold(): detail for detail, names in others for name in names}
    for number, name in enumerate(record.also_called):
        if name.casefold() in taken:
            meant = f"{record.subject}/{taken[name.casefold()]}"
            message = f"'{name}' already means {meant}; keep it in one place."
            yield Mistake(("also_called", number), message)


def stored(connection: Connection, record: AnswerRecord) -> rows.Row | None:
    """The row of an answer's question that is not archived."""
    clinic, subject, detail = record.key
    found = connection.execute(
        sa.select(answers).where(
            answers.c.clinic == clinic,
            answers.c.subject == subject,
            answers.c.detail == (detail or ""),
            answers.c.status != ARCHIVED,
        )
    )
    return found.mappings().first()


def _path(way: Sequence[str | int]) -> str:
    return f"{'.'.join(map(str, way))}: " if way else ""


def _edit(connection: Connection, row: rows.Row, record: AnswerRecord) -> int:
    connection.execute(
        answers.update()
        .where(answers.c.id == row["id"])
        .values(version=row["version"] + 1, origin=STAFF, **record.body())
    )
    return int(row["id"])


def _add(connection: Connection, record: AnswerRecord) -> int:
    """Insert an answer after all others, in the file that an export will write it to."""
    last = connection.execute(sa.select(sa.func.max(answers.c.position))).scalar_one_or_none()
    placed = record if record.file else replace(record, file=f"{record.clinic}/{FAQ}.yml")
    clinic, subject, detail = record.key
    inserted = connection.execute(
        answers.insert().values(
            clinic=clinic,
            subject=subject,
            detail=detail or "",
            version=NEW + 1,
            origin=STAFF,
            file=placed.file,
            position=(last or 0) + 1,
            **record.body(),
        )
    )
    return int(inserted.inserted_primary_key[0])
