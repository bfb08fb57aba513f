"""Between rows of the content tables and records, inside a caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.content.hours import read_hours
from bot.content.model import AnswerLink, Clinic, ContactRoute, Notice, RouteKind, Source
from bot.content.records import ARCHIVED, PUBLISHED, AnswerRecord
from bot.content.tables import (
    answer_versions,
    answers,
    clinics,
    contact_routes,
    content_version,
    notices,
    sources,
)

Row = Mapping[str, Any]

FEW = 500
"""Answers that are asked for one by one; SQLite takes no more than some thousand values."""


def read_version(connection: Connection) -> int:
    """The content's version number, 0 where nothing was ever written."""
    number = connection.execute(sa.select(content_version.c.number)).scalar_one_or_none()
    return int(number or 0)


def bump_version(connection: Connection) -> None:
    """Count the content's version up. Call it in every transaction that changes content."""
    changed = connection.execute(
        content_version.update().values(number=content_version.c.number + 1)
    )
    if changed.rowcount == 0:
        connection.execute(content_version.insert().values(id=1, number=1))


def read_rows(connection: Connection, table: sa.Table, *order: Any) -> list[Row]:
    return list(connection.execute(sa.select(table).order_by(*order)).mappings())


def read_clinics(connection: Connection) -> list[Clinic]:
    """Every clinic with its routes and notices."""
    routes: dict[str, list[ContactRoute]] = {}
    for row in read_rows(connection, contact_routes, contact_routes.c.position):
        routes.setdefault(row["clinic"], []).append(route_of(row))
    told: dict[str, list[Notice]] = {}
    for row in read_rows(connection, notices, notices.c.starts_at, notices.c.id):
        told.setdefault(row["clinic"], []).append(notice_of(row))
    return [
        Clinic(
            key=row["key"],
            name=row["name"],
            timezone=row["timezone"],
            routes=tuple(routes.get(row["key"], ())),
            notices=tuple(told.get(row["key"], ())),
            retention_days=row["retention_days"],
            origins=tuple(row["origins"]),
        )
        for row in read_rows(connection, clinics, clinics.c.position)
    ]


def read_sources(connection: Connection) -> dict[str, Source]:
    return {
        row["key"]: source_of(row) for row in read_rows(connection, sources, sources.c.position)
    }


def read_answer_rows(connection: Connection) -> list[Row]:
    """The rows of all answers that are not archived, in the order of the files."""
    return list(
        connection.execute(
            sa.select(answers)
            .where(answers.c.status != ARCHIVED)
            .order_by(answers.c.position, answers.c.id)
        ).mappings()
    )


def read_published_answers(
    connection: Connection, known: Mapping[int, tuple[int, AnswerRecord]]
) -> dict[int, tuple[int, AnswerRecord]]:
    """Version and record of each published answer by its id, in the order of the files.

    Those of `known` whose version is still the same are taken over, not read again.
    """
    heads = connection.execute(
        sa.select(answers.c.id, answers.c.version)
        .where(answers.c.status == PUBLISHED)
        .order_by(answers.c.position, answers.c.id)
    ).all()
    new = [id_ for id_, version in heads if id_ not in known or known[id_][0] != version]
    query = sa.select(answers).where(answers.c.status == PUBLISHED)
    if len(new) <= FEW:
        query = query.where(answers.c.id.in_(new))
    read = connection.execute(query).mappings() if new else ()
    fresh = {row["id"]: (row["version"], answer_of(row)) for row in read}
    return {id_: fresh.get(id_) or known[id_] for id_, _ in heads}


def route_of(row: Row) -> ContactRoute:
    """A contact route from its row."""
    return ContactRoute(
        RouteKind(row["kind"]),
        row["label"],
        row["text"],
        row["url"],
        row["outage_text"],
        read_hours(row["hours"]),
    )


def write_routes(connection: Connection, clinic: str, routes: Iterable[ContactRoute]) -> None:
    """Put these in the place of a clinic's routes, in this order."""
    connection.execute(contact_routes.delete().where(contact_routes.c.clinic == clinic))
    for position, route in enumerate(routes):
        connection.execute(
            contact_routes.insert().values(
                clinic=clinic,
                kind=route.kind.value,
                position=position,
                label=route.label,
                text=route.text,
                outage_text=route.outage_text,
                url=route.url,
                hours=route.hours.as_mapping(),
            )
        )


def notice_of(row: Row) -> Notice:
    return Notice(row["id"], row["kind"], row["text"], row["starts_at"], row["ends_at"])


def source_of(row: Row) -> Source:
    return Source(row["key"], row["title"], row["publisher"], row["url"], row["retrieved_on"])


def answer_of(row: Row) -> AnswerRecord:
    """An answer from its row; the empty detail of the table is none."""
    return AnswerRecord(
        clinic=row["clinic"],
        subject=row["subject"],
        detail=row["detail"] or None,
        text=row["text"],
        title=row["title"],
        button=row["button"],
        simpler=row["simpler"],
        items=tuple(row["items"]),
        part_of=row["part_of"],
        also_called=tuple(row["also_called"]),
        examples=tuple(row["examples"]),
        offers=tuple(row["offers"]),
        links=tuple(AnswerLink(**link) for link in row["links"]),
        source=row["source"],
        reviewed_on=row["reviewed_on"],
        review_by=row["review_by"],
        checked_by_native_speaker=row["checked_by_native_speaker"],
        status=row["status"],
        file=row["file"],
    )


def keep_version(
    connection: Connection,
    answer_id: int,
    version: int,
    body: Row,
    *,
    by: str,
    at: datetime,
    approved_by: str | None = None,
) -> None:
    """Write an edit of an answer down: what it said, who wrote it, when, and who approved it."""
    connection.execute(
        answer_versions.insert().values(
            answer_id=answer_id,
            version=version,
            body=as_json(body),
            edited_by=by,
            edited_at=at,
            approved_by=approved_by,
        )
    )


def as_json(body: Row) -> dict[str, Any]:
    """An answer's body with its dates as text."""
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in body.items()
    }


def record_of_json(
    clinic: str, subject: str, detail: str | None, body: Row, file: str = ""
) -> AnswerRecord:
    """The answer that `as_json` wrote down; what an old body does not know is left empty."""
    empty = AnswerRecord(clinic, subject, detail, "").body()
    whole = {**empty, **{key: value for key, value in body.items() if key in empty}}
    for key in ("reviewed_on", "review_by"):
        whole[key] = date.fromisoformat(whole[key]) if whole[key] else None
    return answer_of(
        {"clinic": clinic, "subject": subject, "detail": detail, "file": file, **whole}
    )
