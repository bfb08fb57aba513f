"""Tells conversations that were made for a demonstration from those of visitors."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations.tables import conversations
from bot.db.unit_of_work import UnitOfWork

MARK = "demo:"
"""Begins the sender of a made conversation; those of other systems are hashes (`external_id`)."""


def new_sender() -> str:
    """The sender of one more made conversation."""
    return MARK + secrets.token_hex(16)


def of_visitors(engine: Engine) -> int:
    """How many conversations are of visitors, not made. Raises `StoreUnavailable`."""
    made = conversations.c.external_id.startswith(MARK)
    query = sa.select(sa.func.count()).where(
        sa.or_(conversations.c.external_id.is_(None), sa.not_(made))
    )
    with UnitOfWork(engine, read_only=True) as unit:
        return int(unit.connection.execute(query).scalar_one())
