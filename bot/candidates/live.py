"""Lets this server take over the model that was promoted.

A thread asks the database for the number of the last promotion; where that has changed, it fetches
the archive and has the engine load it beside the present model, so that a promotion is in force
within seconds in every replica. A model that cannot be loaded leaves the present one in force.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from bot.candidates.archives import Archives
from bot.candidates.promotion import Promotions
from bot.candidates.workshop import Workshop
from bot.errors import CarelineError, StoreUnavailable
from bot.repeating import Repeating

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
AGAIN_SECONDS = 60.0
"""After a failure, the next try: a full disk may have been emptied by then."""

LOADED, FAILED, OUTDATED = "loaded", "failed", "outdated"


class TakesOver(Protocol):
    """The part of the engine that changes its model (`bot/engine/engine.py`)."""

    def take_over(self, model: Path) -> None: ...


Loaded = TypeVar("Loaded", bound=TakesOver)


def begin(shop: Workshop, load: Callable[[Path | None], Loaded]) -> tuple[Loaded, LiveModel]:
    """An engine with the model in force, and what keeps it so beside a server.

    `load` is given an archive, or None for the model that ships: that one begins where nothing was
    promoted, or where the promoted one cannot be loaded. Raises what `load` does for it.
    """
    promotion = shop.promotions.in_force()
    if promotion is not None and promotion.model.based_on == shop.based_on:
        try:
            engine = load(shop.archives.fetch(promotion.model))
        except Exception as error:  # noqa: BLE001  whatever it was, visitors are answered
            logger.error("the model in force cannot be loaded: %s", type(error).__name__)
        else:
            loaded = promotion.model.sha256
            return engine, LiveModel(engine, shop.promotions, shop.archives, loaded=loaded)
    engine = load(None)
    return engine, LiveModel(engine, shop.promotions, shop.archives)


class LiveModel:
    """Keeps an engine's model that of the last promotion. `replica` is this server's own name.

    `loaded` is the hash of the archive that the engine has already, None for the model that ships.
    """

    def __init__(
        self,
        engine: TakesOver,
        promotions: Promotions,
        archives: Archives,
        poll_seconds: float = POLL_SECONDS,
        *,
        loaded: str | None = None,
    ):
        self._engine = engine
        self._promotions = promotions
        self._archives = archives
        self.replica = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._number = self._failed = 0
        self._sha256 = loaded
        self._again_at = 0.0
        self._looked = threading.Event()
        self._poll = Repeating("model", self._look, poll_seconds, at_once=True)

    def start(self) -> None:
        """Take over what is in force now, then begin to poll.

        Waits for the first, so that no visitor gets a reply of a model that is not in force.
        """
        self._looked.clear()
        self._poll.start()
        self._looked.wait()

    def stop(self) -> None:
        """Stop polling; returns when the thread has ended."""
        self._poll.stop()

    def look(self) -> bool:
        """Look now, without waiting for the poll; says whether another model took over.

        Raises `StoreUnavailable`; whatever else goes wrong is noted beside the promotion.
        """
        newest = self._promotions.newest()
        waiting = newest == self._failed and time.monotonic() < self._again_at
        if newest == self._number or waiting:
            return False
        promotion = self._promotions.in_force()
        assert promotion is not None, "there is one of the newest number"
        model = promotion.model
        if model.based_on != self._promotions.based_on:
            self._note(promotion.number, OUTDATED)
            return False
        try:
            changed = model.sha256 != self._sha256
            if changed:
                self._engine.take_over(self._archives.fetch(model))
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  whatever it was, the present model goes on
            self._fail(promotion.number, error)
            return False
        self._sha256 = model.sha256
        self._note(promotion.number, LOADED)
        return changed

    def _note(self, number: int, state: str) -> None:
        self._promotions.took_over(self.replica, number, state)
        self._number = number
        logger.info("model of promotion %d: %s", number, state)

    def _fail(self, number: int, error: Exception) -> None:
        """Note a failure; an error that is not ours may quote anything, so only its class."""
        self._failed, self._again_at = number, time.monotonic() + AGAIN_SECONDS
        reason = str(error) if isinstance(error, CarelineError) else type(error).__name__
        logger.error("model of promotion %d cannot be loaded: %s", number, type(error).__name__)
        self._promotions.took_over(self.replica, number, FAILED, reason[:300])

    def _look(self, _stopping: threading.Event) -> None:
        try:
            self.look()
        finally:
            self._looked.set()
