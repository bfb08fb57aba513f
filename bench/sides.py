"""The two sides: how each is trained and started. Everything else is done to both alike."""

from __future__ import annotations

import json
import secrets
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Protocol

from bench.processes import Command, Running, free_port
from bench.stock_project import STOCK_DIR, write_project
from bot.content.files import load_directory
from bot.content.snapshot import snapshot_of_files
from bot.engine.training import fingerprint
from bot.errors import SetupError
from bot.paths import ROOT


@dataclass(frozen=True)
class Training:
    """Seconds that training took, and when; None where the model was trained at some other time,
    unmeasured.
    """

    seconds: float | None
    at: str


class Side(Protocol):
    """One of the two set-ups."""

    name: str

    def train(self) -> Training: ...

    def is_trained(self) -> bool: ...

    def start(self) -> Running:
        """Start its processes on a fresh database; they are not ready yet."""


class Ours:
    """`careline train` and `careline serve`, in a data folder of its own."""

    name = "ours"

    def __init__(self, folder: Path, logs: Path, root: Path = ROOT):
        """`root`: the project, or the copy of it with fewer examples."""
        self._data = folder / "data"
        self._logs = logs
        self._root = root

    def train(self) -> Training:
        shutil.rmtree(self._data, ignore_errors=True)
        seconds = self._command("train", "--force").run()
        return Training(seconds, _now())

    def is_trained(self) -> bool:
        # With an older model, or none, `serve` would train first, which is not getting ready.
        name = f"careline-{fingerprint(self._root)}.tar.gz"
        return (self._data / "models" / name).is_file()

    def start(self) -> Running:
        for file in self._data.glob("careline.db*"):
            file.unlink()
        port, token = free_port(), secrets.token_urlsafe(24)
        command = self._command("serve", PORT=str(port), REST_CHANNEL_TOKEN=token)
        return Running([command], port, token)

    def _command(self, *arguments: str, **environment: str) -> Command:
        own = {
            "DATA_DIR": str(self._data),
            "DATABASE_URL": f"sqlite:///{self._data / 'careline.db'}",
            "HOST": "127.0.0.1",
            "RATE_LIMITS": "off",
        }
        log = self._logs / f"ours-{arguments[0]}.log"
        careline = [sys.executable, "-m", "bot.cli", *arguments]
        return Command(careline, self._root, {**own, **environment}, log)


class Stock:
    """`rasa train`, then `rasa run` beside `rasa run actions`, as `rasa init` sets them up, with an
    SQLite tracker store.
    """

    name = "stock"

    def __init__(self, folder: Path, logs: Path, model: Path | None = None, root: Path = ROOT):
        """`model`: one that was trained before, used instead of training; `root` as in `Ours`."""
        self._nlu = root / "data" / "nlu"
        self._folder = folder
        self._logs = logs
        self._given = model is not None
        self._model = model or folder / "models" / "stock.tar.gz"
        if self._given and not self._model.is_file():
            raise SetupError(f"There is no stock model {self._model}.")

    def train(self) -> Training:
        if self._given:
            return self._remembered()
        # Rasa takes steps of an earlier training from its cache; the second run would look like
        # nothing.
        for old in (".rasa", "models", "data"):
            shutil.rmtree(self._folder / old, ignore_errors=True)
        self._write_project()
        arguments = [
            *("train", "--force", "--config", str(STOCK_DIR / "config.yml")),
            *("--domain", "domain.yml", "--data", str(self._nlu), "data"),
            *("--out", str(self._model.parent), "--fixed-model-name", "stock"),
        ]
        training = Training(self._rasa("train", self._folder, *arguments).run(), _now())
        self._note.write_text(json.dumps(vars(training)), encoding="utf-8")
        return training

    def is_trained(self) -> bool:
        return self._model.is_file()

    def start(self) -> Running:
        self._write_project()
        database = self._folder / "tracker.db"
        database.unlink(missing_ok=True)
        port, action_port = free_port(), free_port()
        environment = {
            "STOCK_ACTION_PORT": str(action_port),
            "STOCK_DATABASE": str(database),
            "STOCK_ANSWERS": str(self._folder / "answers.json"),
        }
        actions = self._rasa(
            "actions", STOCK_DIR, "run", "actions", "--port", str(action_port),
            **environment, SANIC_HOST="127.0.0.1",
        )  # fmt: skip
        server = self._rasa(
            "run", self._folder, "run", "-i", "127.0.0.1", "-p", str(port),
            "--model", str(self._model.resolve()), "--endpoints", str(STOCK_DIR / "endpoints.yml"),
            "--credentials", str(STOCK_DIR / "credentials.yml"), **environment,
        )  # fmt: skip
        return Running([actions, server], port, token=None)

    @property
    def _note(self) -> Path:
        return self._model.with_suffix(".train.json")

    def _remembered(self) -> Training:
        if not self._note.is_file():
            return Training(None, "")
        return Training(**json.loads(self._note.read_text(encoding="utf-8")))

    def _write_project(self) -> None:
        snapshot = snapshot_of_files(load_directory())
        write_project(self._folder, self._nlu, snapshot, datetime.now(timezone.utc))

    def _rasa(self, name: str, folder: Path, *arguments: str, **environment: str) -> Command:
        log = self._logs / f"stock-{name}.log"
        return Command([sys.executable, "-m", "rasa", *arguments], folder, environment, log)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
