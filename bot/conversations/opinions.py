"""Keeps what visitors think of replies."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations import overviews
from bot.conversations.tables import conversations, feedback, messages
from bot.errors import NotFound
from bot.review.model import Opinion


def keep(
    connection: Connection,
    conversation_id: str,
    message_id: str,
    opinion: Opinion,
) -> None:
    """Keep an opinion of a reply within the caller's transaction; the latest one counts.

    Raises `NotFound` when it is not a reply of this conversation.
    """
    known = (
        sa.select(messages.c.turn, messages.c.position)
        .join(conversations)
        .where(
            messages.c.id == message_id,
            messages.c.conversation_id == conversation_id,
            messages.c.sender == "bot",
        )
        .with_for_update(of=conversations)  # whoever deletes it has all of its words, or none
    )
    reply = connection.execute(known).first()
    if reply is None:
        raise NotFound("There is no such reply in this conversation.")
    this = feedback.c.message_id == message_id
    before = connection.execute(sa.select(feedback).where(this)).first()
    connection.execute(feedback.delete().where(this))
    connection.execute(feedback.insert().values(message_id=message_id, **asdict(opinion)))
    overviews.set_opinion(connection, conversation_id, reply, before, opinion)
