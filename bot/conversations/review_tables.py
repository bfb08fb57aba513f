"""Tables that staff find conversations by, and what they note on them.

`overviews` says about each conversation what the list shows and asks for. It is written in the
transactions that write the conversation, so it is never behind. Its two indexes hold all columns
that a filter asks for: even a filter that finds nothing reads one index from end to end (0.05 s
for 125,000 conversations) and no table.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.db.base import UtcDateTime, metadata

FIRST_WORDS = 160
LONGEST_TAG = 40
LONGEST_NAME = 255

overviews = sa.Table(
    "overviews",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column(
        "conversation_id",
        sa.ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    sa.Column("clinic", sa.String(64), nullable=False),
    sa.Column("last_activity_at", UtcDateTime, nullable=False),
    sa.Column("turns", sa.Integer, nullable=False, default=0),
    sa.Column("attention", sa.Integer, nullable=False, default=0),
    sa.Column("red_flag", sa.Boolean, nullable=False, default=False),
    sa.Column("missed", sa.Integer, nullable=False, default=0),
    sa.Column("helpful", sa.Integer, nullable=False, default=0),
    sa.Column("not_helpful", sa.Integer, nullable=False, default=0),
    sa.Column("handoff", sa.Boolean, nullable=False, default=False),
    sa.Column("lowest_confidence", sa.Float),
    sa.Column("first_words", sa.String(FIRST_WORDS), nullable=False, default=""),
    sa.Column("assigned_to", sa.String(LONGEST_NAME)),
    sa.Column("reviewed_at", UtcDateTime),
    sa.Column("reviewed_by", sa.String(LONGEST_NAME)),
)

_ASKED_FOR = (
    "clinic",
    "turns",
    "red_flag",
    "missed",
    "helpful",
    "not_helpful",
    "handoff",
    "lowest_confidence",
    "assigned_to",
    "reviewed_at",
)

sa.Index(
    "ix_overviews_by_attention",
    *(overviews.c[name] for name in ("attention", "last_activity_at", "number", *_ASKED_FOR)),
)
sa.Index(
    "ix_overviews_by_latest",
    *(overviews.c[name] for name in ("last_activity_at", "number", *_ASKED_FOR)),
)

overview_subjects = sa.Table(
    "overview_subjects",
    metadata,
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("detail", sa.String(64), primary_key=True),
    sa.Column(
        "number",
        sa.ForeignKey("overviews.number", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    sqlite_with_rowid=False,
)
"""What each conversation's replies were about; the detail is empty where there is none."""

search_words = sa.Table(
    "search_words",
    metadata,
    sa.Column("word", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Each word that a visitor typed, as a number (`bot/conversations/words.py`), in which conversation
and where.

Of its places those of one text follow one another, so that a phrase is found. There is no foreign
key, which would need a second index: `bot/conversations/word_index.py` adds and takes out.
"""

conversation_tags = sa.Table(
    "conversation_tags",
    metadata,
    sa.Column("clinic", sa.String(64), primary_key=True),
    sa.Column("tag", sa.String(LONGEST_TAG), primary_key=True),
    sa.Column(
        "number",
        sa.ForeignKey("overviews.number", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
)

review_notes = sa.Table(
    "review_notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "number",
        sa.ForeignKey("overviews.number", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("by", sa.String(LONGEST_NAME), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

saved_filters = sa.Table(
    "saved_filters",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person", sa.String(LONGEST_NAME), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("chosen", sa.JSON, nullable=False),
    sa.UniqueConstraint("person", "name"),
)
