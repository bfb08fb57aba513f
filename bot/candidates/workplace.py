"""Where a run keeps what it needs for a while, which may hold visitors' words."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.candidates.runs import Runs
from bot.candidates.workshop import Workshop
from bot.repeating import Repeating

if TYPE_CHECKING:
    from bot.candidates.model import Run

PREFIX = "run-"

TIDY_SECONDS = 3600.0


@contextmanager
def workplace(folder: Path, run: Run) -> Iterator[Path]:
    """A folder of the run's own in `folder`, which only we can read, gone when the run ends."""
    folder.mkdir(parents=True, exist_ok=True)
    made = tempfile.mkdtemp(prefix=_name(run), dir=folder)
    tempfile.tempdir = os.environ["TMPDIR"] = made  # Rasa's own temporary folders too
    try:
        yield Path(made)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def clear(folder: Path, runs: Runs) -> None:
    """Take away what runs left that were killed. Raises `StoreUnavailable`."""
    found = list(folder.glob(f"{PREFIX}*"))  # before asking: a run is there before its folder
    under_way = runs.under_way()
    for each in found:
        if under_way is None or not each.name.startswith(_name(under_way)):
            shutil.rmtree(each, ignore_errors=True)


def tidying(shop: Workshop) -> Repeating:
    """What a server starts beside itself, so that nothing lies on its disk that is not needed.

    A run may have been killed with the machine, and an archive forgotten in another replica.
    """

    def tidy(_stopping: threading.Event) -> None:
        clear(shop.archives.folder, shop.runs)
        shop.archives.forget_files()

    return Repeating("tidying", tidy, TIDY_SECONDS, at_once=True)


def _name(run: Run) -> str:
    return f"{PREFIX}{run.id}-"
