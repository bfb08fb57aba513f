from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content.tables import content_version
from bot.db.unit_of_work import UnitOfWork
from bot.errors import StoreUnavailable

MakeEngine = Callable[[str], Engine]


@pytest.fixture
def engine(database: str, make_engine: MakeEngine) -> Engine:
    return make_engine(database)


def numbers(engine: Engine) -> list[int]:
    with UnitOfWork(engine, read_only=True) as unit:
        return list(unit.connection.execute(sa.select(content_version.c.number)).scalars())


def set_number(unit: UnitOfWork, number: int) -> None:
    unit.connection.execute(content_version.update().values(number=number))


def test_what_was_committed_is_kept(engine: Engine) -> None:
    with UnitOfWork(engine) as unit:
        set_number(unit, 7)
        unit.commit()
    assert numbers(engine) == [7]


def test_without_a_commit_nothing_is_kept(engine: Engine) -> None:
    with UnitOfWork(engine) as unit:
        set_number(unit, 7)
    assert numbers(engine) == [0]


def test_an_exception_leaves_nothing_behind_and_passes_through(engine: Engine) -> None:
    def fail() -> None:
        with UnitOfWork(engine) as unit:
            set_number(unit, 7)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert numbers(engine) == [0]


def test_a_broken_constraint_is_our_mistake_and_not_called_unavailable(engine: Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError), UnitOfWork(engine) as unit:
        unit.connection.execute(content_version.insert().values(id=1, number=1))


def test_a_database_that_cannot_be_reached_is_unavailable(make_engine: MakeEngine) -> None:
    for url in ("sqlite:////nowhere/at/all.db", "postgresql://127.0.0.1:1/none"):
        with pytest.raises(StoreUnavailable), UnitOfWork(make_engine(url)):
            raise AssertionError("must not be entered")


def test_a_reader_cannot_write_to_postgresql(
    postgres: Callable[[], str], make_engine: MakeEngine
) -> None:
    engine = make_engine(postgres())
    with pytest.raises(sa.exc.DBAPIError), UnitOfWork(engine, read_only=True) as unit:
        unit.connection.exec_driver_sql("CREATE TABLE written (id INTEGER)")


def test_there_is_no_connection_outside_of_the_block(engine: Engine) -> None:
    with pytest.raises(RuntimeError):
        _ = UnitOfWork(engine).connection
