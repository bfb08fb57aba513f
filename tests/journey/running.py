"""The product in a process of its own, as `make run` starts it, and its command line."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.paths import ROOT

READY = re.compile(r"Careline is ready: (http://127\.0\.0\.1:\d+)/")


@dataclass(frozen=True)
class Product:
    """A server under test. `database` is the file in which it keeps everything."""

    url: str
    database: Path
    environment: dict[str, str]
    logged: list[str]
    process: subprocess.Popen[str]

    def careline(self, *arguments: str) -> str:
        """Run a command of `careline` beside the server; returns what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """What lies in the database, read past the product."""
        with closing(sqlite3.connect(self.database)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]


@contextmanager
def running(database: Path, port: int = 0) -> Iterator[Product]:
    """Serve with a database, a new one if there is none; the model is the installation's own.

    On a free port, if none is given. A test may kill the process.
    """
    environment = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{database}",
        "RATE_LIMITS": "off",
    }
    environment.pop("REDIS_URL", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    logged: list[str] = []
    try:
        url = _address(process, logged)
        reader = threading.Thread(target=logged.extend, args=(process.stderr,))
        reader.start()
        yield Product(url, database, environment, logged, process)
        process.terminate()
        process.wait(timeout=30)
        reader.join(timeout=30)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def _address(process: subprocess.Popen[str], logged: list[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        logged.append(line)
        if found := READY.search(line):
            return found[1]
    raise AssertionError("".join(logged))
