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

import httpx

from bot.paths import ROOT

READY = re.compile(r"Careline is ready: (http://127\.0\.0\.1:\d+)/")


@dataclass(frozen=True)
class Product:
    """A server under test. `database` is the file in which it keeps everything, `root` the folder
    of the program.
    """

    url: str
    database: Path
    environment: dict[str, str]
    logged: list[str]
    process: subprocess.Popen[str]
    root: Path

    def careline(self, *arguments: str, typed: str = "") -> str:
        """Run a command of `careline` beside the server; returns what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=self.root,
            env=self.environment,
            input=typed,
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


class Visitor:
    """Somebody who talks to Temple Health over the JSON contract."""

    def __init__(self, product: Product, clinic: str = "temple"):
        self.client = httpx.Client(base_url=product.url, timeout=30)
        self.clinic = clinic

    def __enter__(self) -> Visitor:
        token = self.client.post(f"/api/{self.clinic}/sessions").json()["token"]
        self.headers = {"Authorization": f"Bearer {token}"}
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.client.post(f"/api/{self.clinic}/{path}", json=body, headers=self.headers)

    def ask(self, text: str) -> dict[str, Any]:
        """The one reply to a text."""
        response = self.post("messages", text=text)
        assert response.status_code == 200, response.text
        (reply,) = response.json()["messages"]
        return dict(reply)


@contextmanager
def running(
    database: Path, port: int = 0, root: Path = ROOT, data_dir: Path | None = None
) -> Iterator[Product]:
    """Serve with a database, a new one if there is none; the model is the installation's own, or
    that of another data folder, in which it is trained where it is missing.

    On a free port, if none is given; from a copy of the program, if one is. A test may kill the
    process.
    """
    environment = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{database}",
        "RATE_LIMITS": "off",
    }
    environment.pop("REDIS_URL", None)
    if data_dir:
        environment["DATA_DIR"] = str(data_dir)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve"],
        cwd=root,
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
        yield Product(url, database, environment, logged, process, root)
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
