"""How long conversations are kept: each clinic's days, by the command and by the server itself."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content.model import RETENTION_DAYS
from bot.content.tables import clinics
from bot.conversations import forgetting
from bot.conversations.forgetting import Overdue
from bot.conversations.log import ConversationLog
from bot.conversations.model import DraftMessage
from bot.conversations.retention import Retention
from bot.errors import StoreUnavailable
from tests.chat.stage import Clock
from tests.conversations.test_forgetting import COMMENT, MARKER, long_talk
from tests.conversations.wordings import begin, rows_of, save
from tests.engine.stage import wait_until


def keep_for(engine: Engine, clinic: str, days: int) -> None:
    with engine.connect() as connection:
        this = clinics.update().where(clinics.c.key == clinic)
        connection.execute(this.values(retention_days=days))
        connection.commit()


def begin_at(log: ConversationLog, clinic: str) -> str:
    greeting = DraftMessage("bot", "Welcome.")
    opened, _ = log.open(
        clinic, token_hash=None, external_id=None, expires_at=None, greeting=greeting
    )
    return opened.id


def test_purging_forgets_what_was_quiet_for_long_and_nothing_else(
    log: ConversationLog, engine: Engine, clock: Clock
):
    old = long_talk(log)
    clock.move(days=1)
    at_the_limit = begin(log)
    clock.move(days=RETENTION_DAYS)
    young = begin(log)
    assert sum(log.purge()) == 1
    assert {c.id for c in log.all()} == {at_the_limit.id, young.id}
    stored = str(rows_of(engine))
    assert not any(trace in stored for trace in (MARKER, COMMENT, old))
    assert sum(log.purge()) == 0


def test_each_clinic_keeps_for_its_own_days(log: ConversationLog, engine: Engine, clock: Clock):
    keep_for(engine, "temple", 7)
    temple, other = begin_at(log, "temple"), begin_at(log, "twin-cities")
    clock.move(days=8)
    assert sum(log.purge()) == 1
    assert {c.id for c in log.all()} == {other}
    assert temple != other


def test_a_clinic_that_is_no_longer_there_keeps_for_as_long_as_any(
    log: ConversationLog, clock: Clock
):
    begin_at(log, "closed-long-ago")
    clock.move(days=RETENTION_DAYS)
    assert sum(log.purge()) == 0
    clock.move(seconds=1)
    assert sum(log.purge()) == 1


def test_an_old_conversation_that_goes_on_is_not_purged(log: ConversationLog, clock: Clock):
    conversation = begin(log)
    clock.move(days=RETENTION_DAYS + 1)
    save(log, conversation, 1, "still here")
    assert sum(log.purge()) == 0


def test_a_preview_tells_what_a_purge_would_delete_and_deletes_nothing(
    log: ConversationLog, clock: Clock
):
    long_talk(log)
    begin_at(log, "twin-cities")
    clock.move(days=31)
    assert log.overdue() == []
    expected = [Overdue("temple", 30, 1, 29), Overdue("twin-cities", 30, 1, 0)]
    assert log.overdue(days=30) == expected
    assert log.overdue(days=30, clinic="twin-cities") == expected[1:]
    assert len(log.all()) == 2


def test_a_purge_goes_in_steps_so_that_visitors_can_write_in_between(
    log: ConversationLog, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for _ in range(5):
        begin_at(log, "temple")
    clock.move(days=RETENTION_DAYS + 1)
    assert list(log.purge()) == [2, 2, 1]


def test_replicas_that_purge_at_once_count_everything_once(
    stocked: str, make_engine: Callable[[str], Engine], clock: Clock, monkeypatch
):
    monkeypatch.setattr(forgetting, "BATCH", 3)
    logs = [ConversationLog(make_engine(stocked), clock) for _ in range(3)]
    for _ in range(30):
        save(logs[0], begin(logs[0]), 1, "why")
    clock.move(days=RETENTION_DAYS + 1)
    with ThreadPoolExecutor(3) as replicas:
        assert sum(replicas.map(lambda each: sum(each.purge()), logs)) == 30
    [counts] = rows_of(make_engine(stocked))["daily_counts"]
    assert (counts["conversations"], counts["messages"]) == (30, 30)


def test_what_a_reader_held_in_the_journal_goes_with_the_next_purge(
    stocked_copy: Callable[[str, Path], str],
    make_engine: Callable[[str], Engine],
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("bot.db.engine.SQLITE_PRAGMAS", _impatient())
    path = tmp_path / "careline.db"
    log = ConversationLog(make_engine(stocked_copy("sqlite", path)), clock)

    def bytes_on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.glob("careline.db*"))

    conversation_id = long_talk(log)
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM messages").fetchone()
    log.delete(conversation_id)
    assert MARKER.encode() in bytes_on_disk(), "the reader still sees the old pages"
    reader.close()
    assert sum(log.purge()) == 0
    assert MARKER.encode() not in bytes_on_disk()


def _impatient() -> tuple[str, ...]:
    from bot.db.engine import SQLITE_PRAGMAS

    return tuple(p.replace("= 5000", "= 50") for p in SQLITE_PRAGMAS)


def test_words_purged_by_the_clock_are_gone_from_the_bytes_of_the_files(
    stocked_copy: Callable[[str, Path], str],
    make_engine: Callable[[str], Engine],
    tmp_path: Path,
    clock: Clock,
):
    log = ConversationLog(make_engine(stocked_copy("sqlite", tmp_path / "careline.db")), clock)
    for _ in range(3):
        long_talk(log)
    kept = begin(log)
    clock.move(days=RETENTION_DAYS + 1)
    save(log, kept, 1, "quokka in the garden")
    assert sum(log.purge()) == 3
    on_disk = b"".join(file.read_bytes() for file in tmp_path.glob("careline.db*"))
    assert b"quokka in the garden" in on_disk
    assert MARKER.encode() not in on_disk
    assert COMMENT.encode() not in on_disk


def test_on_postgresql_a_purge_takes_the_rows_of_every_table(
    stocked_copy: Callable[[str, Path], str],
    make_engine: Callable[[str], Engine],
    tmp_path: Path,
    clock: Clock,
):
    engine = make_engine(stocked_copy("postgresql", tmp_path / "unused"))
    log = ConversationLog(engine, clock)
    long_talk(log)
    clock.move(days=RETENTION_DAYS + 1)
    assert sum(log.purge()) == 1
    with engine.connect() as connection:
        for table in ("conversations", "turns", "messages", "feedback"):
            query = sa.text(f"SELECT count(*) FROM {table}")
            assert connection.execute(query).scalar() == 0, table


class Failing:
    """A log that fails first and has something to purge from then on."""

    def __init__(self) -> None:
        self.calls = 0

    def purge(self):
        self.calls += 1
        if self.calls == 1:
            raise StoreUnavailable("zebra")
        yield 3


def test_the_server_purges_at_the_start_and_again_and_ends_when_told(
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.INFO)
    log = Failing()
    retention = Retention(log, every_seconds=0.01)
    retention.start()
    wait_until(lambda: log.calls >= 3)
    retention.stop()
    calls = log.calls
    assert "StoreUnavailable" in caplog.text
    assert "zebra" not in caplog.text
    assert "3 conversations" in caplog.text
    retention.stop()
    assert log.calls == calls


def test_a_long_purge_stops_after_the_step_under_way():
    class Endless:
        steps = 0

        def purge(self):
            while True:
                self.steps += 1
                yield 1

    log = Endless()
    retention = Retention(log)
    retention.start()
    wait_until(lambda: log.steps > 2)
    retention.stop()
    steps = log.steps
    assert log.steps == steps
