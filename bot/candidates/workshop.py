"""The stores of models and of what is done with them, of one installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.candidates.archives import Archives
from bot.candidates.comparisons import Comparisons
from bot.candidates.promotion import Promotions
from bot.candidates.runs import Runs
from bot.engine.training import fingerprint
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


@dataclass(frozen=True)
class Workshop:
    """What a run, a page or a command works with. `based_on` is the fingerprint of the shipped data
    and pipeline of this code.
    """

    settings: Settings
    database: Engine
    clock: Callable[[], datetime]
    based_on: str = field(default_factory=fingerprint)

    @property
    def runs(self) -> Runs:
        return Runs(self.database, self.clock)

    @property
    def archives(self) -> Archives:
        return Archives(self.database, self.clock, self.settings.model_dir)

    @property
    def comparisons(self) -> Comparisons:
        return Comparisons(self.database, self.clock)

    @property
    def promotions(self) -> Promotions:
        return Promotions(self.database, self.clock, self.based_on)
