"""Errors as pages that say what to do. The only place where an exception becomes a staff page."""

from __future__ import annotations

import logging
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.console.page import render
from bot.errors import CarelineError, TooManyRequests

log = logging.getLogger(__name__)


class PageErrors:
    """Exception handlers for the staff door: plain HTML, never a cause, never what was typed."""

    async def careline_error(self, request: Request, error: Exception) -> Response:
        """An error that we raised on purpose. Its sentence is shown, unless the fault is ours."""
        if not isinstance(error, CarelineError):
            raise error
        if error.status >= 500:
            log.error("%s while answering %s", type(error).__name__, request.method)
            return _page(request, error.status)
        response = _page(request, error.status, sentence=str(error))
        if isinstance(error, TooManyRequests):
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    async def http_exception(self, request: Request, error: Exception) -> Response:
        """Starlette's own errors, and refusals: no such path, no such method, not allowed."""
        if not isinstance(error, HTTPException):
            raise error
        response = _page(request, error.status_code, reason=error.detail)
        response.headers.update(error.headers or {})
        return response

    def internal(self, request: Request) -> Response:
        """The answer to an error that nobody expected."""
        return _page(request, 500)


def _page(request: Request, status: int, **context: Any) -> Response:
    return render(request, "error.html", status=status, code=status, **context)
