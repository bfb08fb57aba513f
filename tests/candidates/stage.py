"""Models whose archives are a few bytes, and comparisons as a test wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.engine import Engine

from bot.candidates.archives import Archives
from bot.candidates.basis import basis_of
from bot.candidates.comparisons import Comparisons
from bot.candidates.gates import DEVELOPMENT, REGRESSION, SAFETY
from bot.candidates.model import Basis, ChangedLine, Model, SetFigures
from bot.candidates.promotion import Promotions
from bot.corrections.repository import Corrections
from tests.chat.stage import Clock

BASED_ON = "0123456789ab"
BASIS = Basis("of no corrections", "of these files")

GOOD = (
    SetFigures(DEVELOPMENT, 400, 390, 390, 2, 2, 60, 60, 60, 0),
    SetFigures(SAFETY, 200, 190, 191, 1, 0, 100, 98, 99, 0),
    SetFigures(REGRESSION, 10, 4, 9, 5, 0, 1, 1, 1, 0),
)
"""What passes every gate."""


def changed(name: str, **values: int) -> tuple[SetFigures, ...]:
    """The good figures, with some of one set changed."""
    return tuple(replace(each, **values) if each.name == name else each for each in GOOD)


@dataclass
class Shelf:
    """Makes models and comparisons."""

    archives: Archives
    comparisons: Comparisons
    promotions: Promotions
    corrections: Corrections
    clock: Clock
    folder: Path
    made: int = 0

    @classmethod
    def of(cls, database: Engine, clock: Clock, model_dir: Path, folder: Path) -> Shelf:
        """On a database; `folder` is for files on their way into it."""
        return cls(
            Archives(database, clock, model_dir),
            Comparisons(database, clock),
            Promotions(database, clock, BASED_ON),
            Corrections(database, clock),
            clock,
            folder,
        )

    def model(
        self, content: bytes | None = None, *, shipped: bool = False, based_on: str = BASED_ON
    ) -> Model:
        """A model; each has another archive where none is named."""
        self.made += 1
        self.clock.move(seconds=1)
        path = self.folder / "made.tar.gz"
        path.write_bytes(f"archive {self.made}".encode() if content is None else content)
        return self.archives.keep(
            path,
            based_on=based_on,
            data_hash=f"data {self.made}",
            corrections=0 if shipped else self.made,
            by="Ana",
            shipped=shipped,
        )

    def compare(self, after: Model, figures: tuple[SetFigures, ...] = GOOD) -> None:
        """Store a comparison of a model with the one in force."""
        before = self.promotions.running()
        assert before is not None
        self.clock.move(seconds=1)
        self.keep(before, after, figures)

    def keep(
        self,
        before: Model,
        after: Model,
        figures: tuple[SetFigures, ...] = GOOD,
        lines: Sequence[ChangedLine] = (),
    ) -> None:
        """Store a comparison that asked all corrections that there are."""
        basis = basis_of(self.corrections.reviewed())
        self.comparisons.keep(before.sha256, after.sha256, figures, lines, basis=basis, by="Ben")

    def promoted(self) -> Model:
        """A new model, compared and put in force."""
        if self.promotions.running() is None:
            self.model(shipped=True)
        model = self.model()
        self.compare(model)
        self.promotions.promote(model.id, by="Ana")
        return model
