from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content.tables import content_version
from bot.db import engine as engine_module
from bot.db.engine import create_engine
from bot.db.migrate import migrate
from bot.db.unit_of_work import UnitOfWork
from bot.errors import SetupError, StoreUnavailable

MakeEngine = Callable[[str], Engine]
COUNT_UP = content_version.update().values(number=content_version.c.number + 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "careline.db"


@pytest.fixture
def sqlite(path: Path, make_engine: MakeEngine) -> Engine:
    migrate(f"sqlite:///{path}")
    return make_engine(f"sqlite:///{path}")


def count_up(engine: Engine) -> None:
    with UnitOfWork(engine) as unit:
        unit.connection.execute(COUNT_UP)
        unit.commit()


def count(engine: Engine) -> int:
    with UnitOfWork(engine, read_only=True) as unit:
        return unit.connection.execute(sa.select(content_version.c.number)).scalar_one()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 5000),
    ],
)
def test_sqlite_runs_with_the_settings_that_keep_our_promises(
    sqlite: Engine, pragma: str, value: object
) -> None:
    with sqlite.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_eight_writers_at_once_wait_for_each_other_and_lose_nothing(
    database: str, make_engine: MakeEngine
) -> None:
    engine = make_engine(database)

    def work() -> None:
        for _ in range(10):
            with UnitOfWork(engine) as unit:
                unit.connection.execute(COUNT_UP)
                unit.commit()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(engine) == 80


def test_a_reader_does_not_wait_for_a_writer(database: str, make_engine: MakeEngine) -> None:
    engine = make_engine(database)
    with UnitOfWork(engine) as writer:
        writer.connection.execute(COUNT_UP)
        assert count(engine) == 0
        writer.commit()
    assert count(engine) == 1


def test_a_connection_waits_for_another_one_that_writes_into_a_new_file(
    path: Path, make_engine: MakeEngine
) -> None:
    first = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    first.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, first.commit)
    release.start()
    with make_engine(f"sqlite:///{path}").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    release.join()
    first.close()


def test_a_locked_database_is_unavailable(
    path: Path, sqlite: Engine, make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "SQLITE_PRAGMAS", ("PRAGMA busy_timeout = 10",))
    impatient = make_engine(f"sqlite:///{path}")
    with UnitOfWork(sqlite), pytest.raises(StoreUnavailable):
        count_up(impatient)


def test_a_deleted_database_is_unavailable_and_not_written_into_the_void(
    path: Path, sqlite: Engine
) -> None:
    count_up(sqlite)
    content = path.read_bytes()
    for file in path.parent.iterdir():
        file.unlink()
    with pytest.raises(StoreUnavailable):
        count_up(sqlite)
    assert not path.exists(), "an empty database would hide that the old one is gone"
    path.write_bytes(content)
    count_up(sqlite)


def test_a_read_only_database_is_unavailable(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailable):
        count_up(sqlite)


def test_a_database_in_memory_is_shared_by_all_connections() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (id INTEGER)")
        connection.commit()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM kept").scalar() == 0
    engine.dispose()


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://root:secret@host/name", "sqlite//x"])
def test_an_address_of_another_kind_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(SetupError, match="DATABASE_URL") as caught:
        create_engine(url)
    assert "secret" not in str(caught.value)


def test_the_old_name_of_postgresql_addresses_is_understood() -> None:
    assert create_engine("postgres://host/name").dialect.name == "postgresql"
