"""Example questions and simpler words of an answer; vectors of what answers are found by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "answers", sa.Column("simpler", sa.Text, nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "answers", sa.Column("examples", sa.JSON, nullable=False, server_default=sa.text("'[]'"))
    )
    op.create_table(
        "text_vectors",
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("model", "text_hash", name="pk_text_vectors"),
    )


def downgrade() -> None:
    op.drop_table("text_vectors")
    op.drop_column("answers", "examples")
    op.drop_column("answers", "simpler")
