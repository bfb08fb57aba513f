"""Builds the snapshot that replies are made from.

What a clinic's own answer leaves out (title, button, what it is part of, other names, offers) comes
from the library's answer to the same question, so that a clinic's file states only what differs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from bot.content.model import LIBRARY, Answer, Clinic, Notice, Snapshot, Source
from bot.content.records import PUBLISHED, AnswerRecord, ContentFiles
from bot.content.subjects import CLOSED_ROUTE


def build_snapshot(
    version: int,
    clinics: Iterable[Clinic],
    sources: Mapping[str, Source],
    answers: Iterable[tuple[int, int, AnswerRecord]],
) -> Snapshot:
    """`answers` are (id, version, record); those that are not published are left out."""
    published = {
        record.key: _answer(id_, edit, record, sources)
        for id_, edit, record in answers
        if record.status == PUBLISHED
    }
    return Snapshot(
        version=version,
        clinics={clinic.key: _closing(clinic, published) for clinic in clinics},
        answers={key: _inherit(answer, published) for key, answer in published.items()},
    )


def snapshot_of_files(content: ContentFiles) -> Snapshot:
    """The snapshot of files alone, for tools that run without a database; its version is 0."""
    clinics = [
        Clinic(
            key=record.key,
            name=record.name,
            timezone=record.timezone,
            routes=record.routes,
            notices=tuple(
                Notice(number, notice.kind, notice.text, notice.starts_at, notice.ends_at)
                for number, notice in enumerate(record.notices, start=1)
            ),
            retention_days=record.retention_days,
            origins=record.origins,
        )
        for record in content.clinics
    ]
    sources = {record.source.key: record.source for record in content.sources}
    numbered = [(number, 1, record) for number, record in enumerate(content.answers, start=1)]
    return build_snapshot(0, clinics, sources, numbered)


def with_answer(
    snapshot: Snapshot, record: AnswerRecord, sources: Mapping[str, Source], id_: int = 0
) -> Snapshot:
    """The snapshot as it would be with this answer in it, to look at it beforehand."""
    answer = _answer(id_, 0, record, sources)
    whole = {**snapshot.answers, record.key: answer}
    answers = {**whole, record.key: _inherit(answer, whole)}
    return dataclasses.replace(snapshot, answers=answers, index=None)


def _answer(id_: int, version: int, record: AnswerRecord, sources: Mapping[str, Source]) -> Answer:
    return Answer(
        id=id_,
        version=version,
        clinic=record.clinic,
        subject=record.subject,
        detail=record.detail,
        title=record.title,
        text=record.text,
        items=record.items,
        part_of=record.part_of,
        also_called=record.also_called,
        offers=record.offers,
        source=sources.get(record.source) if record.source else None,
        reviewed_on=record.reviewed_on,
        button=record.button,
        links=record.links,
        simpler=record.simpler,
        examples=record.examples,
    )


def _closing(clinic: Clinic, published: Mapping[tuple[str, str, str | None], Answer]) -> Clinic:
    """The clinic with the words for a route that is closed, its own ones or the library's."""
    own = published.get((clinic.key, CLOSED_ROUTE, None))
    said = own or published.get((LIBRARY, CLOSED_ROUTE, None))
    return dataclasses.replace(clinic, closed_text=said.text) if said else clinic


def _inherit(answer: Answer, published: Mapping[tuple[str, str, str | None], Answer]) -> Answer:
    shared = published.get((LIBRARY, answer.subject, answer.detail))
    if shared is None or shared is answer:
        return answer
    return dataclasses.replace(
        answer,
        title=answer.title or shared.title,
        button=answer.button or shared.button,
        part_of=answer.part_of or shared.part_of,
        also_called=answer.also_called or shared.also_called,
        offers=answer.offers or shared.offers,
    )
