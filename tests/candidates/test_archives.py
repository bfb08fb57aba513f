"""Archives of models in the database, and on the disk of each replica."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.candidates import archives as module
from bot.candidates import gates
from bot.candidates.archives import Archives, hash_of
from bot.candidates.history import standing
from bot.candidates.model import Kind, Model, Promotion, Refusal, RunState, SetFigures
from bot.candidates.runs import Runs
from bot.candidates.tables import model_chunks, models
from bot.errors import NotFound, PromotionRefused, SetupError
from tests.candidates.stage import BASED_ON, Shelf
from tests.chat.stage import Clock


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 10)


def test_another_replica_gets_the_same_bytes(
    shelf: Shelf, engine: Engine, clock: Clock, tmp_path: Path
):
    content = bytes(range(256))
    model = shelf.model(content)
    assert (model.size, model.kept) == (256, True)
    other = Archives(engine, clock, tmp_path / "elsewhere")
    path = other.fetch(model)
    assert path.read_bytes() == content
    assert hash_of(path) == model.sha256
    assert path.is_relative_to(tmp_path / "elsewhere")
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_that_was_changed_on_the_disk_is_fetched_anew(shelf: Shelf):
    model = shelf.model()
    path = shelf.archives.fetch(model)
    path.write_bytes(b"something else")
    assert shelf.archives.fetch(model) == path
    assert hash_of(path) == model.sha256


def test_an_archive_that_is_not_whole_in_the_database_is_refused(shelf: Shelf, engine: Engine):
    model = shelf.model(b"x" * 35)
    with engine.begin() as connection:
        connection.execute(model_chunks.delete().where(model_chunks.c.number == 1))
    with pytest.raises(SetupError, match="not whole"):
        shelf.archives.fetch(model)
    assert list(shelf.archives.folder.iterdir()) == []


def test_a_model_counts_once_all_of_it_is_stored(
    shelf: Shelf, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    def cut(path: Path):
        yield b"first"
        raise OSError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(module, "hash_of", lambda path: "f" * 64)
        patched.setattr(module, "_pieces", cut)
        with pytest.raises(OSError, match="gone"):
            shelf.model(b"first and second")
    assert [model.kept for model in shelf.archives.all()] == [False]
    with engine.begin() as connection:
        digest = hash_of(shelf.folder / "made.tar.gz")
        connection.execute(models.update().values(sha256=digest))
    again = shelf.model(b"first and second")
    assert [model.id for model in shelf.archives.all()] == [again.id]
    assert shelf.archives.fetch(again).read_bytes() == b"first and second"


def test_the_same_archive_and_the_same_shipped_data_are_one_model(shelf: Shelf):
    assert shelf.model(b"one").id == shelf.model(b"one").id
    shipped = shelf.model(shipped=True)
    assert shelf.model(shipped=True) == shipped
    assert shelf.promotions.running() == shipped
    assert shelf.model(shipped=True, based_on="other data").id != shipped.id


def kept(shelf: Shelf, *those: Model) -> list[bool]:
    return [shelf.archives.get(model.id).kept for model in those]


def test_old_candidates_lose_their_archives_and_keep_their_rows(shelf: Shelf, engine: Engine):
    shipped = shelf.model(shipped=True)
    promoted = [shelf.promoted(), shelf.promoted()]
    others = [shelf.model() for _ in range(module.KEPT + 2)]
    for model in shelf.archives.all():
        shelf.archives.fetch(model)
    assert shelf.archives.forget_old(BASED_ON) == 2
    assert kept(shelf, shipped, *promoted) == [True, True, True]
    assert kept(shelf, *others) == [False, False, *[True] * module.KEPT]
    files = {path.name.partition(".")[0] for path in shelf.archives.folder.iterdir()}
    assert files == {model.sha256 for model in shelf.archives.all() if model.kept}
    with engine.connect() as connection:
        of = connection.execute(sa.select(model_chunks.c.model_id).distinct()).scalars()
        assert set(of) == {model.id for model in shelf.archives.all() if model.kept}


def test_after_a_roll_back_those_stay_that_are_in_force_and_that_the_next_one_leads_to(
    shelf: Shelf,
):
    one, two, three, four = (shelf.promoted() for _ in range(4))
    shelf.promotions.roll_back(by="Ana")
    shelf.promotions.roll_back(by="Ana")
    for _ in range(module.KEPT):
        shelf.model()
    shelf.archives.forget_old(BASED_ON)
    assert shelf.promotions.running() == two
    assert kept(shelf, one, two, three, four) == [True, True, False, False]
    assert shelf.promotions.roll_back(by="Ana").model == one


def test_what_a_run_works_with_stays(shelf: Shelf, runs: Runs):
    first, second = shelf.model(), shelf.model()
    for _ in range(module.KEPT):
        shelf.model()
    run = runs.begin(Kind.COMPARE, by="Ana", model_id=first.id)
    shelf.archives.forget_old(BASED_ON)
    assert kept(shelf, first, second) == [True, False]
    runs.end(run.id, RunState.DONE)
    shelf.archives.forget_old(BASED_ON)
    assert kept(shelf, first) == [False]


def test_models_that_shipped_with_an_earlier_version_grow_old_too(shelf: Shelf):
    old, present = shelf.model(shipped=True, based_on="earlier"), shelf.model(shipped=True)
    for _ in range(module.KEPT):
        shelf.model()
    shelf.archives.forget_old(BASED_ON)
    assert kept(shelf, old, present) == [False, True]
    again = shelf.model(shipped=True, based_on="earlier")
    assert (again.id, again.kept) == (old.id, True)
    assert shelf.archives.fetch(again).read_bytes() == f"archive {shelf.made}".encode()


def test_pieces_of_an_archive_whose_run_was_killed_go(shelf: Shelf, engine: Engine):
    whole, cut = shelf.model(b"x" * 35), shelf.model(b"y" * 35)
    with engine.begin() as connection:
        connection.execute(models.update().where(models.c.id == cut.id).values(kept=False))
    shelf.archives.forget_old(BASED_ON)
    with engine.connect() as connection:
        of = connection.execute(sa.select(model_chunks.c.model_id).distinct()).scalars()
        assert list(of) == [whole.id]


def test_another_replica_deletes_its_files_of_what_was_forgotten(
    shelf: Shelf, engine: Engine, clock: Clock, tmp_path: Path
):
    other = Archives(engine, clock, tmp_path / "elsewhere")
    old, *_, new = [shelf.model() for _ in range(module.KEPT + 1)]
    paths = other.fetch(old), other.fetch(new)
    being_written, left = other.folder / "now.draft", other.folder / "long ago.draft"
    for path in (being_written, left):
        path.touch()
    os.utime(left, (0, 0))
    shelf.archives.forget_old(BASED_ON)
    assert all(path.is_file() for path in paths)
    other.forget_files()
    assert set(other.folder.iterdir()) == {paths[1], being_written}


def oldest_of_many(shelf: Shelf) -> Model:
    """A model that may be put in force, and is the next to be forgotten."""
    shelf.model(shipped=True)
    oldest = shelf.model()
    shelf.compare(oldest)
    for _ in range(module.KEPT):
        shelf.model()
    return oldest


def test_whoever_puts_a_model_in_force_while_old_ones_are_forgotten_has_its_archive(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
):
    """Either it is in force and stays, or it was forgotten before and cannot be put in force."""
    oldest = oldest_of_many(shelf)
    checked, forgetting = threading.Event(), threading.Event()
    decide = gates.decide

    def wait(figures: Sequence[SetFigures]) -> tuple[gates.Gate, ...]:
        checked.set()
        forgetting.wait(10)
        time.sleep(0.3)  # the other one would be through by now, if nothing held it up
        return decide(figures)

    monkeypatch.setattr(gates, "decide", wait)

    def forget() -> int:
        checked.wait(10)
        forgetting.set()
        return shelf.archives.forget_old(BASED_ON)

    with ThreadPoolExecutor(2) as both:
        promoting = both.submit(shelf.promotions.promote, oldest.id, by="Ana")
        forgotten = both.submit(forget)
        assert promoting.result(20).model == oldest
        assert forgotten.result(20) == 0
    assert shelf.promotions.running() == shelf.archives.get(oldest.id)
    assert kept(shelf, oldest) == [True]
    assert shelf.archives.fetch(oldest).is_file()


def test_whoever_comes_after_an_archive_was_forgotten_is_refused(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
):
    oldest = oldest_of_many(shelf)
    locked, promoting = threading.Event(), threading.Event()

    def wait(connection: Connection, based_on: str) -> list[Promotion]:
        locked.set()
        promoting.wait(10)
        time.sleep(0.3)
        return standing(connection, based_on)

    monkeypatch.setattr(module, "standing", wait)

    def promote() -> None:
        locked.wait(10)
        promoting.set()
        shelf.promotions.promote(oldest.id, by="Ana")

    with ThreadPoolExecutor(2) as both:
        forgotten, promoted = both.submit(shelf.archives.forget_old, BASED_ON), both.submit(promote)
        assert forgotten.result(20) == 1
        with pytest.raises(PromotionRefused) as caught:
            promoted.result(20)
    assert caught.value.why is Refusal.ARCHIVE_GONE
    assert shelf.promotions.newest() == 0


def test_a_model_is_named_by_how_its_id_begins(shelf: Shelf):
    model = shelf.model()
    assert shelf.archives.named(model.id[:6]) == model
    for beginning in ("", "nothing"):
        with pytest.raises(NotFound):
            shelf.archives.named(beginning)


def test_a_folder_that_cannot_be_written_is_told(shelf: Shelf):
    shelf.archives.folder.parent.write_text("a file in its place")
    with pytest.raises(SetupError, match="cannot be written"):
        shelf.archives.fetch(shelf.model())
