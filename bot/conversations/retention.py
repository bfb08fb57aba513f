"""Keeps to the clinics' retention days while the server runs.

A thread of its own looks at the start and then every hour. In every replica: what one deletes, the
others do not find any more.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Protocol

from bot.repeating import Repeating

logger = logging.getLogger(__name__)

EVERY_SECONDS = 3_600.0


class Purging(Protocol):
    """The part of the conversation log that retention needs."""

    def purge(self) -> Iterator[int]: ...


class Retention(Repeating):
    """Purges once at the start and then every so many seconds, until it is stopped."""

    def __init__(self, log: Purging, every_seconds: float = EVERY_SECONDS):
        super().__init__("retention", self._purge, every_seconds, at_once=True)
        self._log = log

    def _purge(self, stopping: threading.Event) -> None:
        deleted = 0
        for count in self._log.purge():
            deleted += count
            if stopping.is_set():
                break
        if deleted:
            logger.info("%d conversations were older than their clinic keeps them", deleted)
