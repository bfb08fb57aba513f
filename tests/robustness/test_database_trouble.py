"""A database in trouble: visitors are told where help is, nothing is lost, and it goes on after."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine as Database
from starlette.testclient import TestClient

from bot.content import live as live_content
from bot.db import engine as engine_module
from bot.server import build_app
from bot.settings import Settings
from tests.chat.stage import Visitor, assert_error
from tests.engine.stage import Stage, fake_stage

Trouble = Callable[[], "contextmanager"]  # type: ignore[type-arg]
SQLITE, POSTGRESQL = "sqlite", "postgresql"

HOLD_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


class Server:
    """The whole server on a database, with a fake model, and the trouble to be made for it."""

    def __init__(self, kind: str, url: str, settings: Settings, path: Path):
        self.kind = kind
        self.path = path
        self._url = sa.engine.make_url(url)
        self.database: Database = engine_module.create_engine(url)
        self.stage: Stage = fake_stage(self.database)
        self.client = TestClient(
            build_app(settings, self.stage.engine, self.stage.live, self.stage.log)
        )

    def visitor(self) -> Visitor:
        response = self.client.post("/api/temple/sessions")
        assert response.status_code == 201, response.text
        return Visitor(self.client, "temple", response.json()["token"])

    @contextmanager
    def locked(self) -> Iterator[None]:
        if self.kind == POSTGRESQL:
            with self._admin() as connection, connection.begin():
                connection.execute(sa.text("LOCK TABLE conversations IN EXCLUSIVE MODE"))
                yield
            return
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD_LOCK, str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"locked\n"
            yield

    @contextmanager
    def missing(self) -> Iterator[None]:
        if self.kind == POSTGRESQL:
            name = self._url.database
            with self._admin("postgres") as connection:
                connection.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
                self._end_sessions(connection)
                yield
                connection.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
            return
        aside = self.path.parent / "aside"
        aside.mkdir()
        for file in self.path.parent.glob("careline.db*"):
            shutil.move(file, aside)
        yield
        assert not self.path.exists(), "an empty one would hide that the right one is gone"
        for file in aside.iterdir():
            shutil.move(file, self.path.parent)

    @contextmanager
    def read_only(self) -> Iterator[None]:
        if self.kind == POSTGRESQL:
            name = self._url.database
            setting = f"ALTER DATABASE {name} SET default_transaction_read_only ="
            with self._admin("postgres") as connection:
                connection.execute(sa.text(f"{setting} on"))
                self._end_sessions(connection)
                yield
                connection.execute(sa.text(f"{setting} off"))
                self._end_sessions(connection)
            return
        # Root may write to files that are read-only; SQLite itself refuses whoever asks.
        self._query_only("ON")
        yield
        self._query_only("OFF")

    @contextmanager
    def restarted(self) -> Iterator[None]:
        """All connections are cut, as by a restart of the database, and there is no one moment
        without it.
        """
        if self.kind == POSTGRESQL:
            with self._admin("postgres") as connection:
                self._end_sessions(connection)
        yield

    def close(self) -> None:
        self.database.dispose()

    @contextmanager
    def _admin(self, name: str | None = None) -> Iterator[sa.engine.Connection]:
        engine = sa.create_engine(
            self._url.set(database=name or self._url.database),
            isolation_level="AUTOCOMMIT" if name else None,
            future=True,
        )
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def _end_sessions(self, connection: sa.engine.Connection) -> None:
        ended = sa.text(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = :name"
        )
        connection.execute(ended, {"name": self._url.database})

    def _query_only(self, state: str) -> None:
        def set_state(connection: object, *_: object) -> None:
            connection.execute(f"PRAGMA query_only = {state}")  # type: ignore[attr-defined]

        sa.event.listen(self.database, "checkout", set_state)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def server(
    request: pytest.FixtureRequest,
    stocked_copy: Callable[[str, Path], str],
    make_settings: Callable[..., Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    """Waits a fifth of a second for a lock where the real one waits five seconds."""
    pragmas = [p for p in engine_module.SQLITE_PRAGMAS if "busy_timeout" not in p]
    monkeypatch.setattr(engine_module, "SQLITE_PRAGMAS", (*pragmas, "PRAGMA busy_timeout = 200"))
    monkeypatch.setattr(engine_module, "POSTGRESQL_OPTIONS", "-c lock_timeout=200ms")
    path = tmp_path / "careline.db"
    server = Server(request.param, stocked_copy(request.param, path), make_settings(), path)
    live_content.use(None)
    with server.client:
        yield server
    server.close()


@pytest.mark.parametrize("trouble", ["locked", "missing", "read_only"])
def test_a_message_gets_a_clear_error_nothing_is_lost_and_then_it_goes_on(
    server: Server, trouble: str
):
    visitor = server.visitor()
    assert visitor.send(text="before").status_code == 200
    before = visitor.read().json()
    with getattr(server, trouble)():
        for _ in range(2):
            message = assert_error(visitor.send(text="during"), 503, "store_unavailable")
            assert "911" in message
            assert "myTempleHealth" in message
            assert "during" not in message
    assert visitor.read().json() == before
    answered = visitor.send(text="after")
    assert answered.status_code == 200
    assert (
        visitor.read().json()["messages"][len(before["messages"]) :][1:]
        == (answered.json()["messages"])
    )


@pytest.mark.parametrize("trouble", ["locked", "missing", "read_only"])
def test_a_new_visitor_gets_a_clear_error_and_leaves_no_half_session(server: Server, trouble: str):
    with getattr(server, trouble)():
        response = server.client.post("/api/temple/sessions")
        assert "911" in assert_error(response, 503, "store_unavailable")
    assert server.stage.log.all() == []
    assert server.visitor().send(text="hello").status_code == 200


@pytest.mark.parametrize("trouble", ["missing", "restarted"])
def test_reading_feedback_and_forgetting_get_the_same_error_or_work(server: Server, trouble: str):
    visitor = server.visitor()
    [reply] = visitor.send(text="hello").json()["messages"]
    with getattr(server, trouble)():
        for response in (
            visitor.read(),
            visitor.feedback(message_id=reply["id"], helpful=True),
            server.client.get("/health"),
        ):
            if trouble == "missing":
                assert_error(response, 503, "store_unavailable")
            else:
                assert response.status_code in (200, 204)
    assert visitor.forget().status_code == 204
    assert_error(visitor.read(), 401, "unauthorized")


def test_what_a_clinic_s_page_needs_works_without_a_database(server: Server):
    """The widget shows the contact routes when the chat is down."""
    before = server.client.get("/api/temple/status").json()
    with server.missing():
        assert server.client.get("/api/temple/status").json() == before
        assert server.client.get("/").status_code == 200


def test_reading_works_while_another_process_writes_for_long(server: Server):
    visitor = server.visitor()
    visitor.send(text="hello")
    with server.locked():
        assert len(visitor.read().json()["messages"]) == 3
        assert server.client.get("/health").status_code == 200


def test_a_lock_on_the_database_is_not_waited_for_longer_than_a_visitor_waits():
    settings = Settings.from_env({})
    assert settings.turn_seconds >= 2 * engine_module.LOCK_WAIT_SECONDS
    assert str(engine_module.LOCK_WAIT_SECONDS) in engine_module.POSTGRESQL_OPTIONS
