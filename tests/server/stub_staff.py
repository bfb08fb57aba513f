"""Stands for the staff door's process: tells what it was asked, and can break down."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import AsyncIterator

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


async def tell(request: Request) -> Response:
    """Everything that arrived, and two cookies."""
    told = {
        "method": request.method,
        "path": request.scope["raw_path"].decode(),
        "query": request.url.query,
        "headers": {name: request.headers.getlist(name) for name in request.headers},
        "body": (await request.body()).decode(),
        "client": request.client and request.client.host,
        "process": os.getpid(),
    }
    response = JSONResponse(told, status_code=418)
    response.set_cookie("one", "1")
    response.set_cookie("two", "2")
    return response


async def drip(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"drop"
            await anyio.sleep(0.05)

    return StreamingResponse(pieces())


async def break_down(request: Request) -> Response:
    os._exit(3)


def leave() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=leave, daemon=True).start()
    app = Starlette(
        routes=[
            Route("/staff/drip", drip),
            Route("/staff/break", break_down),
            Route("/staff/{path:path}", tell, methods=["GET", "POST"]),
        ]
    )
    config = uvicorn.Config(
        app, log_config=None, forwarded_allow_ips="*", lifespan="off", ws="none"
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
