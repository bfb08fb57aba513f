"""Does something again and again beside the server, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Repeating:
    """Calls `work` every so many seconds from `start` to `stop`, the first time at once if wanted.

    `work` is given the event that says that it should come to an end. Whatever it raises is logged
    by its class, once until it succeeds again, and the next time tries again.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[threading.Event], object],
        every_seconds: float,
        *,
        at_once: bool = False,
    ):
        self._name = name
        self._work = work
        self._every_seconds = every_seconds
        self._at_once = at_once
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Returns when the thread has ended, after the piece of work that is under way."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        failing = False
        if not self._at_once and self._stopping.wait(self._every_seconds):
            return
        while True:
            try:
                self._work(self._stopping)
                failing = False
            except Exception as error:  # noqa: BLE001  the next time tries again
                if not failing:
                    logger.error("%s failed: %s", self._name, type(error).__name__)
                failing = True
            if self._stopping.wait(self._every_seconds):
                return
