"""How long a clinic keeps conversations, and the counts that stay when they are deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COUNTED = (
    "conversations",
    "messages",
    "answered",
    "missed",
    "handoffs",
    "red_flags",
    "helpful",
    "unhelpful",
)


def upgrade() -> None:
    op.add_column(
        "clinics",
        sa.Column("retention_days", sa.Integer, nullable=False, server_default=sa.text("90")),
    )
    op.create_table(
        "daily_counts",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in COUNTED),
        sa.PrimaryKeyConstraint("clinic", "day", name="pk_daily_counts"),
    )


def downgrade() -> None:
    op.drop_table("daily_counts")
    op.drop_column("clinics", "retention_days")
