"""What was counted of days that are over, so that the start page need not count them again."""

from __future__ import annotations

import sqlalchemy as sa

from bot.db.base import UtcDateTime, metadata

figure_days = sa.Table(
    "figure_days",
    metadata,
    sa.Column("clinic", sa.String(64), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("counted_at", UtcDateTime, nullable=False),
)
"""The days that were counted: one that is missing has to be counted from the messages."""

figure_counts = sa.Table(
    "figure_counts",
    metadata,
    sa.Column("clinic", sa.String(64), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("count", sa.Integer, nullable=False),
)
"""`name` as in `bot/figures/counting.py`; `hour` is the clinic's, -1 where it does not matter."""
