from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.engine import Engine

from bot.content import live
from bot.content.live import LiveContent
from bot.content.model import Snapshot
from bot.content.outages import Outages
from bot.content.store import ContentStore
from bot.errors import StoreUnavailable
from tests.content.conftest import Clock

POLL = 0.5
"""The setting's default."""


@pytest.fixture
def replicas(
    stocked: str, make_engine: Callable[[str], Engine], clock: Clock
) -> Iterator[list[LiveContent]]:
    """Two that share nothing but the database."""
    made = [LiveContent(ContentStore(make_engine(stocked), clock), POLL) for _ in range(2)]
    for replica in made:
        replica.start()
    yield made
    for replica in made:
        replica.stop()


@pytest.fixture(autouse=True)
def _no_content_in_use() -> Iterator[None]:
    yield
    live.use(None)


class BrokenStore:
    """A store that can be made to fail."""

    def __init__(self, snapshot: Snapshot):
        self.fails = False
        self._snapshot = snapshot

    def version(self) -> int:
        if self.fails:
            raise StoreUnavailable("secret words of a visitor")
        return self._snapshot.version

    def snapshot(self) -> Snapshot:
        return self._snapshot


def outage_is_known(replica: LiveContent, clock: Clock) -> bool:
    return replica.current.clinics["twin-cities"].notice(clock.now) is not None


def test_a_notice_is_in_force_in_every_replica_within_a_second(
    replicas: list[LiveContent], engine: Engine, clock: Clock
) -> None:
    assert not any(outage_is_known(replica, clock) for replica in replicas)
    Outages(engine, clock).on("twin-cities", by="test")
    end = time.monotonic() + 1
    while time.monotonic() < end and not all(outage_is_known(r, clock) for r in replicas):
        time.sleep(0.01)
    assert all(outage_is_known(replica, clock) for replica in replicas)


def test_a_refresh_reads_only_what_is_new(engine: Engine, clock: Clock) -> None:
    content = LiveContent(ContentStore(engine, clock), POLL)
    first = content.current
    assert not content.refresh()
    assert content.current is first
    Outages(engine, clock).on("twin-cities", by="test")
    assert content.refresh()
    assert content.current.version > first.version


def test_the_old_snapshot_stays_when_the_database_fails_and_no_words_are_logged(
    snapshot: Snapshot, caplog: pytest.LogCaptureFixture
) -> None:
    store = BrokenStore(snapshot)
    content = LiveContent(store, 0.005)
    content.start()
    with caplog.at_level(logging.DEBUG):
        store.fails = True
        time.sleep(0.1)
        content.stop()
    assert content.current is snapshot
    assert [record.message for record in caplog.records] == ["content failed: StoreUnavailable"]


def test_a_store_that_fails_from_the_start_is_reported(clock: Clock) -> None:
    class Nothing:
        def version(self) -> int:
            raise StoreUnavailable

        def snapshot(self) -> Snapshot:
            raise StoreUnavailable

    with pytest.raises(StoreUnavailable):
        LiveContent(Nothing(), POLL).start()


def test_without_a_store_the_shipped_files_are_used() -> None:
    assert live.current().answer("temple", "definition") is not None
    assert live.current() is live.current()


def test_what_is_in_use_is_what_current_gives(snapshot: Snapshot) -> None:
    live.use(LiveContent(BrokenStore(snapshot), POLL))
    assert live.current() is snapshot
