"""Drafts of answers, a second pair of eyes, and the day by which an answer is looked at again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("answers", sa.Column("review_by", sa.Date))
    op.add_column("answer_versions", sa.Column("approved_by", sa.String(255)))
    op.create_table(
        "answer_drafts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("answer_id", sa.Integer),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("edit", sa.Integer, nullable=False),
        sa.Column("read_version", sa.Integer, nullable=False),
        sa.Column("written_by", sa.String(255), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("publish_at", MOMENT),
        sa.Column("approved_by", sa.String(255)),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("missed", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_answer_drafts"),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.id"],
            name="fk_answer_drafts_answer_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("clinic", "subject", "detail", name="uq_answer_drafts_clinic_subject_detail"),
    )
    op.create_table(
        "answer_approval",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("clinic", name="pk_answer_approval"),
    )


def downgrade() -> None:
    op.drop_table("answer_approval")
    op.drop_table("answer_drafts")
    with op.batch_alter_table("answer_versions") as batch:
        batch.drop_column("approved_by")
    with op.batch_alter_table("answers") as batch:
        batch.drop_column("review_by")
