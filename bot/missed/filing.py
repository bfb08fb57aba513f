"""Files questions into groups and merges groups that became alike, one writer at a time.

Vectors are computed outside of any transaction. Whoever files holds the mark `groups` until the
commit; where another replica filed meanwhile, the groups are read again first, so that each
question is filed once and into the groups as they are.

While an update of the program takes, replicas of two versions may run whose vectors cannot be
compared. The one that began last leads; the others cease to file, instead of computing in turns
what the other computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.content.answer_index import eight_bits
from bot.content.tables import clinics
from bot.conversations.tables import messages
from bot.db.unit_of_work import UnitOfWork
from bot.missed.grouping import Groups
from bot.missed.intake import (
    NewQuestion,
    hold_groups,
    lead,
    new_questions,
    set_mark,
    standing,
)
from bot.missed.model import Reason, State
from bot.missed.tables import missed_groups, missed_questions

BATCH = 100
"""Questions in one transaction: a visitor who writes meanwhile waits for no more than these."""

AHEAD = 2_000
"""Questions that are read at once: PostgreSQL takes long to find the next of a long history."""

NOT_READ = -1

asked = missed_questions.c
Vectors = Callable[[Sequence[str]], np.ndarray]


class Filing:
    """Files what is new. For one thread; any number of replicas. Raises `StoreUnavailable`.

    `vectors` turns texts into unit vectors, which are comparable with others of the name `model`.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime], vectors: Vectors, model: str):
        self._engine = engine
        self._clock = clock
        self._vectors = vectors
        self._model = model
        self._changes = NOT_READ
        self._groups: dict[str, Groups] = {}
        self._read_ahead: dict[Reason, list[NewQuestion]] = {}

    def lead(self) -> None:
        """From now on this model groups, and processes of another one cease to."""
        with UnitOfWork(self._engine) as unit:
            lead(unit.connection, self._clock(), self._model)
            unit.commit()

    def leads(self) -> bool:
        """Whether no process of another model began since."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return self._is_mine(standing(unit.connection).model)

    def batch(self, reason: Reason, most: int = BATCH) -> int:
        """File the next questions of a reason. Returns how many were found; 0: all are filed, or
        another model leads.
        """
        found = self._next(reason, most)
        if not found:
            return 0
        vectors = self._packed({question.text_hash: question.text for question in found})
        known = self._catch_up()
        self._changes = NOT_READ  # until the commit: what joins a group meanwhile may not be stored
        with UnitOfWork(self._engine) as unit:
            now = hold_groups(unit.connection, self._clock())
            if not self._is_mine(now.model):
                return 0
            if now.changes != known + 1:
                self._groups = _read(unit.connection, self._model)
            zones = _zones(unit.connection)
            new = _not_filed(unit.connection, [question.message_id for question in found])
            rows = []
            for question in found:
                if question.message_id in new:
                    new.remove(question.message_id)
                    zone = zones.get(question.clinic, "UTC")
                    vector = vectors[question.text_hash]
                    rows.append(self._row(unit.connection, question, vector, zone))
            if rows:
                unit.connection.execute(missed_questions.insert(), rows)
            _give_reason(unit.connection, reason, [q.message_id for q in found])
            set_mark(unit.connection, reason.value, max(q.found_at for q in found))
            unit.commit()
        self._changes = now.changes
        del self._read_ahead[reason][: len(found)]
        return len(found)

    def forget(self) -> None:
        """Hold no vectors and no questions in memory any more."""
        self._groups, self._changes = {}, NOT_READ
        self._read_ahead = {}

    def refresh(self, most: int = BATCH) -> int:
        """Compute vectors of another model anew; their groups stay. Returns how many."""
        old = (
            sa.select(asked.message_id, messages.c.text)
            .join(messages, messages.c.id == asked.message_id)
            .where(asked.model != self._model)
            .limit(most)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = unit.connection.execute(old).all()
        if not found:
            return 0
        vectors = self._packed(dict(found))
        with UnitOfWork(self._engine) as unit:
            if not self._is_mine(hold_groups(unit.connection, self._clock()).model):
                return 0
            for id_, _ in found:
                this = missed_questions.update().where(asked.message_id == id_)
                unit.connection.execute(this.values(vector=vectors[id_], model=self._model))
            unit.commit()
        self.forget()
        return len(found)

    def merge(self) -> int:
        """Merge groups that became alike, and drop empty ones. Returns how many were merged.

        Which ones is found before the transaction; where another replica files in between, nothing
        is merged this time.
        """
        touched = sa.select(missed_groups.c.id).where(missed_groups.c.state != State.OPEN.value)
        with UnitOfWork(self._engine, read_only=True) as unit:
            before = standing(unit.connection)
            fixed = set(unit.connection.execute(touched).scalars())
            all_groups = _read(unit.connection, self._model)
        pairs = [pair for groups in all_groups.values() for pair in groups.alike(fixed)]
        with UnitOfWork(self._engine) as unit:
            now = hold_groups(unit.connection, self._clock())
            if now.changes != before.changes + 1 or not self._is_mine(now.model):
                return 0
            if fixed != set(unit.connection.execute(touched).scalars()):
                return 0
            for stays, goes in pairs:
                _merge(unit.connection, stays, goes)
            _drop_empty(unit.connection)
            unit.commit()
        self.forget()
        return len(pairs)

    def _next(self, reason: Reason, most: int) -> list[NewQuestion]:
        """The next questions; what was filed since they were read is left out when they are."""
        if not self._read_ahead.get(reason):
            with UnitOfWork(self._engine, read_only=True) as unit:
                self._read_ahead[reason] = new_questions(unit.connection, reason, AHEAD)
        return self._read_ahead[reason][:most]

    def _catch_up(self) -> int:
        """Read the groups where others changed them. Returns how often they were changed.

        Before the transaction that writes: while that lasts, visitors' turns may have to wait.
        """
        with UnitOfWork(self._engine, read_only=True) as unit:
            changes = standing(unit.connection).changes
            if changes != self._changes:
                self._groups = _read(unit.connection, self._model)
        return changes

    def _is_mine(self, model: str | None) -> bool:
        return model in (None, self._model)

    def _packed(self, texts: dict[str, str]) -> dict[str, bytes]:
        rows, _ = eight_bits(self._vectors(list(texts.values())))
        return {key: row.tobytes() for key, row in zip(texts, rows)}

    def _row(
        self, connection: Connection, question: NewQuestion, vector: bytes, zone: str
    ) -> dict[str, Any]:
        """The row of a question in its group, which is made where none is near."""
        unpacked = _unpacked([vector])[0]
        groups = self._groups.setdefault(question.clinic, Groups(len(unpacked)))
        number = groups.nearest(unpacked)
        if number is None:
            made = missed_groups.insert().values(
                clinic=question.clinic, made_at=self._clock(), state=State.OPEN.value
            )
            number = connection.execute(made).inserted_primary_key[0]
        groups.add(number, unpacked)
        return {
            "message_id": question.message_id,
            "clinic": question.clinic,
            "group_id": number,
            "at": question.at,
            "week": _monday(question.at, zone),
            **{reason.value: reason is question.reason for reason in Reason},
            "text_hash": question.text_hash,
            "centrality": groups.centrality(number, unpacked),
            "model": self._model,
            "vector": vector,
        }


def _read(connection: Connection, model: str) -> dict[str, Groups]:
    """The groups of each clinic, from the vectors of their questions."""
    query = (
        sa.select(asked.clinic, asked.group_id, asked.vector)
        .where(asked.model == model)
        .order_by(asked.group_id)
    )
    found: dict[str, Groups] = {}
    rows: dict[tuple[str, int], list[bytes]] = {}
    for clinic, number, vector in connection.execute(query):
        rows.setdefault((clinic, number), []).append(vector)
    for (clinic, number), vectors in rows.items():
        unpacked = _unpacked(vectors)
        found.setdefault(clinic, Groups(unpacked.shape[1])).add(number, unpacked)
    return found


def _unpacked(vectors: Sequence[bytes]) -> np.ndarray:
    """Rows of length one. The scale of a row of whole numbers follows from its length."""
    whole = np.frombuffer(b"".join(vectors), np.int8).reshape(len(vectors), -1)
    rows = whole.astype(np.float32)
    found: np.ndarray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return found


def _not_filed(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which messages are still there and in no group; they stay there until the commit."""
    filed = sa.select(asked.message_id).where(asked.message_id.in_(ids))
    query = (
        sa.select(messages.c.id)
        .where(messages.c.id.in_(ids), messages.c.id.not_in(filed))
        .with_for_update(read=True, key_share=True)
    )
    return set(connection.execute(query).scalars())


def _give_reason(connection: Connection, reason: Reason, ids: Sequence[str]) -> None:
    these = missed_questions.update().where(asked.message_id.in_(ids))
    connection.execute(these.values({reason.value: True}))


def _zones(connection: Connection) -> dict[str, str]:
    query = sa.select(clinics.c.key, clinics.c.timezone)
    return dict(connection.execute(query).all())


def _monday(at: datetime, zone: str) -> date:
    day = at.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def _merge(connection: Connection, stays: int, goes: int) -> None:
    questions = missed_questions.update().where(asked.group_id == goes)
    connection.execute(questions.values(group_id=stays))
    led_there = (missed_groups.c.id == goes) | (missed_groups.c.merged_into == goes)
    connection.execute(missed_groups.update().where(led_there).values(merged_into=stays))


def _drop_empty(connection: Connection) -> None:
    """Groups whose questions are all gone and that nobody dealt with, and what led to them."""
    here = missed_groups.c
    left = sa.exists().where(asked.group_id == here.id)
    empty = sa.and_(here.state == State.OPEN.value, here.merged_into.is_(None), ~left)
    connection.execute(missed_groups.delete().where(empty))
