"""Tables of the content store.

`origin` says who has the last word on a row: `file` rows follow the shipped files on import,
`staff` rows were edited and are left alone; of a clinic `edited_by_staff` names what staff set
(`routes`, `retention_days`) while the rest follows its file. `file` and `position` remember where a
row stands in which file, so that an export gives the files back.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.content.model import RETENTION_DAYS
from bot.db.base import UtcDateTime, metadata


def _file_columns() -> list[sa.Column]:
    return [
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("file", sa.String(255), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    ]


clinics = sa.Table(
    "clinics",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("retention_days", sa.Integer, nullable=False, default=RETENTION_DAYS),
    sa.Column("origins", sa.JSON, nullable=False, default=list),
    sa.Column("edited_by_staff", sa.JSON, nullable=False, default=list),
    *_file_columns(),
)

contact_routes = sa.Table(
    "contact_routes",
    metadata,
    sa.Column("clinic", sa.ForeignKey("clinics.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("label", sa.String(255), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("outage_text", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("hours", sa.JSON, nullable=False, default=dict),
)

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "clinic", sa.ForeignKey("clinics.key", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime),
    sa.Column("origin", sa.String(8), nullable=False),
    sa.Column("created_by", sa.String(255), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("title", sa.String(255), nullable=False),
    sa.Column("publisher", sa.String(255), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("retrieved_on", sa.Date),
    *_file_columns(),
)

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("clinic", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    # Empty instead of NULL, because a unique index takes every NULL for a different value.
    sa.Column("detail", sa.String(64), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("title", sa.String(255), nullable=False),
    sa.Column("button", sa.String(255), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("simpler", sa.Text, nullable=False),
    sa.Column("items", sa.JSON, nullable=False),
    sa.Column("part_of", sa.String(64)),
    sa.Column("also_called", sa.JSON, nullable=False),
    sa.Column("examples", sa.JSON, nullable=False),
    sa.Column("offers", sa.JSON, nullable=False),
    sa.Column("links", sa.JSON, nullable=False),
    sa.Column("source", sa.ForeignKey("sources.key")),
    sa.Column("reviewed_on", sa.Date),
    sa.Column("review_by", sa.Date),
    sa.Column("checked_by_native_speaker", sa.Boolean),
    *_file_columns(),
    sa.CheckConstraint("status IN ('draft', 'published', 'archived')", name="status"),
)
sa.Index(
    "uq_answers_question",
    answers.c.clinic,
    answers.c.subject,
    answers.c.detail,
    unique=True,
    sqlite_where=answers.c.status != "archived",
    postgresql_where=answers.c.status != "archived",
)

answer_versions = sa.Table(
    "answer_versions",
    metadata,
    sa.Column("answer_id", sa.ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("edited_by", sa.String(255), nullable=False),
    sa.Column("edited_at", UtcDateTime, nullable=False),
    sa.Column("approved_by", sa.String(255)),
)

answer_drafts = sa.Table(
    "answer_drafts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("answer_id", sa.ForeignKey("answers.id", ondelete="CASCADE")),
    sa.Column("clinic", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("detail", sa.String(64), nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("edit", sa.Integer, nullable=False),
    sa.Column("read_version", sa.Integer, nullable=False),
    sa.Column("written_by", sa.String(255), nullable=False),
    sa.Column("written_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("publish_at", UtcDateTime),
    sa.Column("approved_by", sa.String(255)),
    sa.Column("note", sa.Text, nullable=False),
    # No foreign key: a group may go, and the draft stays. No number is given twice.
    sa.Column("missed", sa.Integer),
    sa.UniqueConstraint("clinic", "subject", "detail"),
)
"""What staff write and visitors do not read yet, one an answer. `edit` counts its changes up;
`missed` is the group of missed questions that it is to answer, if any.
"""

answer_approval = sa.Table(
    "answer_approval",
    metadata,
    sa.Column("clinic", sa.String(64), primary_key=True),
)
"""Clinics whose medical answers somebody else than their writer has to approve."""

content_version = sa.Table(
    "content_version",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, nullable=False),
)
"""One row, counted up in every transaction that changes content; readers compare it."""

text_vectors = sa.Table(
    "text_vectors",
    metadata,
    sa.Column("model", sa.String(64), primary_key=True),
    sa.Column("text_hash", sa.String(64), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
"""What a sentence model makes of a text of an answer; computed again where it is missing."""
