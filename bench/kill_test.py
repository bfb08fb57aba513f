"""Kills the server again and again under visitors, and looks whether anything was lost.

    python -m bench.kill_test --rounds 20 --database sqlite

A turn is acknowledged when its reply has arrived. After each `kill -9` at a random moment and a new
start every acknowledged turn must be there, word for word, no turn may be there by half, and each
conversation must go on.
"""

from __future__ import annotations

import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Protocol

import typer
from rich.progress import Progress

from bench.kill_visitors import Conversation, Visitor, problems_of
from bench.processes import free_port
from bot.errors import SetupError
from bot.paths import ROOT
from bot.settings import Settings

READY_SECONDS = 300.0
"""Longer than any start, even one that trains a model first."""

ALIVE_SECONDS = (0.05, 2.0)
"""The server is killed at a random moment between these, counted from the first message."""


class Server(Protocol):
    """A server process."""

    def kill(self) -> None:
        """`kill -9`."""

    def wait(self) -> object: ...

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""


StartServer = Callable[[Mapping[str, str]], Server]
"""Starts `careline serve` with an environment beside our own."""


@dataclass
class Result:
    """What came of it. `problems` is empty when nothing was lost.

    `unanswered` messages had no reply when the server was killed; of these `stored` were stored.
    """

    rounds: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    stored: int = 0
    interrupted: int = 0
    went_on: int = 0
    conversations: list[Conversation] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.rounds} kills, {len(self.conversations)} conversations, "
            f"{self.acknowledged} acknowledged turns, {len(self.problems)} problems; "
            f"{self.went_on} of {self.interrupted} interrupted conversations went on; "
            f"{self.stored} of {self.unanswered} messages without a reply were stored"
        )


class KillTest:
    """One run on a database. `seed` decides the moments of the kills."""

    def __init__(self, start: StartServer, environment: Mapping[str, str], seed: int):
        self.result = Result()
        self._start = start
        self._port = free_port()
        self._environment = {**environment, "PORT": str(self._port), "HOST": "127.0.0.1"}
        self._random = random.Random(seed)
        self._server: Server | None = None

    def run(self, rounds: int, visitors: int, report: Callable[[], None] = lambda: None) -> Result:
        """Kill so many times, under so many visitors; `report` is called after each round."""
        try:
            self._start_server()
            for number in range(rounds):
                spoken_to = self._kill_under(visitors, anew=number % 2 == 0)
                self._start_server()
                self._check(spoken_to)
                self.result.rounds += 1
                report()
            self._count_unanswered()
        finally:
            self._kill_server()
        return self.result

    def _kill_under(self, visitors: int, anew: bool) -> list[Conversation]:
        """Let visitors talk, in new conversations or the latest ones, until the server is dead."""
        old: list[Conversation | None] = [] if anew else [*self.result.conversations[-visitors:]]
        old += [None] * (visitors - len(old))
        talking = [Visitor(self._port, conversation) for conversation in old]
        for visitor in talking:
            visitor.start()
        deadline = time.monotonic() + READY_SECONDS
        while not any(visitor.answers for visitor in talking) and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(self._random.uniform(*ALIVE_SECONDS))
        self._kill_server()
        for visitor in talking:
            visitor.join()
            if visitor.conversation is not None:
                visitor.conversation.interrupted()
        self.result.acknowledged += sum(visitor.answers for visitor in talking)
        self.result.problems += [p for visitor in talking for p in visitor.problems]
        spoken_to = [v.conversation for v in talking if v.conversation is not None]
        known = {id(conversation) for conversation in self.result.conversations}
        self.result.conversations += [c for c in spoken_to if id(c) not in known]
        return spoken_to

    def _check(self, spoken_to: list[Conversation]) -> None:
        """Everything that was ever acknowledged is there, and what was interrupted goes on."""
        for conversation in self.result.conversations:
            self._look_at(conversation)
        for conversation in spoken_to:
            visitor = Visitor(self._port, conversation)
            self.result.interrupted += 1
            if visitor.say_once():
                self.result.went_on += 1
                self.result.acknowledged += 1
            self.result.problems += visitor.problems
            self._look_at(conversation)

    def _look_at(self, conversation: Conversation) -> None:
        stored = Visitor(self._port, conversation).read()
        self.result.problems += problems_of(conversation, stored)

    def _count_unanswered(self) -> None:
        for conversation in self.result.conversations:
            self.result.unanswered += len(conversation.unanswered)
            stored = Visitor(self._port, conversation).read() or []
            self.result.stored += sum(m["text"] in conversation.unanswered for m in stored)

    def _start_server(self) -> None:
        self._server = self._start(self._environment)
        deadline = time.monotonic() + READY_SECONDS
        while not Visitor(self._port, None).is_served():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise SetupError("The server does not start; try `careline serve`.")
            time.sleep(0.02)

    def _kill_server(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None


def careline_serve(environment: Mapping[str, str]) -> Server:
    """`careline serve` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def environment_of(folder: Path, database_url: str, settings: Settings) -> dict[str, str]:
    """What a server needs that keeps its data in `folder` and has the model of `settings`."""
    (folder / "models").symlink_to(settings.model_dir.resolve(), target_is_directory=True)
    return {"DATA_DIR": str(folder), "DATABASE_URL": database_url, "RATE_LIMITS": "off"}


@contextmanager
def own_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of a kind, which is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'careline.db'}"
        return
    if kind != "postgresql":
        raise SetupError(f"There is no database '{kind}'; use sqlite or postgresql.")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pgserver

    server = pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 20,
    database: Annotated[str, typer.Option(help="sqlite or postgresql")] = "sqlite",
    visitors: Annotated[int, typer.Option(min=1)] = 4,
    seed: Annotated[int | None, typer.Option(help="Repeats the moments of a run.")] = None,
) -> None:
    """Kill the server at random moments under visitors; exit code 1 when anything was lost."""
    from bot.engine.training import ensure_model

    settings = Settings.from_env()
    ensure_model(settings)
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="careline-kill-") as name, Progress() as progress:
        folder = Path(name)
        task = progress.add_task(f"{database}, seed {seed}", total=rounds)
        with own_database(database, folder) as url:
            test = KillTest(careline_serve, environment_of(folder, url, settings), seed)
            result = test.run(rounds, visitors, lambda: progress.advance(task))
    print(f"{database}: {result}; {time.monotonic() - started:.0f} s, seed {seed}")
    for problem in result.problems:
        print(f"  {problem}")
    raise typer.Exit(1 if result.problems else 0)


if __name__ == "__main__":
    try:
        typer.run(main)
    except SetupError as error:
        sys.exit(str(error))
