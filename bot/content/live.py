"""The snapshot in force in this process.

Replies read it from memory; a thread asks the database for its version number and swaps the
snapshot when that has changed, so that an edit or a notice is in force within a poll, in every
replica.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from bot.content.files import load_directory
from bot.content.model import Snapshot
from bot.content.snapshot import snapshot_of_files
from bot.repeating import Repeating


class Store(Protocol):
    """What a live snapshot needs of the content store."""

    def version(self) -> int: ...

    def snapshot(self) -> Snapshot: ...


class InForce(Protocol):
    """Anything that holds a snapshot in force: a `LiveContent`, or a fixed one in a test."""

    @property
    def current(self) -> Snapshot: ...


class LiveContent:
    """The newest snapshot of a store. `poll_seconds` is how long an edit may take to arrive."""

    def __init__(self, store: Store, poll_seconds: float):
        self._store = store
        self._snapshot: Snapshot | None = None
        # Where it fails, the old snapshot beats no answer at all.
        self._poll = Repeating("content", lambda _: self.refresh(), poll_seconds)

    @property
    def current(self) -> Snapshot:
        """The snapshot in force. Reading the first one may raise `StoreUnavailable`."""
        if self._snapshot is None:
            self._snapshot = self._store.snapshot()
        return self._snapshot

    def refresh(self) -> bool:
        """Look now, without waiting for the poll; says whether there was something new.

        Raises `StoreUnavailable`; the old snapshot stays in force then.
        """
        if self._store.version() == self.current.version:
            return False
        self._snapshot = self._store.snapshot()
        return True

    def start(self) -> None:
        """Read the first snapshot and begin to poll. Raises `StoreUnavailable`."""
        _ = self.current
        self._poll.start()

    def stop(self) -> None:
        """Stop polling; returns when the thread has ended."""
        self._poll.stop()


class _Process:
    """What this process answers from; `None` for the shipped files."""

    content: InForce | None = None


def use(live: InForce | None) -> None:
    """Make `live` this process's content; `None` goes back to the shipped files."""
    _Process.content = live


def current() -> Snapshot:
    """This process's content; the shipped files where nothing was set (`rasa train`)."""
    return shipped() if _Process.content is None else _Process.content.current


@lru_cache(maxsize=1)
def shipped() -> Snapshot:
    """The content of the files that ship, read when first asked for."""
    return snapshot_of_files(load_directory())
