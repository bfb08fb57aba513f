"""The right to store a turn, so that a turn which was given up is not stored late."""

from __future__ import annotations

import threading
import time


class LateTurnError(Exception):
    """The turn took too long: the safe reply was stored in its place and nobody waits for it."""


class Ticket:
    """Can be taken once: by the turn itself or, when that takes too long, by the safe reply.

    `request_key` is the key of the request that the turn answers; it is stored with the turn, as is
    how long the visitor has waited since the ticket was made.
    """

    def __init__(self, request_key: str | None = None) -> None:
        self.request_key = request_key
        self._begun = time.monotonic()
        self._taken = threading.Lock()

    @property
    def milliseconds(self) -> int:
        """How long the visitor has waited until now."""
        return round(1000 * (time.monotonic() - self._begun))

    def take(self) -> bool:
        """Whether the caller may store the turn."""
        return self._taken.acquire(blocking=False)
