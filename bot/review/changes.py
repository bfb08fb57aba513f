"""Changes to some conversations' overviews, within a caller's transaction; nothing is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.facts import MISSED, NOT_HELPFUL, RED_FLAG, UNSURE
from bot.conversations.facts import REVIEWED as SEEN
from bot.conversations.review_tables import LONGEST_TAG, conversation_tags, overviews
from bot.db.upsert import insert_new
from bot.errors import NotFound, Unprocessable
from bot.redaction.redact import redact
from bot.review.filters import LOW_CONFIDENCE
from bot.review.narrowing import is_one_of
from bot.staff.tables import people

REVIEWED = "conversation.reviewed"
TAGGED = "conversation.tagged"
ASSIGNED = "conversation.assigned"
NOTED = "conversation.noted"
DELETED = "conversation.deleted"

LONGEST_NOTE = 2_000


def mark(connection: Connection, numbers: Sequence[int], at: datetime, by: str | None) -> None:
    """Mark as reviewed by a person, or, without one, as not reviewed."""
    values: dict[str, Any] = {
        "reviewed_at": at if by else None,
        "reviewed_by": by,
        "attention": SEEN if by else _attention(),
    }
    _update(connection, numbers, values)


def assign(connection: Connection, numbers: Sequence[int], to: str | None) -> None:
    """Give to a person, or to nobody. Raises `NotFound`."""
    known = sa.select(people.c.id).where(people.c.name == to)
    if to is not None and connection.execute(known).first() is None:
        raise NotFound("There is no person of this name.")
    _update(connection, numbers, {"assigned_to": to})


def tag(connection: Connection, clinic: str, numbers: Sequence[int], name: str) -> None:
    """Put a tag on conversations of a clinic."""
    rows = [{"clinic": clinic, "tag": name, "number": number} for number in numbers]
    if rows:
        connection.execute(insert_new(connection, conversation_tags), rows)


def untag(connection: Connection, clinic: str, numbers: Sequence[int], name: str) -> None:
    """Take a tag off conversations of a clinic."""
    of = conversation_tags.c
    this = (of.clinic == clinic, of.tag == name, of.number.in_(numbers))
    connection.execute(conversation_tags.delete().where(*this))


def tidy_tag(text: str) -> str:
    """A tag as it is kept: lower case, single blanks. Raises `Unprocessable`."""
    name = " ".join(text.lower().split())
    if not 1 <= len(name) <= LONGEST_TAG or not name.isprintable():
        raise Unprocessable(f"A tag has 1 to {LONGEST_TAG} characters.")
    return name


def tidy_note(text: str) -> str:
    """A note as it is kept: redacted as a visitor's words are. Raises `Unprocessable`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    readable = "".join(each for each in lines if each.isprintable() or each in "\n\t").strip()
    if not 1 <= len(readable) <= LONGEST_NOTE:
        raise Unprocessable(f"A note has 1 to {LONGEST_NOTE:,} characters.")
    return redact(readable).text


def _update(connection: Connection, numbers: Sequence[int], values: dict[str, Any]) -> None:
    these = is_one_of(connection, overviews.c.number, sorted(numbers))
    connection.execute(overviews.update().where(these).values(values))


def _attention() -> Any:
    """`facts.attention` of conversations that nobody has reviewed, in the database."""
    of = overviews.c
    parts = (
        (of.red_flag.is_(sa.true()), RED_FLAG),
        (of.not_helpful > 0, NOT_HELPFUL),
        (of.missed > 0, MISSED),
        (of.lowest_confidence < LOW_CONFIDENCE, UNSURE),
    )
    weights = [sa.case((is_so, weight), else_=0) for is_so, weight in parts]
    return weights[0] + weights[1] + weights[2] + weights[3]
