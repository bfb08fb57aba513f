"""Tables of the conversation log.

What was said stands once, in `messages`. `turns` holds the dialogue state that Rasa needs to go on
(intents, entities, actions, slots) and no text, so that deleting and redacting have one place.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.conversations.counts import COUNTED
from bot.conversations.reference import LENGTH, new_reference
from bot.db.base import UtcDateTime, metadata

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("clinic", sa.String(64), nullable=False),
    sa.Column("token_hash", sa.String(64), unique=True),
    sa.Column("external_id", sa.String(64), unique=True),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("last_activity_at", UtcDateTime, nullable=False, index=True),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("turns", sa.Integer, nullable=False, default=0),
    sa.Column("slots", sa.JSON, nullable=False),
    sa.Column("red_flag_at", UtcDateTime, index=True),
    sa.Column("reference", sa.String(LENGTH), nullable=False, default=new_reference),
)

sa.Index("uq_conversations_reference", conversations.c.reference, unique=True)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column(
        "conversation_id",
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("failed", sa.Boolean, nullable=False, default=False),
    sa.Column("milliseconds", sa.Integer),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column(
        "conversation_id",
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("sender", sa.String(8), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("subject", sa.String(64)),
    sa.Column("detail", sa.String(64)),
    sa.Column("buttons", sa.JSON, nullable=False),
    sa.Column("links", sa.JSON, nullable=False),
    sa.Column("source", sa.JSON),
    sa.Column("intent", sa.String(64)),
    sa.Column("confidence", sa.Float),
    sa.Column("runner_up", sa.String(64)),
    sa.Column("runner_up_confidence", sa.Float),
    sa.Column("action", sa.String(64)),
    sa.Column("answer_id", sa.Integer),
    sa.Column("answer_version", sa.Integer),
    sa.Column("missed", sa.Boolean, nullable=False, default=False),
    sa.Column("request_key", sa.String(64)),
    sa.UniqueConstraint("conversation_id", "turn", "position"),
)
sa.Index("uq_messages_request", messages.c.conversation_id, messages.c.request_key, unique=True)
"""The first message of a turn holds the key of the request that the turn answers, if it had one: a
request that comes again gets the stored reply.
"""

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("message_id", sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("helpful", sa.Boolean, nullable=False),
    sa.Column("comment", sa.Text),
    sa.Column("at", UtcDateTime, nullable=False),
)

daily_counts = sa.Table(
    "daily_counts",
    metadata,
    sa.Column("clinic", sa.String(64), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    *(sa.Column(name, sa.Integer, nullable=False) for name in COUNTED),
)
"""What deleted conversations were by number (`bot/conversations/counts.py`). The counts of a day
are these and those of the conversations that are still there.
"""
