"""Conversations in which somebody needed emergency or crisis help."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("red_flag_at", MOMENT))
    op.create_index("ix_conversations_red_flag_at", "conversations", ["red_flag_at"])


def downgrade() -> None:
    op.drop_index("ix_conversations_red_flag_at", "conversations")
    op.drop_column("conversations", "red_flag_at")
