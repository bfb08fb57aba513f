"""The migration makes the tables that the code has, and takes them away again."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Engine

import bot.content.tables
import bot.conversations.tables
import bot.figures.tables
import bot.missed.tables  # noqa: F401  (all fill `metadata`)
from bot.db.base import metadata
from bot.db.migrate import downgrade, upgrade

MINE = ("missed_", "figure_")


def test_the_tables_of_missed_questions_and_figures_are_those_in_code(
    database: str, make_engine: Callable[[str], Engine]
):
    with make_engine(database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [change for change in compare_metadata(context, metadata) if _is_mine(change)]
    assert not found


def test_going_down_takes_them_away_and_going_up_again_brings_them(
    empty_database: str, make_engine: Callable[[str], Engine]
):
    engine = make_engine(empty_database)
    for _ in range(2):
        upgrade(engine, "0009")
        mine = {name for name in metadata.tables if name.startswith(MINE)}
        assert mine <= set(sa.inspect(engine).get_table_names())
        downgrade(engine, "0005")
        assert not mine & set(sa.inspect(engine).get_table_names())


def _is_mine(change: object) -> bool:
    text = str(change)
    return any(name in text for name in (*MINE, "milliseconds", "ix_messages", "ix_feedback"))
