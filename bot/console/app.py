"""The staff door as one app. Mount it at `/staff`.

Pages are found, not listed: each module of this folder whose name ends with `_pages` offers
`ROUTES`, a list made with `staff_route`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

import bot.console
from bot.console.access import StaffRoute, refuse_undeclared
from bot.console.failures import PageErrors
from bot.console.page import HERE, environment
from bot.console.parts import Parts, make_parts
from bot.content.live import InForce
from bot.settings import Settings
from bot.web.apps import web_app

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

THREADS = 8
"""Requests of staff that are worked on at once; others wait. The chat has threads of its own."""


def build_console(parts: Parts) -> Starlette:
    """The app for staff. Opens nothing.

    Raises `SetupError` for a page that does not say what it needs.
    """
    pages = list(page_routes())
    refuse_undeclared(pages)
    static = Mount("/static", _Static(directory=HERE / "static"), name="staff_static")
    app = web_app([static, *pages], PageErrors())
    app.state.parts = parts
    app.state.templates = environment()
    app.state.threads = CapacityLimiter(THREADS)
    app.state.first_pages = frozenset(route.path for route in pages)
    return app


def console_of(
    settings: Settings, database: Engine, live: InForce, clock: Callable[[], datetime]
) -> Starlette:
    """The staff door of an installation, whose tables are there already."""
    return build_console(make_parts(settings, database, live, clock))


def page_routes() -> Iterator[StaffRoute]:
    """The routes of all page modules."""
    for module in pkgutil.iter_modules(bot.console.__path__):
        if module.name.endswith("_pages"):
            yield from importlib.import_module(f"bot.console.{module.name}").ROUTES


class _Static(StaticFiles):
    """Files that browsers check for a newer version every time: a new release shows at once."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response
