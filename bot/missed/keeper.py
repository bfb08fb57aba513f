"""Groups missed questions while the server runs, in a thread of its own, never in a visitor's turn.

In every replica: what one files, the others do not find any more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.missed.model import Reason
from bot.repeating import Repeating

EVERY_SECONDS = 60.0
MERGE_EVERY = timedelta(days=1)
BETWEEN_BATCHES = 0.05
"""Seconds in which visitors' turns have the processor and the database to themselves."""


class Grouping(Protocol):
    """The part of the filing that the keeper needs (`bot/missed/filing.py`)."""

    def lead(self) -> None: ...

    def leads(self) -> bool: ...

    def batch(self, reason: Reason) -> int: ...

    def refresh(self) -> int: ...

    def merge(self) -> int: ...

    def forget(self) -> None: ...


class MissedKeeper(Repeating):
    """Files what is new every so many seconds, and merges groups once a day, until stopped."""

    def __init__(
        self,
        filing: Grouping,
        clock: Callable[[], datetime],
        every_seconds: float = EVERY_SECONDS,
        between_seconds: float = BETWEEN_BATCHES,
    ):
        super().__init__("missed questions", self.once, every_seconds, at_once=True)
        self._filing = filing
        self._clock = clock
        self._between_seconds = between_seconds
        self._began = False
        self._merged_at: datetime | None = None

    def once(self, stopping: threading.Event | None = None) -> int:
        """File everything that is new, and merge where it is time. Returns how many were filed.

        Where it is to stop, it does so after the batch under way. Where a newer process of another
        version files, this one does nothing.
        """
        if not self._began:
            self._filing.lead()
            self._began = True
        if not self._filing.leads():
            return 0
        try:
            return self._file(stopping or threading.Event())
        finally:
            self._filing.forget()

    def _file(self, stopping: threading.Event) -> int:
        filed = 0
        while not stopping.is_set() and self._filing.refresh():
            time.sleep(self._between_seconds)
        for reason in Reason:
            while not stopping.is_set() and (count := self._filing.batch(reason)):
                filed += count
                time.sleep(self._between_seconds)
        if not stopping.is_set() and self._is_time_to_merge():
            self._filing.merge()
            self._merged_at = self._clock()
        return filed

    def _is_time_to_merge(self) -> bool:
        return self._merged_at is None or self._clock() - self._merged_at >= MERGE_EVERY
