"""Writes the overview of a conversation in the transaction that writes the conversation.

A review covers what was said until then: whatever comes later, a message or an opinion, makes the
conversation one that nobody has reviewed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.conversations.facts import attention, facts_of
from bot.conversations.model import DraftMessage
from bot.conversations.review_tables import FIRST_WORDS, overview_subjects, overviews
from bot.conversations.tables import feedback, messages
from bot.conversations.word_index import TYPED, add_words, comment_of, take_out, take_out_text
from bot.db.upsert import insert_new
from bot.review.model import Opinion

_OF_CONVERSATION = (
    sa.select(overviews)
    .where(overviews.c.conversation_id == sa.bindparam("this"))
    .with_for_update()
)
_CHANGE = overviews.update().where(overviews.c.number == sa.bindparam("this"))
_NOT_REVIEWED = {"reviewed_at": None, "reviewed_by": None}


_BEGIN = overviews.insert()


def begin(connection: Connection, conversation_id: str, clinic: str, at: datetime) -> None:
    """The overview of a conversation that has just begun."""
    connection.execute(
        _BEGIN,
        {"conversation_id": conversation_id, "clinic": clinic, "last_activity_at": at},
    )


def add_turn(
    connection: Connection,
    conversation_id: str,
    turn: int,
    at: datetime,
    drafts: Sequence[DraftMessage],
) -> None:
    """Add a turn's facts and words."""
    now = _of(connection, conversation_id)
    facts = facts_of(drafts)
    typed = " ".join(draft.text for draft in drafts if draft.sender == "visitor")
    sure = [each for each in (now.lowest_confidence, facts.confidence) if each is not None]
    changed = {
        "last_activity_at": at,
        "turns": turn,
        "red_flag": now.red_flag or facts.red_flag,
        "missed": now.missed + facts.missed,
        "handoff": now.handoff or facts.handoff,
        "lowest_confidence": min(sure, default=None),
        "first_words": now.first_words or typed[:FIRST_WORDS],
    }
    _write(connection, now, changed)
    if facts.subjects:
        connection.execute(
            insert_new(connection, overview_subjects),
            [
                {"subject": subject, "detail": detail, "number": now.number}
                for subject, detail in sorted(facts.subjects)
            ],
        )
    add_words(connection, now.number, turn, TYPED, typed)


def set_opinion(
    connection: Connection,
    conversation_id: str,
    reply: Row,
    before: Row | None,
    opinion: Opinion,
) -> None:
    """Count an opinion instead of the one that the visitor had `before` of the same reply.

    `reply` has the `turn` and `position` of the message that it is about.
    """
    now = _of(connection, conversation_id)
    which = comment_of(reply.position)
    if before is not None and before.comment:
        take_out_text(connection, now.number, reply.turn, which, before.comment)
    if opinion.comment:
        add_words(connection, now.number, reply.turn, which, opinion.comment)
    was = None if before is None else before.helpful
    changed = {
        "helpful": now.helpful + opinion.helpful - (was is True),
        "not_helpful": now.not_helpful + (not opinion.helpful) - (was is False),
    }
    _write(connection, now, changed)


def take_out_words(connection: Connection, conversation_ids: Sequence[str]) -> None:
    """Make conversations unfindable that are about to be deleted; all else hangs on them."""
    these = overviews.c.conversation_id.in_(conversation_ids)
    of_these = messages.join(overviews, overviews.c.conversation_id == messages.c.conversation_id)
    typed = (
        sa.select(overviews.c.number, messages.c.text)
        .select_from(of_these)
        .where(these, messages.c.sender == "visitor")
    )
    comments = (
        sa.select(overviews.c.number, feedback.c.comment)
        .select_from(of_these.join(feedback))
        .where(these, feedback.c.comment.is_not(None))
    )
    texts = [*connection.execute(typed), *connection.execute(comments)]
    take_out(connection, ((number, text) for number, text in texts))


def _of(connection: Connection, conversation_id: str) -> Row:
    return connection.execute(_OF_CONVERSATION, {"this": conversation_id}).one()


def _write(connection: Connection, now: Row, changed: dict[str, Any]) -> None:
    after = {**now._mapping, **changed}
    changed["attention"] = attention(
        after["red_flag"],
        after["not_helpful"],
        after["missed"],
        after["lowest_confidence"],
        reviewed=False,
    )
    connection.execute(_CHANGE, {"this": now.number, **changed, **_NOT_REVIEWED})
