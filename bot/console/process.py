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
from collections.abc import Sequence
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from bot import logs, memory
from bot.clock import utc_now
from bot.console.app import console_of
from bot.content.live import LiveContent
from bot.content.publisher import PublishKeeper
from bot.content.publishing import Publishing
from bot.content.store import ContentStore
from bot.db.engine import create_engine
from bot.figures.days import DayCounts
from bot.figures.keeper import FigureKeeper
from bot.missed.filing import Filing
from bot.missed.keeper import MissedKeeper
from bot.missed.meaning import meaning_name, shipped_meaning
from bot.nlu.answer_vectors import vector_store
from bot.repeating import Repeating
from bot.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from sqlalchemy.engine import Engine

PATH = "/staff"


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
    beside: list[LiveContent | Repeating] = [live, *_keepers(database, settings)]
    for each in beside:
        each.start()
    server.run(sockets=[socket.socket(fileno=descriptor)])
    for each in reversed(beside):
        each.stop()


def _keepers(database: Engine, settings: Settings) -> list[Repeating]:
    """What works in the background, out of the way of visitors' turns."""

    def vectors(texts: Sequence[str]) -> np.ndarray:
        """Reads the sentence model when the first question is grouped, not before."""
        return shipped_meaning(settings.model_dir)(texts)

    filing = Filing(database, utc_now, vectors, meaning_name())
    publishing = Publishing(database, utc_now, vector_store(database))
    return [
        FigureKeeper(DayCounts(database, utc_now)),
        MissedKeeper(filing, utc_now),
        PublishKeeper(publishing),
    ]


def _leave_with_the_other() -> None:
    """Wait for the end of standard input, then go at once: nobody is left to answer."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
