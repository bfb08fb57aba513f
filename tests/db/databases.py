"""Both databases that Careline runs on, real ones, as fixtures."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content.files import load_directory
from bot.content.importer import import_content
from bot.db.engine import create_engine
from bot.db.migrate import migrate

KINDS = ("sqlite", "postgresql")
KEPT_COPIES = 60
"""Older ones belong to tests that are over: all of them would take ten gigabytes."""


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Makes a PostgreSQL database at each call and returns its address.

    It is empty, or a copy of the database at the address `template`, which nobody may have open.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        import pgserver  # it looks for its folder when it is imported

    # It runs as a user of its own, who is shut out of pytest's folder when another pytest starts.
    folder = tempfile.mkdtemp(prefix="careline-postgres-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    admin = sa.create_engine(server.get_uri(), isolation_level="AUTOCOMMIT", future=True)

    with admin.connect() as connection:  # nobody pulls this server's plug
        connection.execute(sa.text("ALTER SYSTEM SET fsync = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))

    copies: deque[str] = deque()

    def make(template: str | None = None) -> str:
        name = f"test_{uuid.uuid4().hex}"
        of = sa.engine.make_url(template).database if template else "template1"
        with admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY FILE_COPY"))
            if len(copies) >= KEPT_COPIES:
                connection.execute(sa.text(f"DROP DATABASE {copies.popleft()} WITH (FORCE)"))
        if template:
            copies.append(name)
        return server.get_uri(database=name)

    yield make
    admin.dispose()
    server.cleanup()


def stock(url: str, clock: Callable[[], datetime]) -> None:
    """Fill an empty database with all tables and the shipped content."""
    migrate(url)
    engine = create_engine(url)
    import_content(engine, load_directory(), clock, by="file")
    engine.dispose()


@pytest.fixture(scope="session")
def copy_of(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str, Callable[[str], None], Path], str]:
    """Makes copies of a database that is filled once: migrating takes longer than copying.

    Takes the kind, the function that fills an empty database at an address, and the path of the
    copy (if it is a file); returns the copy's address.
    """
    folder = tmp_path_factory.mktemp("originals")
    originals: dict[tuple[str, Callable[[str], None]], str] = {}

    def make(kind: str, fill: Callable[[str], None], path: Path) -> str:
        original = folder / f"{fill.__module__}.{fill.__name__}.db"
        if (kind, fill) not in originals:
            sqlite = kind == "sqlite"
            url = f"sqlite:///{original}" if sqlite else request.getfixturevalue("postgres")()
            fill(url)
            originals[kind, fill] = url
        if kind == "sqlite":
            shutil.copy(original, path)
            return f"sqlite:///{path}"
        return str(request.getfixturevalue("postgres")(template=originals[kind, fill]))

    return make


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'careline.db'}"
    return request.getfixturevalue("postgres")()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path, copy_of: Callable[..., str]) -> str:
    """The address of a database with all tables, and nothing in them."""
    return copy_of(request.param, migrate, tmp_path / "careline.db")


@pytest.fixture
def make_engine() -> Iterator[Callable[[str], Engine]]:
    """Makes engines and closes them after the test."""
    made: list[Engine] = []

    def make(url: str) -> Engine:
        made.append(create_engine(url))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()
