"""Which revision a database is at, without changing it."""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Engine

from bot.db.engine import create_engine, parse_url, sqlite_path
from bot.db.unit_of_work import UnitOfWork


def existing(database_url: str) -> Engine | None:
    """The database's engine, None where an SQLite file is still to be made (opening makes one)."""
    path = sqlite_path(parse_url(database_url))
    return None if path is not None and not path.is_file() else create_engine(database_url)


def revision(engine: Engine) -> str | None:
    """The revision that a database was migrated to last. Raises `StoreUnavailable`."""
    with UnitOfWork(engine, read_only=True) as unit:
        return MigrationContext.configure(unit.connection).get_current_revision()
