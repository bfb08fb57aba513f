"""Every app of ours is built here: none can lack the error shape or the security headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from bot.errors import CarelineError
from bot.web.addresses import StorableAddresses
from bot.web.errors import ErrorBoundary, Failures
from bot.web.headers import SecurityHeaders


def web_app(
    routes: Sequence[BaseRoute],
    handlers: Failures,
    *,
    around: Sequence[Middleware] = (),
    **more: Any,
) -> Starlette:
    """A Starlette app whose every failure goes through `handlers`.

    `around` sees errors as well as answers; `more` goes to Starlette.
    """
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders),
            *around,
            Middleware(ErrorBoundary, handlers=handlers),
            Middleware(StorableAddresses),
        ],
        exception_handlers={
            CarelineError: handlers.careline_error,
            HTTPException: handlers.http_exception,
        },
        **more,
    )
    app.router.redirect_slashes = False  # a redirect would be built from the Host header
    return app
