"""Opening hours of contact routes, what staff set of a clinic, reference codes."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
FEW = 500
"""Rows in one statement."""

conversations = sa.table(
    "conversations", sa.column("id", sa.String), sa.column("reference", sa.String)
)


def upgrade() -> None:
    op.add_column(
        "contact_routes",
        sa.Column("hours", sa.JSON, nullable=False, server_default=sa.text("'{}'")),
    )
    op.add_column(
        "clinics",
        sa.Column("edited_by_staff", sa.JSON, nullable=False, server_default=sa.text("'[]'")),
    )
    op.add_column(
        "conversations",
        sa.Column("reference", sa.String(LENGTH), nullable=False, server_default=sa.text("''")),
    )
    _give_codes(op.get_bind())
    op.create_index("uq_conversations_reference", "conversations", ["reference"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_conversations_reference", "conversations")
    op.drop_column("conversations", "reference")
    op.drop_column("clinics", "edited_by_staff")
    op.drop_column("contact_routes", "hours")


def _give_codes(connection: sa.engine.Connection) -> None:
    """Conversations that were there before get a code each, too."""
    found = connection.execute(sa.select(conversations.c.id)).scalars().all()
    codes: set[str] = set()
    while len(codes) < len(found):
        codes.add("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))
    given = [{"this": id_, "code": code} for id_, code in zip(found, codes)]
    change = (
        conversations.update()
        .where(conversations.c.id == sa.bindparam("this"))
        .values(reference=sa.bindparam("code"))
    )
    for start in range(0, len(given), FEW):
        connection.execute(change, given[start : start + FEW])
