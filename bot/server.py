"""The whole server: health, the visitors' door, and the start and end of what runs beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from bot.chat.app import build_chat, chat_errors
from bot.chat.door import Answerer, Door, LiveSnapshot, hash_of
from bot.chat.limits import Limits
from bot.clock import utc_now
from bot.conversations.retention import Retention
from bot.settings import Settings
from bot.web.apps import web_app

if TYPE_CHECKING:
    from bot.conversations.log import ConversationLog


class RunningEngine(Answerer, Protocol):
    """An engine that wants to be told when the server stops (`bot/engine/engine.py`)."""

    async def close(self) -> None: ...


class RunningContent(LiveSnapshot, Protocol):
    """Content that keeps itself up to date while the server runs (`bot/content/live.py`)."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Beside(Protocol):
    """Something that runs beside the server, in a thread of its own."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def build_app(
    settings: Settings,
    engine: RunningEngine,
    live: RunningContent,
    log: ConversationLog,
    clock: Callable[[], datetime] = utc_now,
    *,
    console: ASGIApp | None = None,
    beside: Sequence[Beside] = (),
) -> Starlette:
    """Put the server together. `console` is the staff door, where there is one.

    Opens nothing: what the parts need is open already, and the lifespan starts the rest. `beside`
    are started in order before the first request, and stopped in the reverse order.
    """
    door = Door(settings, engine, live, log, Limits(settings), clock)
    retention = Retention(log)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        parts: list[Beside] = [live, retention, *beside]
        with ExitStack() as running:
            for each in parts:
                running.callback(each.stop)
                each.start()
            try:
                yield
            finally:
                await engine.close()

    app = web_app(
        [Route("/health", Health), *_staff(console), Mount("/", build_chat(door))],
        chat_errors(door),
        lifespan=lifespan,
    )
    app.state.door = door
    return app


def _staff(console: ASGIApp | None) -> list[BaseRoute]:
    if console is None:
        return []
    return [Mount("/staff", console), Route("/staff", RedirectResponse("/staff/", 308))]


class Health(HTTPEndpoint):
    """200 where the next message would be answered; 503 where the database is out of reach."""

    async def get(self, request: Request) -> Response:
        door: Door = request.app.state.door
        await run_in_threadpool(door.log.by_token_hash, hash_of("health"))
        return JSONResponse({"status": "ok", "content_version": door.live.current.version})
