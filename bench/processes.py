"""Starts, measures and ends the processes of a side; none of them outlives the benchmark."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.client import RestClient
from bot.errors import SetupError

READY_SECONDS = 300.0
"""Longer than the slowest start ever seen on two busy cores, so that only a broken one meets it."""

STOP_SECONDS = 10.0
PROBE_SECONDS = 0.05
PROBE_TEXT = "what are the symptoms"


@dataclass(frozen=True)
class Command:
    """What to run, where, with which environment beside our own; its output goes to `log`."""

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    log: Path

    def start(self) -> subprocess.Popen[bytes]:
        """Start it in a process group of its own, so that its children end with it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                list(self.arguments),
                cwd=self.folder,
                env={
                    **os.environ,
                    "RASA_TELEMETRY_ENABLED": "false",
                    **self.environment,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def run(self) -> float:
        """Run it to its end; seconds that took. Raises `SetupError` when it fails."""
        started = time.monotonic()
        process = self.start()
        try:
            code = process.wait()
        finally:
            end(process)
        if code != 0:
            raise SetupError(f"{self.name} failed (exit code {code}); see {self.log}.")
        return time.monotonic() - started

    @property
    def name(self) -> str:
        return self.log.stem


class Running:
    """The started processes of one side and the port where it answers."""

    def __init__(self, commands: Sequence[Command], port: int, token: str | None):
        self.port = port
        self.token = token
        self._started = time.monotonic()
        self._processes: list[tuple[Command, subprocess.Popen[bytes]]] = []
        try:
            for command in commands:
                self._processes.append((command, command.start()))
        except BaseException:
            self.stop()
            raise

    def client(self) -> RestClient:
        return RestClient(self.port, self.token)

    def wait_ready(self) -> float:
        """Ask until there is an answer; seconds since the processes were started.

        Raises `SetupError` when one of them ends, or none answers in `READY_SECONDS`.
        """
        client = self.client()
        try:
            while not client.say("ready", PROBE_TEXT).answered:
                self._check_alive()
                if time.monotonic() - self._started > READY_SECONDS:
                    logs = ", ".join(str(command.log) for command, _ in self._processes)
                    raise SetupError(f"No answer after {READY_SECONDS:.0f} s; see {logs}.")
                time.sleep(PROBE_SECONDS)
        finally:
            client.close()
        return time.monotonic() - self._started

    def memory_bytes(self) -> int:
        """Memory of all processes and their children: proportional set size, where shared pages
        count once.
        """
        import psutil

        total = 0
        for _, process in self._processes:
            parent = psutil.Process(process.pid)
            for each in (parent, *parent.children(recursive=True)):
                total += each.memory_full_info().pss
        return total

    def stop(self) -> None:
        for _, process in reversed(self._processes):
            end(process)
        self._processes = []

    def _check_alive(self) -> None:
        for command, process in self._processes:
            if process.poll() is not None:
                raise SetupError(
                    f"{command.name} ended (exit code {process.returncode}); see {command.log}."
                )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process with its whole group: asked first, then forced."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Lets SIGTERM end the benchmark as Ctrl-C does: through every `finally`, so that no child is
    left.
    """

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
