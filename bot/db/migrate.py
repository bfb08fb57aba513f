"""Brings a database to the newest schema, and says what stands in the way when it cannot."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import Engine

from bot.db.engine import create_engine, parse_url, sqlite_path
from bot.db.unit_of_work import is_down
from bot.errors import SetupError

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_WAIT_SECONDS = 60
"""How long a replica waits for another one that migrates, and for those that still serve."""

MIGRATION_LOCK = 2026_11_20
"""Any number does, as long as every replica uses the same."""


def migrate(database_url: str) -> None:
    """Create or update the tables. Safe to call again.

    Raises `SetupError` for a place that cannot be written, a database that cannot be reached, or
    one that a newer Careline wrote.
    """
    path = sqlite_path(parse_url(database_url))
    if path is not None:
        _make_room(path)
    engine = create_engine(database_url)
    try:
        upgrade(engine)
    except CommandError as error:
        raise SetupError(
            "The database was written by another version of Careline; run that one,"
            " or use another database."
        ) from error
    except sa.exc.SQLAlchemyError as error:
        if not is_down(error):
            raise
        where = path or "DATABASE_URL"
        raise SetupError(
            f"The database ({where}) cannot be opened or written; check that it runs, its rights"
            " and its address."
        ) from error
    finally:
        engine.dispose()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Go up to a revision, in one transaction."""
    _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go down to a revision, in one transaction; `base` removes every table."""
    _run(engine, command.downgrade, revision)


def head_revision() -> str:
    """The revision that this code needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def _run(engine: Engine, step: Callable[[Config, str], None], revision: str) -> None:
    config = _config()
    with engine.connect() as connection:
        connection.begin()
        if connection.dialect.name == "postgresql":
            # Replicas may start at once; on SQLite the transaction itself holds the others back.
            connection.execute(sa.text(f"SET LOCAL lock_timeout = '{MIGRATION_WAIT_SECONDS}s'"))
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        step(config, revision)
        connection.commit()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _make_room(path: Path) -> None:
    """Make the folder of an SQLite file. It must be writable: the journal lies beside the file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SetupError(
            f"The folder {path.parent} cannot be made: {reason}. Set DATA_DIR to a folder"
            " that can be written."
        ) from error
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise SetupError(
            f"The folder {path.parent} cannot be written. Set DATA_DIR to a folder"
            " that can be written."
        )
    if path.is_dir():
        raise SetupError(f"{path} is a folder; DATABASE_URL must name a file.")
    if path.exists() and not os.access(path, os.W_OK):
        raise SetupError(f"The database {path} cannot be written; check its owner and rights.")
