"""Archives of models in the database, and on the disk of each replica."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.candidates import archives as module
from bot.candidates.archives import Archives, hash_of
from bot.candidates.tables import model_chunks, models
from bot.errors import NotFound, SetupError
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
    assert shelf.archives.shipped(BASED_ON) == shipped
    assert shelf.model(shipped=True, based_on="other data").id != shipped.id


def test_old_candidates_lose_their_archives_and_keep_their_rows(shelf: Shelf, engine: Engine):
    shipped = shelf.model(shipped=True)
    promoted = [shelf.promoted(), shelf.promoted()]
    others = [shelf.model() for _ in range(module.KEPT + 2)]
    for model in shelf.archives.all():
        shelf.archives.fetch(model)
    assert shelf.archives.forget_old() == 2
    kept = {model.id: model.kept for model in shelf.archives.all()}
    assert [kept[each.id] for each in (shipped, *promoted)] == [True, True, True]
    assert [kept[each.id] for each in others] == [False, False, *[True] * module.KEPT]
    files = {path.name.partition(".")[0] for path in shelf.archives.folder.iterdir()}
    assert files == {model.sha256 for model in shelf.archives.all() if model.kept}
    with engine.connect() as connection:
        of = connection.execute(sa.select(model_chunks.c.model_id).distinct()).scalars()
        assert set(of) == {each for each, there in kept.items() if there}


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
