"""The first page after signing in: what a person can do here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import own_route
from bot.console.page import render


def start(request: Request) -> Response:
    return render(request, "start.html")


ROUTES = [own_route("/", start)]
