"""`careline serve`: check what can be checked, prepare what is missing, then answer visitors."""

from __future__ import annotations

import errno
import os
import socket
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.clock import utc_now
from bot.errors import CarelineError, SetupError
from bot.settings import Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from bot.content.live import LiveContent
    from bot.conversations.log import ConversationLog
    from bot.engine.engine import Engine
    from bot.server import Beside

HIGHEST_PORT = 65_535
SHUTDOWN_SECONDS = 15
"""How long a turn under way may take to end after Ctrl+C: longer than `TURN_SECONDS`."""


def serve() -> None:
    """Serve the chat on PORT, with data in DATA_DIR. Trains the model first where it is needed."""
    from bot import logs
    from bot.staff_door import StaffDoor

    settings = Settings.from_env()
    logs.configure()
    check_data_dir(settings.data_dir)
    with listening_socket(settings.host, settings.port) as listener:
        if not settings.rate_limits:
            _say("WARNING: RATE_LIMITS=off. Nothing slows down a flood of requests.", loud=True)
        with StaffDoor() as staff:
            app = load_app(settings, staff)
            staff.open()
            run(app, listener)


def check_data_dir(folder: Path) -> None:
    """Make the data folder. Raises `SetupError` where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SetupError(f"DATA_DIR={folder} cannot be made ({reason}). Choose another.") from error
    if not writable:
        raise SetupError(
            f"DATA_DIR={folder} cannot be written. Change its rights or choose another."
        )


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address, taken before anything slow happens. It does not listen yet.

    Raises `SetupError` that says what is wrong with HOST or PORT.
    """
    if not 0 <= port <= HIGHEST_PORT:  # the system would take such a number modulo 65,536
        raise SetupError(f"HOST={host}, PORT={port} is no address: PORT goes up to {HIGHEST_PORT}.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise SetupError(f"HOST={host}, PORT={port} is no address to serve on.") from error
    listener = socket.socket(family, kind)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise SetupError(_why_not(error, host, port)) from error
    return listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program. Stop it, or choose another: PORT={port + 1}."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs special rights. Choose one above 1023, such as PORT=8000."
    return f"HOST={host}, PORT={port} is no address of this machine."


def load_app(settings: Settings, console: ASGIApp | None = None) -> Starlette:
    """Everything that serving needs: database, content, model, engine. Raises `SetupError`."""
    from bot import memory
    from bot.candidates.live import begin
    from bot.candidates.workplace import tidying
    from bot.candidates.workshop import Workshop
    from bot.content import live as live_content
    from bot.content.importer import import_if_empty
    from bot.content.store import ContentStore
    from bot.conversations.log import ConversationLog
    from bot.db.engine import create_engine
    from bot.db.migrate import migrate
    from bot.engine.training import ensure_model, model_path
    from bot.nlu.answer_vectors import vector_store
    from bot.server import build_app

    memory.keep_little()
    migrate(settings.database_url)
    database = create_engine(settings.database_url)
    if import_if_empty(database, utc_now):
        _say("Imported the shipped content.")
    if not model_path(settings).is_file():
        _say("Training the model: about a minute ...")
        ensure_model(settings)
    _say("Loading the model ...")
    store = ContentStore(database, utc_now, vector_store(database))
    live = live_content.LiveContent(store, settings.content_poll_seconds)
    live_content.use(live)
    log = ConversationLog(database, utc_now)
    shop = Workshop(settings, database, utc_now)
    engine, live_model = begin(shop, partial(_load_engine, settings, live, log))
    beside: tuple[Beside, ...] = (live_model, tidying(shop))
    return build_app(settings, engine, live, log, console=console, beside=beside)


def _load_engine(
    settings: Settings, live: LiveContent, log: ConversationLog, model: Path | None
) -> Engine:
    from bot.engine.engine import Engine

    try:
        return Engine.load(settings, live, log, model)
    except CarelineError:
        raise
    except Exception as error:
        raise SetupError(
            f"The model cannot be loaded ({type(error).__name__}). Delete {settings.model_dir}, "
            "so that it is trained anew."
        ) from error


def run(app: Starlette, listener: socket.socket) -> None:
    """Answer requests until somebody stops it. Raises `SetupError` when it cannot begin."""
    import uvicorn

    class Server(uvicorn.Server):
        """Says where to click as soon as it answers."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _announce(listener)

    server = Server(
        uvicorn.Config(
            app,
            access_log=False,  # it would hold visitors' addresses
            log_config=None,
            proxy_headers=False,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
    )
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        _say("Stopped.")
    if not server.started:
        raise SetupError("The server could not start; the reason stands above.")


def _announce(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    shown = f"[{host}]" if ":" in host else host
    _say(f"Careline is ready: http://{shown}:{port}/  (stop with Ctrl+C)", loud=True)


def _say(text: str, loud: bool = False) -> None:
    typer.secho(text, err=True, bold=loud)
