"""Writes one answer as staff edited it: checked, in one transaction, with its old version kept.

The answer is in force in every replica within a poll; `VectorStore` makes it findable at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.engine import Connection, Engine

from bot.content import rows
from bot.content.answer_index import search_texts
from bot.content.checks import Checker
from bot.content.model import LIBRARY
from bot.content.records import ARCHIVED, STAFF, AnswerRecord
from bot.content.schema import AnswerEntry
from bot.content.subjects import FAQ
from bot.content.tables import answers, clinics, sources
from bot.content.vectors import VectorStore
from bot.db.unit_of_work import UnitOfWork
from bot.errors import ContentError, EditOvertaken

NEW = 0
"""The version of an answer that is not there yet."""


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
    where somebody else edited meanwhile, `ContentError` that names every mistake, and
    `StoreUnavailable`; nothing is changed then.
    """
    _check_entry(record)
    texts = search_texts(record.title, record.text, record.examples) if record.examples else ()
    with UnitOfWork(engine, read_only=True) as unit:
        missing = vectors.missing(unit.connection, texts)
    computed = vectors.compute(missing)  # before the transaction, which makes other writers wait
    with UnitOfWork(engine) as unit:
        rows.bump_version(unit.connection)
        row = _stored(unit.connection, record)
        if (row["version"] if row else NEW) != read_version:
            raise EditOvertaken("Somebody else changed this answer meanwhile. Look at it again.")
        _check_pointers(unit.connection, record)
        answer_id = _edit(unit.connection, row, record) if row else _add(unit.connection, record)
        body = record.body()
        rows.keep_version(unit.connection, answer_id, read_version + 1, body, by=by, at=clock())
        vectors.keep(unit.connection, computed)
        unit.commit()
    return read_version + 1


def _check_entry(record: AnswerRecord) -> None:
    """What a file of content would have to fulfil, an edit has to as well."""
    stated = {k: v for k, v in record.body().items() if v not in (None, "", [])}
    if record.status == ARCHIVED:
        stated.pop("status")
    try:
        AnswerEntry.parse_obj(stated)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise ContentError("; ".join(wrong)) from error


def _check_pointers(connection: Connection, record: AnswerRecord) -> None:
    """Nothing that the answer points at may be missing."""
    heads = connection.execute(
        sa.select(answers.c.clinic, answers.c.subject, answers.c.detail, answers.c.title).where(
            answers.c.status != ARCHIVED
        )
    ).all()
    keys = {(clinic, subject, detail or None) for clinic, subject, detail, _ in heads}
    checker = Checker(
        {LIBRARY, *connection.execute(sa.select(clinics.c.key)).scalars()},
        set(connection.execute(sa.select(sources.c.key)).scalars()),
        keys | {record.key},
        {(clinic, subject, detail or None) for clinic, subject, detail, title in heads if title},
    )
    wrong = [message for _, message in checker.mistakes(record)]
    if wrong:
        raise ContentError(" ".join(wrong))


def _stored(connection: Connection, record: AnswerRecord) -> rows.Row | None:
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
