"""Where a command that exports writes to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot.errors import SetupError


@contextmanager
def output(path: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that only its owner can read. Raises `SetupError`."""
    if path is None:
        yield sys.stdout
        return
    try:
        path.touch(mode=0o600)
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise SetupError(f"{path} cannot be written: {error.strerror}.") from error
    with file:
        yield file
