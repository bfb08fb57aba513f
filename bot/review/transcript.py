"""A whole conversation as staff read it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.content.tables import notices
from bot.conversations import rows
from bot.conversations.review_tables import overviews, review_notes
from bot.conversations.tables import conversations, feedback, messages, turns
from bot.db.unit_of_work import UnitOfWork
from bot.errors import NotFound
from bot.review.listing import summaries
from bot.review.model import (
    Note,
    NoticeThen,
    Opinion,
    ReviewedMessage,
    TranscriptView,
)
from bot.staff.audit import AuditEntry, record

READ = "conversation.read"
CHOSEN = 1.0
"""How sure one is of a message that was a choice of a button, not words."""


class Transcripts:
    """Reads conversations for staff. Raises `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def read(
        self, conversation_id: str, clinics: Collection[str], *, by: str, action: str = READ
    ) -> TranscriptView:
        """A conversation of these clinics; that the person `by` read it is recorded first.

        `action` is what the record says: downloads are exports. Raises `NotFound`.
        """
        with UnitOfWork(self._engine) as unit:
            clinic = _clinic(unit.connection, conversation_id, clinics)
            record(unit.connection, self._clock, AuditEntry(by, action, clinic, conversation_id))
            unit.commit()
        with UnitOfWork(self._engine, read_only=True) as unit:
            _clinic(unit.connection, conversation_id, clinics)
            return transcript(unit.connection, conversation_id)


def transcript(connection: Connection, conversation_id: str) -> TranscriptView:
    """Reads a conversation inside a caller's transaction. Raises `NotFound`."""
    number = connection.execute(
        sa.select(overviews.c.number).where(overviews.c.conversation_id == conversation_id)
    ).scalar()
    if number is None:
        raise NotFound("There is no such conversation.")
    [summary] = summaries(connection, [number])
    then = _notices(connection, summary.clinic)
    said = [_message(row, then) for row in _said(connection, [conversation_id])]
    noted = sa.select(review_notes).where(review_notes.c.number == number)
    notes = connection.execute(noted.order_by(review_notes.c.at, review_notes.c.id))
    reference = connection.execute(
        sa.select(conversations.c.reference).where(conversations.c.id == conversation_id)
    ).scalar_one()
    return TranscriptView(
        summary,
        tuple(_with_choices(said)),
        tuple(Note(row.id, row.by, row.at, row.text) for row in notes),
        reference,
    )


def messages_of(
    connection: Connection, conversation_ids: Sequence[str]
) -> dict[str, list[ReviewedMessage]]:
    """The messages of some conversations, without the notices of their time."""
    found: dict[str, list[ReviewedMessage]] = {each: [] for each in conversation_ids}
    for row in _said(connection, conversation_ids):
        found[row.conversation_id].append(_message(row, ()))
    return {each: list(_with_choices(said)) for each, said in found.items()}


def _clinic(connection: Connection, conversation_id: str, clinics: Collection[str]) -> str:
    query = sa.select(conversations.c.clinic).where(conversations.c.id == conversation_id)
    clinic: str | None = connection.execute(query).scalar()
    if clinic is None or clinic not in clinics:
        raise NotFound("There is no such conversation.")
    return clinic


def _said(connection: Connection, ids: Sequence[str]) -> list[Row]:
    query = (
        sa.select(
            messages,
            turns.c.failed,
            feedback.c.helpful,
            feedback.c.comment,
            feedback.c.at.label("opinion_at"),
        )
        .select_from(
            messages.outerjoin(feedback).outerjoin(
                turns,
                (turns.c.conversation_id == messages.c.conversation_id)
                & (turns.c.number == messages.c.turn),
            )
        )
        .where(messages.c.conversation_id.in_(ids))
        .order_by(messages.c.conversation_id, messages.c.turn, messages.c.position)
    )
    return connection.execute(query).all()


def _notices(connection: Connection, clinic: str) -> Sequence[Row]:
    query = sa.select(notices).where(notices.c.clinic == clinic).order_by(notices.c.starts_at)
    return connection.execute(query).all()


def _message(row: Row, notices_: Sequence[Row]) -> ReviewedMessage:
    plain = rows.message(row)
    opinion = Opinion(row.helpful, row.comment, row.opinion_at) if row.opinion_at else None
    return ReviewedMessage(
        id=plain.id,
        turn=row.turn,
        sender=plain.sender,
        text=plain.text,
        at=plain.at,
        subject=plain.subject,
        detail=plain.detail,
        intent=row.intent,
        confidence=row.confidence,
        runner_up=row.runner_up,
        runner_up_confidence=row.runner_up_confidence,
        action=row.action,
        answer_id=row.answer_id,
        answer_version=row.answer_version,
        source=plain.source,
        links=plain.links,
        buttons=plain.buttons,
        opinion=opinion,
        notices=tuple(
            NoticeThen(notice.kind, notice.text)
            for notice in notices_
            if notice.starts_at <= plain.at
            and (notice.ends_at is None or plain.at < notice.ends_at)
        ),
        missed=row.missed,
        failed=bool(row.failed),
    )


def _with_choices(said: Sequence[ReviewedMessage]) -> list[ReviewedMessage]:
    """Marks choices: a message that has the title and the subject of a button offered before."""
    found: dict[int, dict[str, Any]] = {}
    for place, message in enumerate(said):
        if message.sender != "visitor" or message.confidence != CHOSEN:
            continue
        for earlier in range(place - 1, -1, -1):
            taken = next(
                (
                    button.id
                    for button in said[earlier].buttons
                    if (button.title, button.subject) == (message.text, message.intent)
                ),
                None,
            )
            if taken is not None:
                found[earlier] = found[place] = {"chosen": taken}
                break
    return [dataclasses.replace(each, **found.get(n, {})) for n, each in enumerate(said)]
