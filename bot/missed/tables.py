"""Tables of missed questions. No text stands here: it is read from the messages.

A question and its vector hang on the message and go with it. A group keeps no vector of its own;
what its questions have in common is added up from theirs when it is needed.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.conversations.tables import feedback, messages
from bot.db.base import UtcDateTime, metadata
from bot.review.filters import LOW_CONFIDENCE

missed_groups = sa.Table(
    "missed_groups",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("clinic", sa.String(64), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("by", sa.String(255)),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("merged_into", sa.ForeignKey("missed_groups.id", ondelete="CASCADE"), index=True),
    sqlite_autoincrement=True,
)
"""`merged_into`: where the questions went, so that an address of the group still leads there."""

missed_questions = sa.Table(
    "missed_questions",
    metadata,
    sa.Column("message_id", sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("clinic", sa.String(64), nullable=False),
    sa.Column("group_id", sa.ForeignKey("missed_groups.id"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("week", sa.Date, nullable=False),
    sa.Column("missed", sa.Boolean, nullable=False),
    sa.Column("unsure", sa.Boolean, nullable=False),
    sa.Column("unhelpful", sa.Boolean, nullable=False),
    sa.Column("text_hash", sa.String(32), nullable=False),
    sa.Column("centrality", sa.Float, nullable=False),
    sa.Column("model", sa.String(16), nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
columns = missed_questions.c
sa.Index("ix_missed_questions_by_time", columns.clinic, columns.at, columns.group_id)
sa.Index("ix_missed_questions_by_week", columns.group_id, columns.week, columns.at)
sa.Index(
    "ix_missed_questions_by_text",
    columns.group_id,
    columns.text_hash,
    columns.centrality,
    columns.message_id,
)

missed_progress = sa.Table(
    "missed_progress",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("changes", sa.Integer, nullable=False),
    sa.Column("model", sa.String(16)),
)
"""How far each kind of question was read (`Reason`). The row `groups` is locked by whoever changes
groups; its `changes` tells others that they are not as read, its `model` which processes may.
"""

UNSURE = f"confidence < {LOW_CONFIDENCE}"
sa.Index("ix_messages_at", messages.c.at)
sa.Index(
    "ix_messages_missed",
    messages.c.at,
    sqlite_where=sa.text("missed"),
    postgresql_where=sa.text("missed"),
)
sa.Index(
    "ix_messages_unsure",
    messages.c.at,
    sqlite_where=sa.text(UNSURE),
    postgresql_where=sa.text(UNSURE),
)
sa.Index("ix_feedback_at", feedback.c.at)
"""What is new is found without reading what is old."""
