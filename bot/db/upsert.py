"""Inserting what may be there already: the two databases say it alike, SQLAlchemy does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

INSERT: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def upsert(connection: Connection, table: sa.Table) -> Any:
    """An insert that takes `on_conflict_do_update`, and has `excluded`."""
    return INSERT[connection.dialect.name](table)


def insert_new(connection: Connection, table: sa.Table) -> Any:
    """An insert that leaves rows alone which are there already."""
    return _insert_new(connection.dialect.name, table)


@cache
def _insert_new(dialect: str, table: sa.Table) -> Any:
    return INSERT[dialect](table).on_conflict_do_nothing()
