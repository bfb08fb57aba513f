"""A small REST server: answers as told, in a process of its own or in a thread."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = [{"text": "Hello."}, {"custom": {"subject": "greet"}}]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = (
        -1
    )  # one packet a reply: with two, the second waits 40 ms for the first one's receipt
    status = 200
    content = json.dumps(ANSWER).encode()
    token: str | None = None
    seen: list[dict[str, Any]]

    def do_POST(self) -> None:  # noqa: N802, the library's name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append({"path": self.path, **json.loads(body)})
        wanted = self.token is None or self.headers["Authorization"] == f"Bearer {self.token}"
        self.send_response(self.status if wanted else 401)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Quiet."""


class Server:
    """A server in a thread; `seen` are the messages that it got."""

    def __init__(self, port: int = 0, **answer: Any):
        self.seen: list[dict[str, Any]] = []
        handler = type("Told", (Handler,), {**answer, "seen": self.seen})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


if __name__ == "__main__":
    with Server(int(sys.argv[1])):
        threading.Event().wait()
