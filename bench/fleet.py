"""Both sides' servers: started when a step first needs them, shared by the steps that follow, ended
at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from typing_extensions import Self

from bench.client import RestClient
from bench.processes import Running
from bench.sides import Side
from bot.errors import SetupError


class Fleet:
    """A context manager; whatever happens inside, no process is left."""

    def __init__(self, sides: Sequence[Side]):
        self.sides = tuple(sides)
        self._running: dict[str, Running] = {}
        self._clients: dict[str, RestClient] = {}

    @property
    def names(self) -> list[str]:
        return [side.name for side in self.sides]

    def running(self) -> dict[str, Running]:
        """The servers of all sides, ready. Raises `SetupError` when one is not trained or does not
        start.
        """
        for side in self.sides:
            if side.name not in self._running:
                self._start(side).wait_ready()
        return self._running

    def clients(self) -> dict[str, RestClient]:
        """One connection to each side."""
        for name, running in self.running().items():
            if name not in self._clients:
                self._clients[name] = running.client()
        return self._clients

    def time_start(self, side: Side) -> float:
        """Start a side alone and stop it again; seconds from its start to its first answer."""
        self.stop()
        seconds = self._start(side).wait_ready()
        self.stop()
        return seconds

    def stop(self) -> None:
        for client in self._clients.values():
            client.close()
        for running in self._running.values():
            running.stop()
        self._clients, self._running = {}, {}

    def _start(self, side: Side) -> Running:
        if not side.is_trained():
            raise SetupError(f"There is no model of {side.name}; take the step `train` first.")
        running = self._running[side.name] = side.start()
        return running

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
