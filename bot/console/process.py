"""The staff door in a process of its own: `python -m bot.console.process FD`.

Python runs one thread at a time, so a search or a download in the chat's process would make every
turn beside it two or three times as long. FD is a socket that listens already; `bot/staff_door.py`
starts this process, hands requests on to it, and holds its standard input open: when that ends, so
does this.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from datetime import datetime, timezone

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from bot import logs, memory
from bot.console.app import console_of
from bot.content.live import LiveContent
from bot.content.store import ContentStore
from bot.db.engine import create_engine
from bot.settings import Settings

PATH = "/staff"


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


def main(descriptor: int) -> None:
    """Serve until standard input ends."""
    memory.keep_little()
    logs.configure()
    settings = Settings.from_env()
    database = create_engine(settings.database_url)
    live = LiveContent(ContentStore(database, utc_now), settings.content_poll_seconds)
    console = console_of(settings, database, live, utc_now)
    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=[Mount(PATH, console)]),
            access_log=False,
            log_config=None,
            forwarded_allow_ips="*",  # only the process that started this one can reach it
            server_header=False,
            date_header=False,
            lifespan="off",
            ws="none",
        )
    )
    threading.Thread(target=_leave_with_the_other, daemon=True).start()
    live.start()
    server.run(sockets=[socket.socket(fileno=descriptor)])
    live.stop()


def _leave_with_the_other() -> None:
    """Wait for the end of standard input, then go at once: nobody is left to answer."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
