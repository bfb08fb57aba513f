"""Websites that may show a clinic's chat, and requests that were answered already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "clinics", sa.Column("origins", sa.JSON, nullable=False, server_default=sa.text("'[]'"))
    )
    op.add_column("messages", sa.Column("request_key", sa.String(64)))
    op.create_index(
        "uq_messages_request", "messages", ["conversation_id", "request_key"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_messages_request", "messages")
    op.drop_column("messages", "request_key")
    op.drop_column("clinics", "origins")
