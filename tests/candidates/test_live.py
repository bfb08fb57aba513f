"""Servers that take over what was promoted, each for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.candidates import live as module
from bot.candidates.archives import Archives
from bot.candidates.live import LiveModel, begin
from bot.candidates.promotion import Promotions
from bot.candidates.workshop import Workshop
from bot.errors import StoreUnavailable
from bot.settings import Settings
from tests.candidates.stage import BASED_ON, Shelf
from tests.chat.stage import Clock
from tests.engine.stage import wait_until


class FakeEngine:
    """Remembers the archives that it was to take over."""

    def __init__(self) -> None:
        self.models: list[bytes] = []
        self.error: Exception | None = None

    def take_over(self, model: Path) -> None:
        if self.error is not None:
            raise self.error
        self.models.append(model.read_bytes())


@pytest.fixture
def engines() -> tuple[FakeEngine, FakeEngine]:
    return FakeEngine(), FakeEngine()


@pytest.fixture
def servers(
    engines: tuple[FakeEngine, FakeEngine], engine: Engine, clock: Clock, tmp_path: Path
) -> Iterator[tuple[LiveModel, LiveModel]]:
    """Two replicas on one database, each with a disk of its own."""
    one, two = (
        LiveModel(
            each,
            Promotions(engine, clock, BASED_ON),
            Archives(engine, clock, tmp_path / f"disk {number}"),
            0.01,
        )
        for number, each in enumerate(engines)
    )
    yield one, two
    one.stop()
    two.stop()


def test_all_replicas_take_over_a_promotion_and_a_roll_back(
    shelf: Shelf,
    servers: tuple[LiveModel, LiveModel],
    engines: tuple[FakeEngine, FakeEngine],
):
    for server in servers:
        server.start()
    shelf.promoted()  # the shipped one is archive 1
    wait_until(lambda: all(engine.models == [b"archive 2"] for engine in engines))
    shelf.promotions.roll_back(by="Ana")
    wait_until(lambda: all(engine.models[1:] == [b"archive 1"] for engine in engines))
    for number in (1, 2):
        wait_until(lambda n=number: len(shelf.promotions.takeovers(n)) == 2)
        states = {each.replica: each.state for each in shelf.promotions.takeovers(number)}
        assert states == {server.replica: "loaded" for server in servers}


def test_a_server_that_starts_begins_with_the_model_in_force(
    shelf: Shelf, servers: tuple[LiveModel, LiveModel], engines: tuple[FakeEngine, FakeEngine]
):
    shelf.promoted()
    servers[0].start()
    assert engines[0].models == [b"archive 2"]


def test_without_a_promotion_nothing_happens(
    servers: tuple[LiveModel, LiveModel], engines: tuple[FakeEngine, FakeEngine]
):
    assert not servers[0].look()
    assert engines[0].models == []


def test_a_model_that_cannot_be_loaded_leaves_the_old_one_and_is_told(
    shelf: Shelf,
    servers: tuple[LiveModel, LiveModel],
    engines: tuple[FakeEngine, FakeEngine],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    shelf.promoted()
    engines[0].error = ValueError("quotes a visitor")
    assert not servers[0].look()
    (told,) = shelf.promotions.takeovers(1)
    assert (told.state, told.reason) == ("failed", "ValueError")
    assert "quotes" not in caplog.text
    engines[0].error = None
    assert not servers[0].look(), "it is not tried again every second"
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.0)
    servers[0]._again_at = 0.0
    assert servers[0].look()
    assert [each.state for each in shelf.promotions.takeovers(1)] == ["loaded"]


def test_after_a_failure_a_roll_back_is_taken_at_once(
    shelf: Shelf, servers: tuple[LiveModel, LiveModel], engines: tuple[FakeEngine, FakeEngine]
):
    shelf.promoted()
    servers[0].look()
    shelf.promoted()
    engines[0].error = ValueError()
    servers[0].look()
    engines[0].error = None
    shelf.promotions.roll_back(by="Ana")
    assert not servers[0].look(), "the model that it has is the one in force"
    assert [each.state for each in shelf.promotions.takeovers(3)] == ["loaded"]
    assert engines[0].models == [b"archive 2"]


def test_a_model_of_other_shipped_data_is_not_taken_over(
    shelf: Shelf, engine: Engine, clock: Clock, tmp_path: Path
):
    shelf.promoted()
    taken = FakeEngine()
    updated = LiveModel(
        taken, Promotions(engine, clock, "new data 1.1"), Archives(engine, clock, tmp_path)
    )
    assert not updated.look()
    assert taken.models == []
    assert [each.state for each in shelf.promotions.takeovers(1)] == ["outdated"]


def test_a_database_that_is_away_is_told_once_and_asked_again(
    servers: tuple[LiveModel, LiveModel],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    calls: list[int] = []

    def newest(self: Promotions) -> int:
        calls.append(1)
        raise StoreUnavailable("away")

    monkeypatch.setattr(Promotions, "newest", newest)
    servers[0].start()
    wait_until(lambda: len(calls) > 5)
    servers[0].stop()
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.fixture
def loads() -> list[Path | None]:
    return []


@pytest.fixture
def load(loads: list[Path | None]) -> Callable[[Path | None], FakeEngine]:
    """Notes what was to be loaded."""

    def load_it(model: Path | None) -> FakeEngine:
        loads.append(model)
        if model is not None and b"broken" in model.read_bytes():
            raise ValueError("quotes a visitor")
        return FakeEngine()

    return load_it


@pytest.fixture
def shop(
    shelf: Shelf, engine: Engine, clock: Clock, make_settings: Callable[..., Settings]
) -> Workshop:
    return Workshop(make_settings(), engine, clock, BASED_ON)


def test_a_server_loads_the_model_in_force_at_once_and_no_other(
    shelf: Shelf,
    shop: Workshop,
    load: Callable[[Path | None], FakeEngine],
    loads: list[Path | None],
):
    model = shelf.promoted()
    engine, live = begin(shop, load)
    assert loads == [shop.archives.fetch(model)]
    assert not live.look(), "it has it already"
    assert engine.models == []
    assert [each.state for each in shelf.promotions.takeovers(1)] == ["loaded"]
    shelf.promotions.roll_back(by="Ana")
    assert live.look()


@pytest.mark.parametrize("promoted", [False, True])
def test_without_one_that_fits_it_loads_the_model_that_ships(
    shelf: Shelf,
    shop: Workshop,
    load: Callable[[Path | None], FakeEngine],
    loads: list[Path | None],
    *,
    promoted: bool,
):
    if promoted:
        shelf.promoted()
    begin(replace(shop, based_on="new data 1.1"), load)
    assert loads == [None]


def test_where_the_model_in_force_cannot_be_loaded_the_one_that_ships_answers(
    shelf: Shelf,
    shop: Workshop,
    load: Callable[[Path | None], FakeEngine],
    loads: list[Path | None],
    caplog: pytest.LogCaptureFixture,
):
    shelf.model(shipped=True)
    model = shelf.model(b"broken")
    shelf.compare(model)
    shelf.promotions.promote(model.id, by="Ana")
    engine, live = begin(shop, load)
    assert loads[1:] == [None]
    assert "ValueError" in caplog.text
    assert "quotes" not in caplog.text
    engine.error = ValueError()
    assert not live.look()
    assert [each.state for each in shelf.promotions.takeovers(1)] == ["failed"]
