"""Where an exception becomes a response: `{"error": {"code", "message"}}` at the visitors' door.

The staff door answers with pages (`bot/console/failures.py`).

Of an error that nobody raised on purpose only the class is logged: its text may hold what a visitor
typed.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import CarelineError, TooManyRequests, Unauthorized, Unavailable

log = logging.getLogger(__name__)


class SafeSentence(Protocol):
    """What a visitor is told of a message that was not answered."""

    def __call__(self, request: Request) -> str:
        """When we failed: never the cause, always the way to help."""

    def refusal(self, request: Request, reason: str) -> str:
        """When the message was turned away: the reason, and the way to help if it needs that."""


def error_response(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> Response:
    """The one shape of every failure; `code` is for programs, `message` for people."""
    return JSONResponse(
        {"error": {"code": code, "message": message}}, status_code=status, headers=headers
    )


class Failures(Protocol):
    """How a door answers when something went wrong: in JSON, or as a page."""

    async def careline_error(self, request: Request, error: Exception) -> Response: ...

    async def http_exception(self, request: Request, error: Exception) -> Response: ...

    def internal(self, request: Request) -> Response: ...


class ErrorHandlers:
    """Exception handlers for a Starlette app. `safe_sentence` words the failures that are ours."""

    def __init__(self, safe_sentence: SafeSentence):
        self._safe_sentence = safe_sentence

    async def careline_error(self, request: Request, error: Exception) -> Response:
        """An error that we raised on purpose. Its sentence is shown, unless the fault is ours."""
        if not isinstance(error, CarelineError):
            raise error
        if error.status >= 500:
            log.error("%s while answering %s", type(error).__name__, request.method)
            code = error.code if isinstance(error, Unavailable) else "internal"
            return error_response(error.status, code, self._safe_sentence(request))
        message = self._safe_sentence.refusal(request, str(error))
        return error_response(error.status, error.code, message, _headers(error))

    async def http_exception(self, request: Request, error: Exception) -> Response:
        """Starlette's own errors: no such path, no such method."""
        if not isinstance(error, HTTPException):
            raise error
        phrase = HTTPStatus(error.status_code).phrase
        code = phrase.lower().replace(" ", "_")
        headers = dict(error.headers or {})
        return error_response(error.status_code, code, f"{phrase}.", headers)

    def internal(self, request: Request) -> Response:
        """The answer to an error that nobody expected."""
        return error_response(500, "internal", self._safe_sentence(request))


class ErrorBoundary:
    """Keeps unexpected errors from the server, whose log would print their text."""

    def __init__(self, app: ASGIApp, handlers: Failures):
        self._app = app
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except ClientDisconnect:
            log.info("A client left before its request was read.")
        except Exception as error:  # noqa: BLE001  every cause ends in the same answer
            log.error("%s in a request handler", type(error).__name__)
            if not started:
                response = self._handlers.internal(Request(scope))
                await response(scope, receive, send)


def _headers(error: CarelineError) -> dict[str, str] | None:
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    return None
