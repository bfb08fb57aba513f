"""Finds questions that are not in a group yet. Reads by three indexes, each from its own mark on.

A message may be stored a little after the moment that it bears, or by a replica whose clock is
behind: so reading begins some time before the mark, and what is there already is left out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.tables import conversations, feedback, messages
from bot.db.upsert import upsert
from bot.missed.model import Reason
from bot.missed.tables import UNSURE, missed_progress, missed_questions
from bot.missed.wording import normalised

OVERLAP = timedelta(minutes=15)
BEGINNING = datetime(2000, 1, 1, tzinfo=timezone.utc)

GROUPS = "groups"

said = messages.alias("said")


@dataclass(frozen=True)
class Standing:
    """How often groups were changed, and the model by whose vectors they are (None: any)."""

    changes: int
    model: str | None


@dataclass(frozen=True)
class NewQuestion:
    """A visitor's message to be grouped. `found_at` is what the mark of its reason moves to."""

    message_id: str
    clinic: str
    text: str
    at: datetime
    reason: Reason
    found_at: datetime

    @property
    def text_hash(self) -> str:
        """The same for texts that differ in case, punctuation and spaces only."""
        return hashlib.sha256(normalised(self.text).encode()).hexdigest()[:32]


def new_questions(connection: Connection, reason: Reason, most: int) -> list[NewQuestion]:
    """The next questions of a reason, the oldest first."""
    found_at, source = _sources()[reason]
    known = missed_questions
    query = (
        source.add_columns(said.c.id, conversations.c.clinic, said.c.text, said.c.at, found_at)
        .join(conversations, conversations.c.id == said.c.conversation_id)
        .outerjoin(known, known.c.message_id == said.c.id)
        .where(
            said.c.sender == "visitor",
            found_at >= mark(connection, reason.value) - OVERLAP,
            known.c.message_id.is_(None) | known.c[reason.value].is_(sa.false()),
        )
        .order_by(found_at)
        .limit(most)
    )
    return [
        NewQuestion(row[0], row[1], row[2], row[3], reason, row[4])
        for row in connection.execute(query)
    ]


def mark(connection: Connection, name: str) -> datetime:
    """How far something was done; long ago where it never was."""
    query = sa.select(missed_progress.c.at).where(missed_progress.c.name == name)
    return connection.execute(query).scalar() or BEGINNING


def set_mark(connection: Connection, name: str, at: datetime, **more: Any) -> None:
    """Move a mark, and hold it until the transaction ends."""
    insert = upsert(connection, missed_progress)
    moved = insert.values(name=name, at=at, changes=1, **more).on_conflict_do_update(
        index_elements=["name"],
        set_={"at": insert.excluded.at, "changes": missed_progress.c.changes + 1, **more},
    )
    connection.execute(moved)


def standing(connection: Connection) -> Standing:
    """How groups stand now."""
    query = sa.select(missed_progress.c.changes, missed_progress.c.model)
    found = connection.execute(query.where(missed_progress.c.name == GROUPS)).first()
    return Standing(0, None) if found is None else Standing(*found)


def hold_groups(connection: Connection, at: datetime) -> Standing:
    """Let nobody else change groups until the transaction ends. Counts as a change itself."""
    set_mark(connection, GROUPS, at)
    return standing(connection)


def lead(connection: Connection, at: datetime, model: str) -> None:
    """From now on questions are grouped by the vectors of this model."""
    set_mark(connection, GROUPS, at, model=model)


def _sources() -> dict[Reason, tuple[Any, Any]]:
    """For each reason the moment that it arose, and where from."""
    reply = messages.alias("reply")
    of_turn = sa.and_(
        said.c.conversation_id == reply.c.conversation_id, said.c.turn == reply.c.turn
    )
    missed = sa.select().select_from(reply.join(said, of_turn))
    unhelpful = sa.select().select_from(
        feedback.join(reply, reply.c.id == feedback.c.message_id).join(said, of_turn)
    )
    return {
        Reason.MISSED: (reply.c.at, missed.where(sa.text("reply.missed"))),
        Reason.UNSURE: (said.c.at, sa.select().select_from(said).where(sa.text(f"said.{UNSURE}"))),
        Reason.UNHELPFUL: (feedback.c.at, unhelpful.where(feedback.c.helpful.is_(sa.false()))),
    }
