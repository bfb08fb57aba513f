"""Files questions into groups and merges groups that became alike, one writer at a time.

Vectors are computed outside of any transaction. Whoever files holds the mark `groups` until the
commit; where another replica filed meanwhile, the groups are read again first, so that each
question is filed once and into the groups as they are.
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
from bot.missed.intake import NewQuestion, new_questions, set_mark, times_moved
from bot.missed.model import Reason, State
from bot.missed.tables import missed_groups, missed_questions

BATCH = 100
"""Questions in one transaction: a visitor who writes meanwhile waits for no more than these."""

AHEAD = 2_000
"""Questions that are read at once: PostgreSQL takes long to find the next of a long history."""

GROUPS = "groups"

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
        self._changes = -1
        self._groups: dict[str, Groups] = {}
        self._read_ahead: dict[Reason, list[NewQuestion]] = {}

    def batch(self, reason: Reason, most: int = BATCH) -> int:
        """File the next questions of a reason. Returns how many were found; 0: all are filed."""
        found = self._next(reason, most)
        if not found:
            return 0
        vectors = self._packed({question.text_hash: question.text for question in found})
        with UnitOfWork(self._engine) as unit:
            changes = set_mark(unit.connection, GROUPS, self._clock())
            if changes != self._changes + 1 or not self._groups:
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
        self._changes = changes
        return len(found)

    def forget(self) -> None:
        """Hold no vectors and no questions in memory any more."""
        self._groups, self._changes = {}, -1
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
            set_mark(unit.connection, GROUPS, self._clock())
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
            changes = times_moved(unit.connection, GROUPS)
            fixed = set(unit.connection.execute(touched).scalars())
            all_groups = _read(unit.connection, self._model)
        pairs = [pair for groups in all_groups.values() for pair in groups.alike(fixed)]
        with UnitOfWork(self._engine) as unit:
            if set_mark(unit.connection, GROUPS, self._clock()) != changes + 1:
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
        ahead = self._read_ahead.get(reason)
        if not ahead:
            with UnitOfWork(self._engine, read_only=True) as unit:
                ahead = new_questions(unit.connection, reason, AHEAD)
        self._read_ahead[reason] = ahead[most:]
        return ahead[:most]

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
