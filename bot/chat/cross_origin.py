"""Lets the pages of a clinic's own websites use its chat, and no other pages.

Which ones is content (`origins` of the clinic): whoever edits the clinic's file says it, and it is
in force within a second, without a start anew. A session's token is in a header, never in a cookie,
so another page could do nothing in a visitor's name anyway; it cannot read what we answer either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_API = re.compile(r"/api/([^/]+)/")

_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "7200",  # the longest that Chromium keeps it
}
_EXPOSED = "Retry-After"


class CrossOrigin:
    """Adds the CORS headers to the routes of the JSON contract, and answers preflights.

    `origins_of` gives a clinic's origins by its key, none for an unknown one.
    """

    def __init__(self, app: ASGIApp, origins_of: Callable[[str], Collection[str]]):
        self._app = app
        self._origins_of = origins_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        api = _API.match(scope["path"]) if scope["type"] == "http" else None
        if api is None:
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        origin = asked.get("origin", "")
        allowed = {"Vary": "Origin"}
        if origin and origin in self._origins_of(api[1]):
            allowed["Access-Control-Allow-Origin"] = origin
            allowed["Access-Control-Expose-Headers"] = _EXPOSED
            if scope["method"] == "OPTIONS" and "access-control-request-method" in asked:
                await Response(status_code=204, headers={**allowed, **_PREFLIGHT})(
                    scope, receive, send
                )
                return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(allowed)
            await send(message)

        await self._app(scope, receive, send_with_headers)
