"""Keeps corrections. Each change and its entry in the record are one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.content import tables as content_tables
from bot.conversations.tables import conversations, messages
from bot.corrections.learning import Shipped, why_not
from bot.corrections.model import MOST_WHY, Correction, Draft, State, Wanted, digest_of
from bot.corrections.reading import Clinics, CorrectionReader, correction_of, of_clinics
from bot.corrections.tables import corrections
from bot.db.unit_of_work import UnitOfWork
from bot.errors import Forbidden, NotFound, Unprocessable
from bot.redaction.redact import redact
from bot.staff.audit import AuditEntry, record

MADE, IMPORTED, DECIDED = "correction.made", "correction.imported", "correction.decided"
TOLD = ("subject", "detail", "state", "message_id")
"""What the record says of a correction: never the visitor's words."""


class Corrections(CorrectionReader):
    """All corrections, to read and to change. Every method may raise `StoreUnavailable`."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime],
        shipped: Callable[[], Shipped] = Shipped.read,
    ):
        """`shipped` is asked for when something is to be learnt: reading it takes a second."""
        super().__init__(engine)
        self._clock = clock
        self._shipped = shipped

    def correct(
        self,
        message_id: str,
        wanted: Wanted,
        *,
        by: str,
        clinics: Clinics | None = None,
        why: str | None = None,
        everywhere: bool = False,
        state: State = State.NEW,
    ) -> Correction:
        """Say what a visitor's message should have been taken for.

        It holds for the clinic of the conversation, or `everywhere`. A message has one correction:
        a later one takes the place of the earlier. `clinics` are those in which `by` may do this,
        None where they may everywhere; `why` is kept redacted, as a visitor's words are.
        Raises `NotFound` where there is no such message of a visitor, `Unprocessable` where that is
        no subject or cannot be learnt, `Forbidden` where this one or the earlier one holds for
        clinics in which `by` may not do this.
        """
        wanted.check()
        self._get_ready(state)
        with UnitOfWork(self._engine) as unit:
            said = unit.connection.execute(_said(message_id, clinics)).first()
            if said is None:
                raise NotFound("There is no such message of a visitor.")
            before = unit.connection.execute(
                sa.select(corrections).where(corrections.c.message_id == message_id)
            ).first()
            if everywhere or (before is not None and before.clinic is None):
                _check_everywhere(unit.connection, clinics)
            draft = Draft(said.text, wanted, None if everywhere else said.clinic, state, why)
            got = _got(unit.connection, said)
            values = self._values(draft, by) | {
                "message_id": message_id,
                "conversation_id": said.conversation_id,
                "got_subject": got and got.subject,
                "got_detail": got and got.detail,
            }
            unit.connection.execute(
                corrections.delete().where(corrections.c.message_id == message_id)
            )
            unit.connection.execute(corrections.insert().values(values))
            replaced = {"replaced": before.id} if before is not None else {}
            self._record(unit.connection, MADE, values, by, **replaced)
            made = _stored(unit.connection, values["id"])
            unit.commit()
        return made

    def add(self, drafts: Collection[Draft], *, by: str) -> int:
        """Keep corrections that are not of a message here, as an import brings them, all or none.

        Returns how many. Raises `Unprocessable` as `correct` does.
        """
        found = []
        for draft in drafts:
            draft.wanted.check()
            found.append(self._values(draft, by))
        with UnitOfWork(self._engine) as unit:
            for values in found:
                unit.connection.execute(corrections.insert().values(values))
            for values in found:
                self._record(unit.connection, IMPORTED, values, by)
            unit.commit()
        return len(found)

    def decide(
        self, correction_id: str, state: State, *, by: str, clinics: Clinics | None = None
    ) -> Correction:
        """Choose what a correction is used for.

        Raises `NotFound`, `Unprocessable` where it cannot be learnt, and `Forbidden` where it holds
        for clinics in which `by` may not do this.
        """
        self._get_ready(state)
        with UnitOfWork(self._engine) as unit:
            this = sa.and_(corrections.c.id == correction_id, of_clinics(clinics))
            query = sa.select(corrections).where(this).with_for_update()
            row = unit.connection.execute(query).first()
            if row is None:
                raise NotFound("There is no such correction.")
            if row.clinic is None:
                _check_everywhere(unit.connection, clinics)
            self._check(row.text, row.subject, state)
            values = {"state": state.value, "decided_by": by, "decided_at": self._clock()}
            unit.connection.execute(corrections.update().where(this).values(values))
            self._record(unit.connection, DECIDED, {**row._mapping, **values}, by)
            decided = _stored(unit.connection, correction_id)
            unit.commit()
        return decided

    def _values(self, draft: Draft, by: str) -> dict[str, Any]:
        self._check(draft.text, draft.wanted.subject, draft.state)
        why = (draft.why or "").strip()
        if len(why) > MOST_WHY:
            raise Unprocessable(f"A reason has at most {MOST_WHY} characters.")
        now = self._clock()
        decided = {"decided_by": by, "decided_at": now} if draft.state is not State.NEW else {}
        return {
            "id": uuid.uuid4().hex,
            "clinic": draft.clinic,
            "text": draft.text,
            "digest": digest_of(draft.text),
            "subject": draft.wanted.subject,
            "detail": draft.wanted.detail,
            "state": draft.state.value,
            "by": by,
            "at": now,
            "why": redact(why).text if why else None,
            **decided,
        }

    def _get_ready(self, state: State) -> None:
        """Read what ships before a transaction, not in it: other writers would wait."""
        if state is State.TRAINING:
            self._shipped()

    def _check(self, text: str, subject: str, state: State) -> None:
        if state is State.TRAINING:
            why = why_not(text, subject, self._shipped())
            if why is not None:
                raise Unprocessable(why)

    def _record(
        self, connection: Connection, action: str, values: dict[str, Any], by: str, **more: str
    ) -> None:
        details = {key: values[key] for key in TOLD if values.get(key)} | more
        entry = AuditEntry(by, action, values["clinic"], values["id"], details)
        record(connection, self._clock, entry)


def _check_everywhere(connection: Connection, clinics: Clinics | None) -> None:
    if clinics is not None:
        there = connection.execute(sa.select(content_tables.clinics.c.key)).scalars()
        if not set(there) <= set(clinics):
            raise Forbidden(
                "This holds for every clinic here, and you do not review at each of them."
            )


def _stored(connection: Connection, correction_id: str) -> Correction:
    """As it is when the transaction ends: a moment later somebody may have replaced it."""
    query = sa.select(corrections).where(corrections.c.id == correction_id)
    return correction_of(connection.execute(query).one())


def _said(message_id: str, clinics: Clinics | None) -> Any:
    """A visitor's message. Its conversation is locked: who corrects it too waits, and whoever
    deletes it has its correction as well, or leaves nothing to correct.
    """
    query = (
        sa.select(
            messages.c.text, messages.c.turn, messages.c.conversation_id, conversations.c.clinic
        )
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.id == message_id, messages.c.sender == "visitor")
        .with_for_update(of=conversations)
    )
    return query if clinics is None else query.where(conversations.c.clinic.in_(clinics))


def _got(connection: Connection, said: Row) -> Wanted | None:
    """What the bot replied first in the turn of a message."""
    query = (
        sa.select(messages.c.subject, messages.c.detail)
        .where(
            messages.c.conversation_id == said.conversation_id,
            messages.c.turn == said.turn,
            messages.c.sender == "bot",
        )
        .order_by(messages.c.position)
    )
    row = connection.execute(query).first()
    return Wanted(row.subject, row.detail) if row and row.subject else None
