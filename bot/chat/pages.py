"""The demonstration page of each clinic, and the script that a clinic's website includes.

All words are in `templates/` and `static/`. The page's own script talks to the JSON contract like
any other client.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.chat.door import Door
from bot.chat.requests import MAX_TEXT
from bot.content.model import Clinic, RouteKind
from bot.errors import NotFound
from bot.web.headers import PAGE_POLICY

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_PAGE_HEADERS = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}


def environment() -> Environment:
    """The templates of the visitors' door. Whatever a page shows is escaped."""
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )


async def front_page(request: Request) -> Response:
    """The first clinic's page; its tabs lead to the others."""
    clinics = list(_door(request).live.current.clinics.values())
    if not clinics:
        raise NotFound("No clinic has been set up yet. Run `careline content import`.")
    return _page(request, clinics[0])


async def clinic_page(request: Request) -> Response:
    return _page(request, _door(request).clinic(request.path_params["clinic"]))


async def widget_script(request: Request) -> Response:
    return FileResponse(
        _STATIC / "widget.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


def _page(request: Request, clinic: Clinic) -> Response:
    door = _door(request)
    templates: Jinja2Templates = request.app.state.templates
    at = door.clock()
    context = {
        "clinic": clinic,
        "clinics": list(door.live.current.clinics.values()),
        "notice": clinic.notice(at),
        "routes": [r for r in clinic.routes_in_force(at) if r.kind is not RouteKind.EMERGENCY],
        "emergency": clinic.route(RouteKind.EMERGENCY),
        "max_text": MAX_TEXT,
    }
    return templates.TemplateResponse(request, "demo.html", context, headers=_PAGE_HEADERS)


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


class _Static(StaticFiles):
    """Files that browsers check for a newer version every time: a new release shows at once."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.setdefault("Cache-Control", "no-cache")
        return response


def routes() -> list[Route | Mount]:
    """Routes of the pages, with the files that they load."""
    return [
        Route("/", front_page),
        Route("/demo/{clinic}", clinic_page),
        Route("/widget.js", widget_script, name="widget"),
        Mount("/chat/static", _Static(directory=_STATIC), name="chat_static"),
    ]
