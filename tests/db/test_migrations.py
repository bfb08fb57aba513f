from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Engine

import bot.candidates.tables
import bot.content.tables
import bot.conversations.review_tables
import bot.conversations.tables
import bot.figures.tables
import bot.missed.tables
import bot.staff.tables  # noqa: F401  (all fill `metadata`)
from bot.db.base import metadata
from bot.db.migrate import downgrade, head_revision, migrate, upgrade
from bot.errors import SetupError

MakeEngine = Callable[[str], Engine]


def tables(engine: Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}


def test_the_newest_schema_is_that_of_the_tables_in_code(
    database: str, make_engine: MakeEngine
) -> None:
    with make_engine(database).connect() as connection:
        opts = {"compare_type": True, "include_name": lambda name, *_: name != "sqlite_sequence"}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == head_revision()


def test_migrations_go_up_and_down_and_up_again(
    empty_database: str, make_engine: MakeEngine
) -> None:
    engine = make_engine(empty_database)
    for _ in range(2):
        upgrade(engine)
        assert tables(engine) == set(metadata.tables)
        downgrade(engine, "base")
        assert tables(engine) == set()


def test_clinics_that_were_there_before_keep_for_ninety_days(
    empty_database: str, make_engine: MakeEngine
) -> None:
    engine = make_engine(empty_database)
    upgrade(engine, "0002")
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO clinics (key, name, timezone, origin, file, position)"
                " VALUES ('lakeside', 'Lakeside', 'UTC', 'file', 'lakeside.yml', 0)"
            )
        )
    days = sa.text("SELECT retention_days FROM clinics WHERE key = 'lakeside'")
    upgrade(engine, "0003")
    with engine.connect() as connection:
        assert connection.execute(days).scalar() == 90
    downgrade(engine, "0002")
    assert "daily_counts" not in tables(engine)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT name FROM clinics")).scalars().all() == [
            "Lakeside"
        ]


def test_migrating_again_keeps_the_data(database: str, make_engine: MakeEngine) -> None:
    engine = make_engine(database)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE content_version SET number = 5"))
    migrate(database)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT number FROM content_version")).scalar() == 5


def test_replicas_that_start_together_migrate_once(empty_database: str) -> None:
    with ThreadPoolExecutor(3) as replicas:
        starts = [replicas.submit(migrate, empty_database) for _ in range(3)]
    assert [start.exception() for start in starts] == [None, None, None]


def test_a_database_of_a_newer_version_is_refused(database: str, make_engine: MakeEngine) -> None:
    with make_engine(database).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="another version"):
        migrate(database)


def test_the_folder_of_the_database_is_made(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'new' / 'folder' / 'careline.db'}")
    assert (tmp_path / "new" / "folder" / "careline.db").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"file.* cannot be made.*DATA_DIR"):
        migrate(f"sqlite:///{tmp_path / 'file' / 'careline.db'}")


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(SetupError, match=r"cannot be written\. Set DATA_DIR"):
        migrate(f"sqlite:///{tmp_path / 'careline.db'}")


def test_a_database_file_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "careline.db"
    path.touch()
    monkeypatch.setattr(os, "access", lambda name, _: Path(name) != path)
    with pytest.raises(SetupError, match=r"careline\.db cannot be written"):
        migrate(f"sqlite:///{path}")


def test_a_folder_in_place_of_the_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="is a folder"):
        migrate(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "careline.db"
    path.write_text("this is not a database, only a text that is long enough to be looked at" * 50)
    with pytest.raises(SetupError, match="cannot be opened"):
        migrate(f"sqlite:///{path}")


def test_a_database_server_that_does_not_answer_is_reported_without_its_password() -> None:
    with pytest.raises(SetupError, match="DATABASE_URL") as caught:
        migrate("postgresql://careline:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)
