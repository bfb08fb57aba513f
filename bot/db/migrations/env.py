"""Alembic's entry: runs the migrations on the connection that `bot/db/migrate.py` hands over."""

from __future__ import annotations

from alembic import context

import bot.candidates.tables
import bot.content.tables
import bot.conversations.review_tables
import bot.conversations.tables
import bot.figures.tables
import bot.missed.tables
import bot.staff.tables  # noqa: F401  (all of them fill `metadata`)
from bot.db.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
