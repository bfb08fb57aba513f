"""Reads groups of missed questions for staff, and keeps what staff decide about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.conversations.tables import messages
from bot.db.unit_of_work import UnitOfWork
from bot.errors import NotFound
from bot.missed.model import (
    EXAMPLES,
    PAGE_SIZE,
    Example,
    Group,
    GroupFilter,
    GroupHead,
    GroupPage,
    State,
)
from bot.missed.tables import missed_groups, missed_questions
from bot.staff.audit import AuditEntry, record

asked = missed_questions.c
groups = missed_groups.c
ALL_EXAMPLES = 50
DECIDED = "missed.decided"


class MissedQuestions:
    """Groups of missed questions. Raises `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def page(self, chosen: GroupFilter, page: int = 1, size: int = PAGE_SIZE) -> GroupPage:
        """The biggest groups first; of two of one size the older one. Pages count from 1."""
        counts = _counted(chosen).subquery()
        biggest = (
            sa.select(missed_groups, counts.c.count, counts.c.newest)
            .join(counts, counts.c.group_id == groups.id)
            .order_by(counts.c.count.desc(), groups.id)
            .limit(size)
            .offset((page - 1) * size)
        )
        in_all = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(counts.c.count), 0))
        if chosen.state is not None:
            biggest = biggest.where(groups.state == chosen.state.value)
            of_state = counts.join(missed_groups, groups.id == counts.c.group_id)
            in_all = in_all.select_from(of_state).where(groups.state == chosen.state.value)
        else:
            in_all = in_all.select_from(counts)
        with UnitOfWork(self._engine, read_only=True) as unit:
            rows = unit.connection.execute(biggest).all()
            number, questions = unit.connection.execute(in_all).one()
            found = _filled(unit.connection, rows, EXAMPLES)
        return GroupPage(found, number, int(questions))

    def group(self, group_id: int, clinics: Sequence[str]) -> Group:
        """A group with many examples; the one it was merged into, if it was.

        Raises `NotFound` where there is none, or none of these clinics, or its last question is
        gone.
        """
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = _find(unit.connection, group_id, clinics)
            counts = _counted(GroupFilter(tuple(clinics))).where(asked.group_id == found.id)
            mine = counts.subquery()
            query = sa.select(missed_groups, mine.c.count, mine.c.newest).join(
                mine, mine.c.group_id == groups.id
            )
            rows = unit.connection.execute(query).all()
            if not rows:
                raise NotFound("Nobody's question is left in this group.")
            return _filled(unit.connection, rows, ALL_EXAMPLES)[0]

    def head(self, group_id: int, clinics: Sequence[str]) -> GroupHead:
        """What was made of a group; the one it was merged into, if it was. Raises `NotFound` where
        there is none, or none of these clinics.
        """
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = _find(unit.connection, group_id, clinics)
        return GroupHead(found.id, found.clinic, State(found.state))

    def decide(self, group_id: int, state: State, *, by: str, clinics: Sequence[str]) -> None:
        """Keep what staff made of a group; `by` is the person's name. Raises `NotFound`."""
        with UnitOfWork(self._engine) as unit:
            found = _find(unit.connection, group_id, clinics)
            while not _keep(unit.connection, self._clock, found, state, by):
                found = _find(unit.connection, group_id, clinics)
            unit.commit()


def mark_answered(
    connection: Connection, clock: Callable[[], datetime], group_id: int, *, by: str
) -> None:
    """In the transaction that publishes an answer to a group's questions: they are answered.

    That counts for the group it was merged into. One that is gone, or that somebody has decided
    about meanwhile, is left.
    """
    try:
        found = _find(connection, group_id)
        while found.state == State.OPEN.value:
            if _keep(connection, clock, found, State.ANSWERED, by):
                return
            found = _find(connection, group_id)
    except NotFound:
        return


def _keep(
    connection: Connection, clock: Callable[[], datetime], found: Row, state: State, by: str
) -> bool:
    """False where the group was merged, or decided about, since it was found."""
    at = None if state is State.OPEN else clock()
    as_found = (groups.id == found.id, groups.state == found.state, groups.merged_into.is_(None))
    changed = connection.execute(
        missed_groups.update().where(*as_found).values(state=state.value, by=by, decided_at=at)
    )
    if not changed.rowcount:
        return False
    said = {"from": found.state, "to": state.value}
    record(connection, clock, AuditEntry(by, DECIDED, found.clinic, str(found.id), said))
    return True


def _find(connection: Connection, group_id: int, clinics: Sequence[str] | None = None) -> Row:
    """A group, or the one it was merged into; of any clinic where none are named."""
    query = sa.select(missed_groups).where(groups.id == group_id)
    if clinics is not None:
        query = query.where(groups.clinic.in_(clinics))
    found = connection.execute(query).first()
    if found is None:
        raise NotFound("There is no such group of missed questions.")
    return found if found.merged_into is None else _find(connection, found.merged_into, clinics)


def _counted(chosen: GroupFilter) -> sa.sql.Select:
    query = (
        sa.select(
            asked.group_id, sa.func.count().label("count"), sa.func.max(asked.at).label("newest")
        )
        .where(asked.clinic.in_(chosen.clinics))
        .group_by(asked.group_id)
    )
    if chosen.since is not None:
        query = query.where(asked.at >= chosen.since)
    if chosen.until is not None:
        query = query.where(asked.at < chosen.until)
    if chosen.reason is not None:
        query = query.where(asked[chosen.reason.value].is_(sa.true()))
    return query


def _filled(connection: Connection, rows: Sequence[Row], examples: int) -> tuple[Group, ...]:
    ids = [row.id for row in rows]
    weeks, since = _weeks(connection, ids), _since_then(connection, ids)
    typical = _examples(connection, ids, examples)
    return tuple(
        Group(
            id=row.id,
            clinic=row.clinic,
            state=State(row.state),
            by=row.by,
            decided_at=row.decided_at,
            count=row.count,
            newest=row.newest,
            since_then=None if row.decided_at is None else since.get(row.id, 0),
            weeks=tuple(weeks[row.id]),
            examples=typical[row.id],
        )
        for row in rows
    )


def _weeks(connection: Connection, ids: Sequence[int]) -> dict[int, list[tuple[date, int]]]:
    query = (
        sa.select(asked.group_id, asked.week, sa.func.count())
        .where(asked.group_id.in_(ids))
        .group_by(asked.group_id, asked.week)
        .order_by(asked.group_id, asked.week)
    )
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for group_id, week, count in connection.execute(query):
        found[group_id].append((week, count))
    return found


def _since_then(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    query = (
        sa.select(asked.group_id, sa.func.count())
        .join(missed_groups, groups.id == asked.group_id)
        .where(asked.group_id.in_(ids), asked.at > groups.decided_at)
        .group_by(asked.group_id)
    )
    return dict(connection.execute(query).all())


def _examples(
    connection: Connection, ids: Sequence[int], most: int
) -> dict[int, tuple[Example, ...]]:
    typical = sa.func.max(asked.centrality).desc()
    place = sa.func.row_number().over(
        partition_by=asked.group_id, order_by=[typical, asked.text_hash]
    )
    texts = (
        sa.select(
            asked.group_id,
            sa.func.min(asked.message_id).label("id"),
            sa.func.count().label("count"),
            place.label("place"),
        )
        .where(asked.group_id.in_(ids))
        .group_by(asked.group_id, asked.text_hash)
        .subquery()
    )
    said = messages.c
    query = (
        sa.select(
            texts.c.group_id, said.id, said.conversation_id, said.text, texts.c.count, said.at
        )
        .join(messages, said.id == texts.c.id)
        .where(texts.c.place <= most)
        .order_by(texts.c.group_id, texts.c.place)
    )
    found: dict[int, tuple[Example, ...]] = defaultdict(tuple)
    for group_id, *example in connection.execute(query):
        found[group_id] += (Example(*example),)
    return found
