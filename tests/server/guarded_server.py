"""The real server under guard: `python -m tests.server.guarded_server REPORT`.

All loggers are open at every level. Whatever would leave this machine is written to the file REPORT
and refused.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import sys
from contextlib import suppress
from typing import Any, TextIO

ELSEWHERE = ("192.0.2.1", 9)
"""An address that nobody has. The guard is tried with it, so that one that sleeps is noticed."""

OPEN = "all levels are open"

CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
LOOKS_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


def watch(report: TextIO) -> None:
    """Note and refuse every connection, and every look-up of a name, outside of this machine."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CONNECTS:
            called = arguments[1]
        elif event in LOOKS_UP:
            called = arguments[:1]
        else:
            return
        if not _is_here(called):
            report.write(f"{event} {called}\n")
            raise ConnectionRefusedError("nothing leaves this machine")

    sys.addaudithook(hook)


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):  # of a Unix socket, or none
        return True
    host = address[0]
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def open_all_levels() -> None:
    """As if somebody had asked each library for everything that it can tell."""
    for name in (None, *logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(1)
    logging.getLogger("bot.tests").debug(OPEN)
    logging.getLogger("sqlalchemy.engine").warning(OPEN)


def main() -> None:
    report = open(sys.argv[1], "a", buffering=1, encoding="utf-8")  # noqa: SIM115  until the end
    watch(report)
    from bot import cli
    from bot.commands import serve

    run = serve.run

    def run_with_open_levels(*arguments: Any) -> None:
        open_all_levels()
        run(*arguments)

    serve.run = run_with_open_levels
    try:
        cli.main(["serve"])
    finally:
        report.write("served\n")
        with suppress(ConnectionRefusedError), socket.socket() as tried:
            tried.connect(ELSEWHERE)
        report.write(f"telemetry {os.environ['RASA_TELEMETRY_ENABLED']}\n")


if __name__ == "__main__":
    main()
