"""One transaction with a visible commit.

    with UnitOfWork(engine) as work:
        work.connection.execute(...)
        work.commit()

Without the `commit()` line nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from typing_extensions import Self

from bot.errors import StoreUnavailable

POSTGRESQL_READ_ONLY = "25006"
"""`read_only_sql_transaction`, an "internal error" to psycopg2: a standby, or made read-only."""


class UnitOfWork:
    """A connection in a transaction, as a context manager.

    `read_only=True` is for transactions that only read: on SQLite they take no write lock. Raises
    `StoreUnavailable` where the database cannot be reached, is locked, missing, read-only or has no
    tables; errors of our own making (a broken constraint, a wrong statement) pass through.
    """

    def __init__(self, engine: Engine, read_only: bool = False):
        self._engine = engine
        self._read_only = read_only
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The open connection. Raises `RuntimeError` outside of the `with` block."""
        if self._connection is None:
            raise RuntimeError("The unit of work is not open.")
        return self._connection

    def __enter__(self) -> Self:
        with unavailable_when_down():
            connection = self._engine.connect()
            try:
                self._connection = connection.execution_options(**self._options())
                self._connection.begin()
            except BaseException:
                connection.close()
                raise
        return self

    def _options(self) -> dict[str, object]:
        """A reader sees one moment through all of its queries, as SQLite's readers do anyway."""
        if self._read_only and self._engine.dialect.name == "postgresql":
            return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return {"read_only": self._read_only}

    def commit(self) -> None:
        """Keep what was written. Raises `StoreUnavailable` when the database did not accept it."""
        with unavailable_when_down():
            self.connection.commit()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        connection, self._connection = self.connection, None
        try:
            connection.close()  # rolls back what was not committed
        except sa.exc.DBAPIError as closing:
            if error is None:
                raise StoreUnavailable("The database connection was lost.") from closing
        if error is not None and is_down(error) and not (self._read_only and _refused(error)):
            raise StoreUnavailable("The database cannot be used right now.") from error


def is_down(error: BaseException) -> bool:
    """Whether an error means that the database is out of reach, not that a statement is wrong."""
    return isinstance(
        error, (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)
    ) or (
        isinstance(error, sa.exc.DBAPIError)
        and (error.connection_invalidated or type(error) is sa.exc.DatabaseError or _refused(error))
    )


def _refused(error: BaseException) -> bool:
    """Whether PostgreSQL did not let us write: it is read-only, or our own transaction is."""
    return getattr(getattr(error, "orig", None), "pgcode", None) == POSTGRESQL_READ_ONLY


@contextmanager
def unavailable_when_down() -> Iterator[None]:
    """Turns an error of a database that is out of reach into `StoreUnavailable`."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        if not is_down(error):
            raise
        raise StoreUnavailable("The database cannot be used right now.") from error
