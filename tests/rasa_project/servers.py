"""Servers of Rasa's that a test starts."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable

import httpx

SECONDS = 60


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], said: Callable[[], str]) -> None:
    """Returns when the address answers. Fails with what the process said if it ends before."""
    started = time.monotonic()
    while True:
        try:
            httpx.get(url).raise_for_status()
            return
        except httpx.TransportError:
            assert process.poll() is None, said()
            assert time.monotonic() - started < SECONDS, said()
            time.sleep(0.1)
