"""Model archives: in the database in pieces, so that all replicas have them, and on this disk."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.candidates.history import model_of, standing
from bot.candidates.model import Model
from bot.candidates.tables import model_chunks, model_runs, models
from bot.db.unit_of_work import UnitOfWork
from bot.errors import NotFound, SetupError

PIECE = 1 << 20
"""Bytes of an archive in one row, written in a transaction of its own: SQLite has one writer, and a
visitor's turn waits for no more than this. An archive is some 17 MB.
"""

KEPT = 5
"""Candidates whose archives stay, beside those in use."""

DRAFT = ".draft"
DRAFT_SECONDS = 3600
"""Nobody is still writing a file that is older."""

FOLDER = "candidates"
"""The folder in `DATA_DIR/models` for archives that came from the database."""


class Archives:
    """Models and their archives. Every method may raise `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], model_dir: Path):
        self._engine = engine
        self._clock = clock
        self.folder = model_dir / FOLDER

    def keep(
        self,
        archive: Path,
        *,
        based_on: str,
        data_hash: str,
        corrections: int,
        by: str,
        shipped: bool = False,
        report: Callable[[int, int], None] = lambda done, total: None,
    ) -> Model:
        """Store an archive; it counts once all of it is there. `report(done, total)` in bytes.

        An archive with the same bytes, or another one of the same shipped data, is returned as it
        is.
        """
        sha256 = hash_of(archive)
        known = self._find(models.c.sha256 == sha256)
        if known is None and shipped:
            known = self._find(models.c.shipped_of == based_on)
        if known is not None and known.kept:
            return known
        values: dict[str, Any] = {
            "sha256": sha256,
            "size": archive.stat().st_size,
            "based_on": based_on,
            "shipped_of": based_on if shipped else None,
            "data_hash": data_hash,
            "corrections": corrections,
            "by": by,
            "at": self._clock(),
            "kept": False,
        }
        model_id = self._begin(known, values)
        for number, piece in enumerate(_pieces(archive)):
            self._write(model_chunks.insert().values(model_id=model_id, number=number, bytes=piece))
            report(min((number + 1) * PIECE, values["size"]), values["size"])
        self._write(models.update().where(models.c.id == model_id).values(kept=True))
        return self.get(model_id)

    def get(self, model_id: str) -> Model:
        """One model. Raises `NotFound`."""
        found = self._find(models.c.id == model_id)
        if found is None:
            raise NotFound("There is no such model.")
        return found

    def all(self) -> list[Model]:
        """Every model, the latest first; also those whose archives are gone."""
        query = sa.select(models).order_by(models.c.at.desc(), models.c.id)
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [model_of(row) for row in unit.connection.execute(query)]

    def named(self, beginning: str) -> Model:
        """The one model whose id begins so. Raises `NotFound`."""
        found = [each for each in self.all() if beginning and each.id.startswith(beginning)]
        if len(found) != 1:
            raise NotFound(
                f"{len(found) or 'No'} models begin with {beginning!r};"
                " `careline training list` shows them."
            )
        return found[0]

    def fetch(self, model: Model) -> Path:
        """The archive as a file on this disk, from the database where it is not there yet.

        Raises `SetupError` where the archive is gone or is not what was stored, or the folder
        cannot be written.
        """
        path = self.folder / f"{model.sha256}.tar.gz"
        if path.is_file() and hash_of(path) == model.sha256:
            return path
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self.folder, suffix=DRAFT)
            try:
                with os.fdopen(handle, "wb") as file:
                    for piece in self._stored_pieces(model.id):
                        file.write(piece)
                if hash_of(Path(draft)) != model.sha256:
                    raise SetupError(
                        f"The archive of model {model.id[:8]} is not whole in the database;"
                        " train anew."
                    )
                os.replace(draft, path)  # whole or not at all
            finally:
                Path(draft).unlink(missing_ok=True)
        except OSError as error:
            raise SetupError(f"{self.folder} cannot be written: {error.strerror}.") from error
        return path

    def forget_old(self, based_on: str) -> int:
        """Delete the archives of old models; their rows stay. Returns how many.

        Those stay that are in force for code of these shipped data (`based_on`) or that a roll-back
        leads to, that a run works with, and the newest. What is left of an archive whose storing
        was interrupted goes too: call it where nothing else is being stored.
        """
        others = models.c.shipped_of.is_distinct_from(based_on)
        newest_first = sa.select(models.c.id).where(models.c.kept, others)
        newest_first = newest_first.order_by(models.c.at.desc(), models.c.id).with_for_update()
        in_runs = sa.select(model_runs.c.model_id).where(model_runs.c.slot.is_not(None))
        broken = sa.select(models.c.id).where(~models.c.kept)
        with UnitOfWork(self._engine) as unit:
            # The lock first: whoever puts one of them in force has done so then, or sees it gone.
            ids = list(unit.connection.execute(newest_first).scalars())
            in_use = {each.model.id for each in standing(unit.connection, based_on)[-2:]}
            in_use |= set(unit.connection.execute(in_runs).scalars())
            old = [each for each in ids[KEPT:] if each not in in_use]
            unit.connection.execute(models.update().where(models.c.id.in_(old)).values(kept=False))
            unit.connection.execute(
                model_chunks.delete().where(model_chunks.c.model_id.in_(broken))
            )
            unit.commit()
        self.forget_files()
        return len(old)

    def forget_files(self) -> None:
        """Delete files on this disk that are not needed any more: of archives that were forgotten,
        maybe in another replica, and what a killed process left of one.
        """
        known = {f"{each.sha256}.tar.gz" for each in self.all() if each.kept}
        for path in self.folder.glob("*.tar.gz"):
            if path.name not in known:
                path.unlink(missing_ok=True)
        for path in self.folder.glob(f"*{DRAFT}"):
            if time.time() - path.stat().st_mtime > DRAFT_SECONDS:
                path.unlink(missing_ok=True)

    def _find(self, condition: Any) -> Model | None:
        with UnitOfWork(self._engine, read_only=True) as unit:
            row = unit.connection.execute(sa.select(models).where(condition)).first()
        return model_of(row) if row else None

    def _begin(self, known: Model | None, values: dict[str, Any]) -> str:
        """The row of an archive that is about to be stored. Returns its id.

        One whose storing was interrupted, or whose archive was deleted, is stored anew: it may be
        named in the history, so its row stays.
        """
        if known is None:
            model_id = uuid.uuid4().hex
            self._write(models.insert().values(id=model_id, **values))
            return model_id
        with UnitOfWork(self._engine) as unit:
            unit.connection.execute(
                model_chunks.delete().where(model_chunks.c.model_id == known.id)
            )
            unit.connection.execute(models.update().where(models.c.id == known.id).values(values))
            unit.commit()
        return known.id

    def _stored_pieces(self, model_id: str) -> Iterator[bytes]:
        query = sa.select(model_chunks.c.bytes).where(model_chunks.c.model_id == model_id)
        number = 0
        while True:
            with UnitOfWork(self._engine, read_only=True) as unit:
                here = query.where(model_chunks.c.number == number)
                piece = unit.connection.execute(here).scalar()
            if piece is None:
                return
            yield bytes(piece)
            number += 1

    def _write(self, statement: Any) -> None:
        with UnitOfWork(self._engine) as unit:
            unit.connection.execute(statement)
            unit.commit()


def hash_of(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for piece in _pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
