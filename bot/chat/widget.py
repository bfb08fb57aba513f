"""Serves the chat widget: the loader that a website's script tag names, and the files of the panel.

The files lie in `bot/widget/` and are served as they are. Their folder's address holds a hash of
them all, so that browsers may keep them for good and a new release is fetched at once; the loader's
address never changes, so browsers ask for a newer one, and use the old one while we are down.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import NotFound

FOLDER = Path(__file__).parents[1] / "widget"
LOADER = "widget.js"
LAUNCHER_STYLE = "launcher.css"
ENTRY = "panel.js"
FILLED_IN = "SERVED"
"""Stands at the end of the loader for what only the server knows."""

MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}

FOR_GOOD = "public, max-age=31536000, immutable"
CHECKED = "no-cache"
LOADER_CACHING = "public, max-age=300, stale-while-revalidate=604800, stale-if-error=604800"
"""A fix reaches every page within five minutes; while we are down, last week's loader still shows
where the clinic can be reached.
"""

_ANY_PAGE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""The files hold no data, so every page may load them; which ones may use a chat is another matter
(`bot/chat/cross_origin.py`).
"""


@dataclass(frozen=True)
class Served:
    """One file as it goes over the wire, plain and compressed."""

    body: bytes
    packed: bytes
    media_type: str
    etag: str

    @classmethod
    def of(cls, name: str, body: bytes) -> Served:
        """A file by its name, whose ending says what it is."""
        packed = gzip.compress(body, 9, mtime=0)
        digest = hashlib.sha256(body).hexdigest()[:20]
        return cls(body, packed, MEDIA_TYPES[Path(name).suffix], f'"{digest}"')


class Widget:
    """The widget's files, read once, and their routes."""

    def __init__(self, folder: Path = FOLDER):
        texts = {
            path.name: path.read_text(encoding="utf-8")
            for path in sorted(folder.iterdir())
            if path.suffix in MEDIA_TYPES
        }
        everything = "\0".join(f"{name}\0{text}" for name, text in texts.items())
        self.version = hashlib.sha256(everything.encode()).hexdigest()[:12]
        self.loader = Served.of(LOADER, _loader(texts, self.version).encode())
        self.files = {
            name: Served.of(name, text.encode())
            for name, text in texts.items()
            if name not in (LOADER, LAUNCHER_STYLE)
        }

    def routes(self) -> list[Route]:
        return [
            Route("/widget.js", self.get_loader, name="widget"),
            Route("/widget/{version}/{file}", self.get_file),
        ]

    async def get_loader(self, request: Request) -> Response:
        return _response(request, self.loader, LOADER_CACHING)

    async def get_file(self, request: Request) -> Response:
        """A file of the panel; under the address of another version it is this one's, too."""
        file = self.files.get(request.path_params["file"])
        if file is None:
            raise NotFound("There is no such file of the widget.")
        current = request.path_params["version"] == self.version
        return _response(request, file, FOR_GOOD if current else CHECKED)


def _loader(texts: dict[str, str], version: str) -> str:
    """The loader with what it needs at once: the launcher's style and its words."""
    modules = [name for name in texts if name.endswith(".js") and name not in (LOADER, ENTRY)]
    words = {
        Path(name).stem: json.loads(text)["launcher"]
        for name, text in texts.items()
        if name.endswith(".json")
    }
    served = {
        "version": version,
        "modules": modules,
        "style": _without_comments(texts[LAUNCHER_STYLE], "/*"),
        "words": words,
    }
    code, found, end = _without_comments(texts[LOADER], "//").rpartition(FILLED_IN)
    assert found, "the loader ends with what the server fills in"
    return f"{code}{json.dumps(served, ensure_ascii=False)}{end}"


def _without_comments(text: str, mark: str) -> str:
    """Every page view loads this: without the lines that only developers read."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(mark)) + "\n"


def _response(request: Request, file: Served, caching: str) -> Response:
    headers = {**_ANY_PAGE, "Cache-Control": caching, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = file.packed if packed else file.body
    return Response(body, media_type=file.media_type, headers=headers)
