"""Missed questions in groups, figures of days that are over, and how long replies took."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PARTLY = {"ix_messages_missed": "missed", "ix_messages_unsure": "confidence < 0.5"}


def upgrade() -> None:
    op.add_column("turns", sa.Column("milliseconds", sa.Integer))
    _create_missed()
    _create_figures()
    op.create_index("ix_messages_at", "messages", ["at"])
    for name, where in PARTLY.items():
        condition = sa.text(where)
        op.create_index(
            name, "messages", ["at"], sqlite_where=condition, postgresql_where=condition
        )
    op.create_index("ix_feedback_at", "feedback", ["at"])


def downgrade() -> None:
    op.drop_index("ix_feedback_at", "feedback")
    for name in (*reversed(PARTLY), "ix_messages_at"):
        op.drop_index(name, "messages")
    for table in (
        "figure_counts",
        "figure_days",
        "missed_progress",
        "missed_questions",
        "missed_groups",
    ):
        op.drop_table(table)
    op.drop_column("turns", "milliseconds")


def _create_missed() -> None:
    op.create_table(
        "missed_groups",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(255)),
        sa.Column("decided_at", MOMENT),
        sa.Column("merged_into", sa.Integer),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["missed_groups.id"],
            name="fk_missed_groups_merged_into",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_missed_groups"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_missed_groups_merged_into", "missed_groups", ["merged_into"])
    op.create_table(
        "missed_questions",
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("group_id", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("missed", sa.Boolean, nullable=False),
        sa.Column("unsure", sa.Boolean, nullable=False),
        sa.Column("unhelpful", sa.Boolean, nullable=False),
        sa.Column("text_hash", sa.String(32), nullable=False),
        sa.Column("centrality", sa.Float, nullable=False),
        sa.Column("model", sa.String(16), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name="fk_missed_questions_message_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["missed_groups.id"], name="fk_missed_questions_group_id"
        ),
        sa.PrimaryKeyConstraint("message_id", name="pk_missed_questions"),
    )
    for name, columns in {
        "by_time": ["clinic", "at", "group_id"],
        "by_week": ["group_id", "week", "at"],
        "by_text": ["group_id", "text_hash", "centrality", "message_id"],
    }.items():
        op.create_index(f"ix_missed_questions_{name}", "missed_questions", columns)
    op.create_table(
        "missed_progress",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("model", sa.String(16)),
        sa.PrimaryKeyConstraint("name", name="pk_missed_progress"),
    )


def _create_figures() -> None:
    op.create_table(
        "figure_days",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("clinic", "day", name="pk_figure_days"),
    )
    op.create_table(
        "figure_counts",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("hour", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("clinic", "day", "name", "hour", name="pk_figure_counts"),
    )
