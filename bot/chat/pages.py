"""The demonstration website of each clinic, with the chat widget on it as on any other page.

What it says comes from the content store and `templates/`; its looks are in `static/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.chat.door import Door
from bot.chat.widget import Widget
from bot.content.model import Clinic, RouteKind, Snapshot
from bot.content.subjects import DETAILED
from bot.errors import NotFound
from bot.web.headers import PAGE_POLICY

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_SHOWN = ("causes", "symptoms", "treatments")
"""Subjects that the page has a part on, where the clinic or the library answers them."""
_COLOURS = ("", "#2b4a8b")
"""Of the widget, by the place of the clinic: its own colour, and one that a clinic might choose."""
_PAGE_HEADERS = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}


@dataclass(frozen=True)
class _Part:
    """A part of the page: an answer and the names of what it lists."""

    subject: str
    title: str
    text: str
    names: tuple[str, ...]


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


def _page(request: Request, clinic: Clinic) -> Response:
    door = _door(request)
    templates: Jinja2Templates = request.app.state.templates
    at = door.clock()
    snapshot = door.live.current
    look = list(snapshot.clinics).index(clinic.key) % len(_COLOURS)
    context = {
        "clinic": clinic,
        "clinics": list(snapshot.clinics.values()),
        "look": look,
        "colour": _COLOURS[look],
        "definition": snapshot.answer(clinic.key, "definition"),
        "parts": list(_parts(snapshot, clinic)),
        "notice": clinic.notice(at),
        "routes": [r for r in clinic.routes_in_force(at) if r.kind is not RouteKind.EMERGENCY],
        "emergency": clinic.route(RouteKind.EMERGENCY),
    }
    return templates.TemplateResponse(request, "site.html", context, headers=_PAGE_HEADERS)


def _parts(snapshot: Snapshot, clinic: Clinic) -> Iterator[_Part]:
    details = {listing: detailed for detailed, listing in DETAILED.items()}
    for subject in _SHOWN:
        answer = snapshot.answer(clinic.key, subject)
        if answer is not None:
            items = (snapshot.answer(clinic.key, details[subject], item) for item in answer.items)
            names = tuple(item.title for item in items if item is not None)
            yield _Part(subject, answer.title, answer.text, names)


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
    """Routes of the pages and of the widget, with the files that they load."""
    return [
        Route("/", front_page),
        Route("/demo/{clinic}", clinic_page),
        *Widget().routes(),
        Mount("/chat/static", _Static(directory=_STATIC), name="chat_static"),
    ]
