"""Counts days that are over while the server runs, in a thread of its own."""

from __future__ import annotations

import threading
import time
from datetime import date
from typing import Protocol

from bot.figures.days import Place
from bot.repeating import Repeating

EVERY_SECONDS = 60.0
BETWEEN_DAYS = 0.05
"""Seconds in which visitors' turns have the database to themselves."""


class Counting(Protocol):
    """The part of the counts that the keeper needs (`bot/figures/days.py`)."""

    def due(self) -> list[tuple[Place, date]]: ...

    def count(self, place: Place, day: date) -> None: ...


class FigureKeeper(Repeating):
    """Counts what is due at the start and then every so many seconds, until it is stopped."""

    def __init__(
        self,
        counts: Counting,
        every_seconds: float = EVERY_SECONDS,
        between_seconds: float = BETWEEN_DAYS,
    ):
        super().__init__("figures", self.once, every_seconds, at_once=True)
        self._counts = counts
        self._between_seconds = between_seconds

    def once(self, stopping: threading.Event | None = None) -> int:
        """Count every day that is due, unless it is to stop. Returns how many were."""
        counted = 0
        for place, day in self._counts.due():
            if stopping is not None and stopping.is_set():
                break
            self._counts.count(place, day)
            counted += 1
            time.sleep(self._between_seconds)
        return counted
