"""Addresses without the character NUL, which PostgreSQL takes nowhere."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

REPLACEMENT = "\ufffd"
"""As for bytes that are no text: what is asked for is then simply not there."""


class StorableAddresses:
    """Replaces NUL in the path and the query of each request, so that no page need think of it."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["path"] = scope["path"].replace("\0", REPLACEMENT)
            scope["query_string"] = scope["query_string"].replace(b"%00", b"%EF%BF%BD")
        await self._app(scope, receive, send)
