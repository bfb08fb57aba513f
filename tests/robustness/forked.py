"""Starts `careline serve` in a second instead of ten.

The processes are forked from one that has imported Rasa, but has opened and loaded nothing.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess


class ForkedServer:
    """A process that runs `careline serve`."""

    def __init__(self, environment: Mapping[str, str]):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.robustness.imports"])
        self._process: ForkServerProcess = context.Process(
            target=_serve, args=(dict(environment),), daemon=True
        )
        self._process.start()

    def kill(self) -> None:
        """`kill -9`."""
        self._process.kill()

    def wait(self) -> None:
        self._process.join()

    def poll(self) -> int | None:
        return self._process.exitcode


def _serve(environment: dict[str, str]) -> None:
    """The command line's entry, in a process of its own with nothing of ours in its way."""
    os.environ.update(environment)
    from bot.cli import main

    main(["serve"])
