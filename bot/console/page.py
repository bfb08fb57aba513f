"""One way to make a page: the person, their navigation, times on the clinic's clock, headers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console import navigation
from bot.console.parts import parts_of
from bot.staff.model import Permission, StaffSession
from bot.web.headers import PAGE_POLICY

HERE = Path(__file__).parent

HEADERS = {
    "Content-Security-Policy": PAGE_POLICY.replace(
        "frame-ancestors 'self'", "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with no-referrer, forms of older browsers name no origin
    "X-Frame-Options": "DENY",
}


def environment() -> Environment:
    """The templates of the staff door. Whatever a page shows is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["worded"] = worded
    made.filters["when"] = when
    made.filters["day"] = day
    return made


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page. Templates know also `person`, `parts` (navigation), `csrf`, `done`, `names`, `may`.

    `names` gives a clinic's name by its key; `may(permission, clinic)` asks for the person.
    """
    environment: Environment = request.app.state.templates
    text = environment.get_template(template).render(**_shared(request), **context)
    return HTMLResponse(text, status_code=status, headers=HEADERS)


def _shared(request: Request) -> dict[str, Any]:
    session: StaffSession | None = getattr(request.state, "staff_session", None)
    inside = session is not None and not (
        session.pending_second_factor or session.must_set_up_second_factor
    )
    person = session.person if session else None
    clinics = parts_of(request).live.current.clinics if person else {}
    own = [key for key in clinics if person and person.roles.get(key)]
    zones = {key: clinic.timezone for key, clinic in clinics.items()}
    paths = request.app.state.first_pages
    return {
        "request": request,
        "path": request.url.path,
        "person": person if inside else None,
        "begun": session is not None,
        "csrf": session.csrf_token if session else "",
        "nav": navigation.open_to(person, paths) if person and inside else (),
        "done": request.query_params.get("done", "")[:40],
        "names": {key: clinic.name for key, clinic in clinics.items()},
        "zones": zones,
        "zone": zones[own[0]] if own else "UTC",
        "may": lambda permission, clinic: bool(
            person and person.may(Permission(permission), clinic)
        ),
        "Permission": Permission,
    }


def worded(errors: Mapping[str, str] | None, words: Mapping[str, str]) -> dict[str, str]:
    """Errors by field, each key of one replaced by the sentence that the template has for it."""
    return {field: words.get(each, each) for field, each in (errors or {}).items()}


@pass_context
def when(context: Context, moment: datetime | None, clinic: str | None = None) -> Markup | str:
    """A moment on the clock of a clinic (of the person's own where none is named), zone named."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(_zone(context, clinic)))
    hour = local.strftime("%I").lstrip("0")
    clock = f"{hour}:{local:%M} {local:%p} {local.tzname()}".replace(" ", "\N{NO-BREAK SPACE}")
    shown = f"{local:%b} {local.day}, {local.year}, {clock}"
    return _time(moment.astimezone(timezone.utc).isoformat(timespec="seconds"), shown)


@pass_context
def day(context: Context, of: date | None, clinic: str | None = None) -> Markup | str:
    """A day, or the day of a moment on the same clock as `when`."""
    if of is None:
        return ""
    if isinstance(of, datetime):
        of = of.astimezone(ZoneInfo(_zone(context, clinic))).date()
    return _time(of.isoformat(), f"{of:%b} {of.day}, {of.year}")


def _zone(context: Context, clinic: str | None) -> str:
    zones: Mapping[str, str] = context.get("zones", {})
    return str(zones.get(clinic or "", context.get("zone", "UTC")))


def _time(machine: str, shown: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, shown)
