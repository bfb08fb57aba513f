"""Runs the staff door beside the chat (`bot/console/process.py`), and hands its requests on.

The two share the database and nothing else: whatever staff ask for, visitors do not wait for it,
and a door that breaks down is opened again without the chat noticing.
"""

from __future__ import annotations

import logging
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.paths import ROOT

log = logging.getLogger(__name__)

WAITING = 128
"""Requests that may wait for the door to open: it takes a second or two."""

AGAIN_SECONDS = (1.0, 5.0, 30.0)
"""Before it is opened again after a first, a second and every further breakdown in a row."""

STEADY_SECONDS = 60.0
"""Open for so long, it counts as sound again."""

_OF_THIS_CONNECTION = frozenset(
    (b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade")
)
"""Headers that are not handed on (RFC 9110, 7.6.1)."""

_OURS = frozenset((b"forwarded", b"x-forwarded-for", b"x-forwarded-proto"))
"""Headers that say who asks: what a client says there is not believed."""

_TELL_OF_A_BODY = ("content-length", "transfer-encoding")
_CLOSED = Path(__file__).parent / "console" / "templates" / "closed.html"


class StaffDoor:
    """The process, and the ASGI app that hands on to it. A context, which closes the door.

    `module` is what the process runs, with a listening socket's number as its argument.
    """

    def __init__(self, module: str = "bot.console.process"):
        self._module = module
        self._folder = Path(tempfile.mkdtemp(prefix="careline-staff-"))  # only we may look into it
        address = str(self._folder / "door")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(address)
        self._listener.listen(WAITING)
        # A connection a request: one to a door that broke down meanwhile is not tried again.
        self._transport = httpx.AsyncHTTPTransport(
            uds=address, limits=httpx.Limits(max_keepalive_connections=0)
        )
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep_open, name="staff-door", daemon=True)

    def __enter__(self) -> StaffDoor:
        return self

    def __exit__(self, *_: object) -> None:
        """What is under way at the door is cut off."""
        self._stopping.set()
        if self._process is not None:
            self._process.kill()
        if self._watch.is_alive():
            self._watch.join()
        self._listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def open(self) -> None:
        """Start the process, once the database has its tables. Requests wait until it is there."""
        self._watch.start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._hand_on(Request(scope, receive))
        await response(scope, receive, send)

    async def _hand_on(self, request: Request) -> Response:
        has_body = any(name in request.headers for name in _TELL_OF_A_BODY)
        asked = httpx.Request(
            request.method,
            httpx.URL(scheme="http", host="staff", raw_path=_target(request.scope)),
            headers=_handed_on(request),
            content=request.stream() if has_body else None,
            extensions={"timeout": {"connect": 10.0, "read": None, "write": 60.0, "pool": 10.0}},
        )
        try:
            # Not by a client: that would keep one person's cookies for the next one.
            answer = await self._transport.handle_async_request(asked)
        except httpx.TransportError as error:
            log.error("%s at the staff door", type(error).__name__)
            return HTMLResponse(_CLOSED.read_bytes(), status_code=503)
        response = StreamingResponse(_pieces(answer), status_code=answer.status_code)
        response.raw_headers = [
            (name.lower(), value)
            for name, value in answer.headers.raw
            if name.lower() not in _OF_THIS_CONNECTION
        ]
        return response

    def _keep_open(self) -> None:
        broken = 0
        while True:
            began = time.monotonic()
            with self._started() as self._process:
                if self._stopping.is_set():
                    self._process.kill()
                self._process.wait()
            if self._stopping.is_set():
                return
            log.error("The staff door broke down; it is opened again.")
            broken = 0 if time.monotonic() - began > STEADY_SECONDS else broken
            if self._stopping.wait(AGAIN_SECONDS[min(broken, len(AGAIN_SECONDS) - 1)]):
                return
            broken += 1

    def _started(self) -> subprocess.Popen[bytes]:
        door = self._listener.fileno()
        return subprocess.Popen(
            [sys.executable, "-m", self._module, str(door)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            pass_fds=[door],
            start_new_session=True,  # Ctrl+C is for us; the door ends with its standard input
        )


def _target(scope: Scope) -> bytes:
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return path + b"?" + query if query else path


def _handed_on(request: Request) -> list[tuple[bytes, bytes]]:
    kept = [
        (name, value)
        for name, value in request.headers.raw
        if name not in _OF_THIS_CONNECTION and name not in _OURS
    ]
    if request.client is not None:
        kept.append((b"x-forwarded-for", request.client.host.encode()))
    kept.append((b"x-forwarded-proto", request.url.scheme.encode()))
    return kept


async def _pieces(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in answer.stream:  # type: ignore[union-attr]
            yield piece
    finally:
        await answer.aclose()
