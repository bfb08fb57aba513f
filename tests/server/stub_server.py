"""A real server process with the stub engine: `python -m tests.server.stub_server DATA_DIR`."""

from __future__ import annotations

import logging
import sys

from bot import logs
from bot.commands.serve import listening_socket, run
from bot.db.engine import create_engine
from bot.settings import Settings
from tests.chat.stage import Clock, StubEngine, stub_app


class FailingEngine(StubEngine):
    """Fails on request, with an error that quotes the visitor."""

    def _store(self, conversation, said, request_key):
        if "fail" in said:
            raise RuntimeError(f"could not answer: {said}")
        return super()._store(conversation, said, request_key)


def main() -> None:
    logs.configure()
    settings = Settings.from_env({"DATA_DIR": sys.argv[1], "RATE_LIMITS": "off"})
    app, engine, _, _ = stub_app(settings, create_engine(settings.database_url), Clock())
    engine.__class__ = FailingEngine
    logging.getLogger("bot").info("a line of our own")
    run(app, listening_socket("127.0.0.1", 0))


if __name__ == "__main__":
    main()
