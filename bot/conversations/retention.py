"""Keeps to the clinics' retention days while the server runs.

A thread of its own looks at the start and then every hour. In every replica: what one deletes, the
others do not find any more.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Protocol

logger = logging.getLogger(__name__)

EVERY_SECONDS = 3_600.0


class Purging(Protocol):
    """The part of the conversation log that retention needs."""

    def purge(self) -> Iterator[int]: ...


class Retention:
    """Purges once at the start and then every so many seconds, until it is stopped."""

    def __init__(self, log: Purging, every_seconds: float = EVERY_SECONDS):
        self._log = log
        self._every_seconds = every_seconds
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the batch under way; returns when the thread has ended."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while True:
            try:
                self._purge()
            except Exception as error:  # noqa: BLE001  the next hour tries again
                logger.error("conversations cannot be purged: %s", type(error).__name__)
            if self._stopping.wait(self._every_seconds):
                return

    def _purge(self) -> None:
        deleted = 0
        for count in self._log.purge():
            deleted += count
            if self._stopping.is_set():
                break
        if deleted:
            logger.info("%d conversations were older than their clinic keeps them", deleted)
