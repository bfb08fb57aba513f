"""The database engine: SQLite for one machine, PostgreSQL for several.

A turn that was answered must survive the power cord, so SQLite runs with WAL and
`synchronous=FULL`; text that was deleted must be gone from the file, so `secure_delete` is on.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.pool import QueuePool, StaticPool

from bot.errors import SetupError

logger = logging.getLogger(__name__)

LOCK_WAIT_SECONDS = 5
"""How long a writer waits for another one. Ours take milliseconds, so longer means trouble."""

LOCK_RETRY_SECONDS = 0.02

POSTGRESQL_OPTIONS = f"-c lock_timeout={LOCK_WAIT_SECONDS}s"

SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout = {LOCK_WAIT_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)


def create_engine(url: str) -> Engine:
    """An engine for `DATABASE_URL`. Nothing is opened yet.

    Its errors and log lines do not quote what was to be stored (`hide_parameters`). Raises
    `SetupError` when the address is not one of SQLite or PostgreSQL.
    """
    address = parse_url(url)
    if address.get_backend_name() == "postgresql":
        return _postgresql(address)
    return _sqlite(address)


def _postgresql(address: URL) -> Engine:
    engine = sa.create_engine(
        address,
        future=True,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": LOCK_WAIT_SECONDS, "options": POSTGRESQL_OPTIONS},
    )
    event.listen(engine, "checkin", _as_the_server_says)
    return engine


def _sqlite(address: URL) -> Engine:
    path = sqlite_path(address)
    options: dict[str, Any]
    if path is None:
        arguments = {"check_same_thread": False, "isolation_level": None}
        options = {"poolclass": StaticPool, "connect_args": arguments}
    else:
        database = _SqliteFile(path)
        options = {"poolclass": QueuePool, "creator": database.connect}
    engine = sa.create_engine(address, future=True, hide_parameters=True, **options)
    if path is not None:
        event.listen(engine, "checkout", database.check_same_file)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def parse_url(url: str) -> URL:
    """`DATABASE_URL`, taken apart; `postgres://` is read as `postgresql://`.

    Raises `SetupError`; its text never repeats the address, which may hold a password.
    """
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    wanted = "sqlite:////folder/careline.db or postgresql://user:password@host/name"
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (sa.exc.ArgumentError, ValueError) as error:
        raise SetupError(f"DATABASE_URL is not a database address; use {wanted}.") from error
    if backend not in ("sqlite", "postgresql"):
        raise SetupError(f"DATABASE_URL names '{backend}'; use {wanted}.")
    return address


def sqlite_path(address: URL) -> Path | None:
    """The file of an SQLite address, `None` for PostgreSQL or for a database in memory."""
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        return None
    return Path(str(address.database)).absolute()


class _SqliteFile:
    """Opens one database file, and notices when it is no longer the one that was opened.

    SQLite goes on writing happily to a file that was deleted, and creates an empty one where it is
    missing: both would acknowledge turns that are lost. So the file is created by the first
    connection only, and a pooled connection is used only while its file still stands at its path.
    """

    def __init__(self, path: Path):
        self.path = path
        self.opened = False

    def connect(self) -> sqlite3.Connection:
        mode = "rw" if self.opened else "rwc"
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode={mode}",
            uri=True,
            timeout=LOCK_WAIT_SECONDS,
            check_same_thread=False,
            isolation_level=None,
        )
        self.opened = True
        return connection

    def check_same_file(self, connection: Any, record: Any, proxy: Any) -> None:
        try:
            status = os.stat(self.path)
        except OSError as error:
            raise sa.exc.DisconnectionError("the database file is gone") from error
        identity = (status.st_dev, status.st_ino)
        if record.info.setdefault("file", identity) != identity:
            raise sa.exc.DisconnectionError("the database file was replaced")


def empty_journal(engine: Engine) -> None:
    """Make deleted text leave the disk now. Nothing to do on PostgreSQL.

    SQLite's write-ahead log holds pages as they were before; this moves it into the file and cuts
    it to nothing. Where a reader is in the way for too long the next deletion does it.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        logger.warning("%s: the write-ahead log was not emptied", type(error).__name__)
    finally:
        connection.close()


def _as_the_server_says(connection: Any, record: Any) -> None:
    """SQLAlchemy turns a reader's connection into "read-write" when it comes back.

    That would also override whoever made the database read-only; psycopg2's `None` does not.
    """
    if connection is not None:
        connection.readonly = None


def _set_pragmas(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        _execute_patiently(cursor, pragma)
    cursor.close()


def _execute_patiently(cursor: sqlite3.Cursor, statement: str) -> None:
    """Run a statement, again where another connection is in the way.

    Processes that open a new file together all switch it to WAL, and SQLite turns those that come
    second away at once: its own `busy_timeout` does not hold for this switch.
    """
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            cursor.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(LOCK_RETRY_SECONDS)


def _begin(connection: Connection) -> None:
    """Writers take the lock at once: two that upgraded from reading would wait for each other."""
    reading = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
