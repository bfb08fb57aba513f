"""The list of conversations that staff read: pages, neighbours, and what stands on each line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.conversations.review_tables import conversation_tags, overview_subjects, overviews
from bot.conversations.tables import conversations, feedback, messages
from bot.db.unit_of_work import UnitOfWork
from bot.review.filters import COUNTED_UP_TO, PAGE_SIZE, ConversationFilter, Cursor
from bot.review.model import ConversationSummary, Neighbours, Page
from bot.review.narrowing import beyond, in_order, narrowed
from bot.review.recorded import of_filter
from bot.review.search import Term, read_search, snippet
from bot.staff.audit import AuditLog

SEARCHED = "conversation.searched"
KEY = (overviews.c.attention, overviews.c.last_activity_at, overviews.c.number)


class ReviewLog:
    """Lists conversations for staff. Raises `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._audit = AuditLog(engine, clock)

    def page(
        self,
        wanted: ConversationFilter,
        cursor: Cursor | None = None,
        *,
        by: str,
        size: int = PAGE_SIZE,
    ) -> Page:
        """A page of the list: the first one, or the one at a cursor of another page.

        `by` is the person's name: a search for words is recorded before anything is found.
        """
        if wanted.words is not None:
            self._audit.record(of_filter(wanted, by, SEARCHED))
        with UnitOfWork(self._engine, read_only=True) as unit:
            conditions = narrowed(unit.connection, wanted)
            if cursor is None:
                return _first(unit.connection, wanted, conditions, size)
            keys = _keys(unit.connection, wanted, conditions, size + 1, cursor)
            if cursor.backwards and len(keys) < size:  # the list has its beginning on this page
                return _first(unit.connection, wanted, conditions, size)
            total = _count(unit.connection, conditions)
            shown = keys[:size][::-1] if cursor.backwards else keys[:size]
            more = len(keys) > size
            before, after = (more, True) if cursor.backwards else (True, more)
            edge = (cursor.attention, cursor.last_activity_at, cursor.number)
            return Page(
                _summaries(unit.connection, shown, wanted),
                _cursor(shown[-1]) if after else None,
                _cursor(shown[0] if shown else edge, backwards=True) if before else None,
                total,
            )

    def total(self, wanted: ConversationFilter) -> int:
        """How many conversations a filter finds; one more than `COUNTED_UP_TO` means more."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return _count(unit.connection, narrowed(unit.connection, wanted))

    def neighbours(self, wanted: ConversationFilter, conversation_id: str) -> Neighbours:
        """What stands before and after a conversation in the list, now."""
        this = sa.select(*KEY).where(
            overviews.c.conversation_id == conversation_id, overviews.c.clinic.in_(wanted.clinics)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            key = unit.connection.execute(this).first()
            if key is None:
                return Neighbours(None, None)
            conditions = narrowed(unit.connection, wanted)
            sides = [
                _keys(unit.connection, wanted, conditions, 1, _cursor(key, backwards))
                for backwards in (True, False)
            ]
            ids = [_id_of(unit.connection, side[0].number) if side else None for side in sides]
        return Neighbours(*ids)

    def clinic_of(self, conversation_id: str) -> str | None:
        """The clinic of a conversation; None where there is no such conversation."""
        query = sa.select(conversations.c.clinic).where(conversations.c.id == conversation_id)
        with UnitOfWork(self._engine, read_only=True) as unit:
            clinic: str | None = unit.connection.execute(query).scalar()
            return clinic


def summaries(
    connection: Connection, numbers: Sequence[int], terms: Sequence[Term] = ()
) -> tuple[ConversationSummary, ...]:
    """The lines of some conversations, in the order of `numbers`."""
    if not numbers:
        return ()
    query = (
        sa.select(overviews, conversations.c.started_at, conversations.c.red_flag_at)
        .join(conversations)
        .where(overviews.c.number.in_(numbers))
    )
    found = {row.number: row for row in connection.execute(query)}
    subjects = _listed(connection, overview_subjects.c.subject, numbers)
    tags = _listed(connection, conversation_tags.c.tag, numbers)
    typed = _typed(connection, [row.conversation_id for row in found.values()]) if terms else {}
    return tuple(
        _summary(found[number], subjects[number], tags[number])
        if not terms
        else _summary(
            found[number],
            subjects[number],
            tags[number],
            snippet=snippet(typed.get(found[number].conversation_id, ()), terms),
        )
        for number in numbers
        if number in found
    )


def _summary(
    row: Row, subjects: Sequence[str], tags: Sequence[str], **more: Any
) -> ConversationSummary:
    return ConversationSummary(
        id=row.conversation_id,
        clinic=row.clinic,
        started_at=row.started_at,
        last_activity_at=row.last_activity_at,
        turns=row.turns,
        attention=row.attention,
        red_flag_at=row.red_flag_at,
        missed=row.missed,
        helpful=row.helpful,
        not_helpful=row.not_helpful,
        handoff=row.handoff,
        lowest_confidence=row.lowest_confidence,
        first_words=row.first_words,
        subjects=tuple(subjects),
        tags=tuple(tags),
        assigned_to=row.assigned_to,
        reviewed_at=row.reviewed_at,
        reviewed_by=row.reviewed_by,
        **more,
    )


def _first(
    connection: Connection, wanted: ConversationFilter, conditions: Sequence[Any], size: int
) -> Page:
    """The first page: the same walk through the list counts."""
    keys = _keys(connection, wanted, conditions, max(COUNTED_UP_TO, size) + 1)
    shown = keys[:size]
    following = _cursor(shown[-1]) if len(keys) > size else None
    return Page(_summaries(connection, shown, wanted), following, None, len(keys))


def _keys(
    connection: Connection,
    wanted: ConversationFilter,
    conditions: Sequence[Any],
    limit: int,
    cursor: Cursor | None = None,
) -> list[Row]:
    backwards = cursor is not None and cursor.backwards
    query = in_order(sa.select(*KEY).where(*conditions).limit(limit), wanted.order, backwards)
    if cursor is not None:
        query = query.where(beyond(wanted.order, cursor))
    return connection.execute(query).all()


def _count(connection: Connection, conditions: Sequence[Any]) -> int:
    some = sa.select(overviews.c.number).where(*conditions).limit(COUNTED_UP_TO + 1).subquery()
    count: int = connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
    return count


def _summaries(
    connection: Connection, keys: Sequence[Row], wanted: ConversationFilter
) -> tuple[ConversationSummary, ...]:
    terms = read_search(wanted.words).terms if wanted.words else ()
    return summaries(connection, [key.number for key in keys], terms)


def _listed(
    connection: Connection, column: sa.Column, numbers: Sequence[int]
) -> defaultdict[int, list[str]]:
    of = column.table.c
    query = sa.select(of.number, column).where(of.number.in_(numbers)).distinct().order_by(column)
    listed: defaultdict[int, list[str]] = defaultdict(list)
    for number, value in connection.execute(query):
        listed[number].append(value)
    return listed


def _typed(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """What visitors typed and commented, in order."""
    query = (
        sa.select(
            messages.c.conversation_id, messages.c.sender, messages.c.text, feedback.c.comment
        )
        .select_from(messages.outerjoin(feedback))
        .where(messages.c.conversation_id.in_(ids))
        .order_by(messages.c.turn, messages.c.position)
    )
    texts: dict[str, list[str]] = {}
    for row in connection.execute(query):
        said = row.text if row.sender == "visitor" else row.comment
        if said:
            texts.setdefault(row.conversation_id, []).append(said)
    return texts


def _id_of(connection: Connection, number: int) -> str | None:
    query = sa.select(overviews.c.conversation_id).where(overviews.c.number == number)
    found: str | None = connection.execute(query).scalar()
    return found


def _cursor(key: Any, backwards: bool = False) -> Cursor:
    attention, last_activity_at, number = key
    return Cursor(attention, last_activity_at, number, backwards)
