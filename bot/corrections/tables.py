"""The table of corrections.

A correction hangs on its conversation, so that it goes when the visitor asks to be forgotten. When
only the time of the conversation is over, `release` cuts the link first, and the correction stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.corrections.model import LONGEST_KEY
from bot.db.base import UtcDateTime, metadata

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id", ondelete="CASCADE"), index=True),
    sa.Column("message_id", sa.String(32), unique=True),
    sa.Column("clinic", sa.String(LONGEST_KEY)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, index=True),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("detail", sa.String(LONGEST_KEY)),
    sa.Column("got_subject", sa.String(64)),
    sa.Column("got_detail", sa.String(64)),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("why", sa.Text),
    sa.Column("decided_by", sa.String(200)),
    sa.Column("decided_at", UtcDateTime),
)


def release(connection: Connection, conversation_ids: Sequence[str]) -> None:
    """Keep the corrections of conversations whose time is over: call it just before these are
    deleted, in the same transaction. Not for a visitor who asks to be forgotten.
    """
    connection.execute(
        corrections.update()
        .where(corrections.c.conversation_id.in_(conversation_ids))
        .values(conversation_id=None, message_id=None)
    )
