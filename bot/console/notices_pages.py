"""The outage notice of each clinic: on, off, planned, and what visitors see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, require, staff_route
from bot.console.forms import text_of
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import parts_of, store_of
from bot.console.visitor_view import NOT_STORED, VisitorView, visitor_view, with_notice
from bot.content.local_time import parse_local
from bot.content.model import Clinic, Notice, RouteKind
from bot.content.outages import KIND, LONGEST_TEXT, Outages, check
from bot.errors import ContentError
from bot.staff.model import Permission

PATH = "/staff/notices"

EMPTY = "empty"
"""Stands for the template's sentence about a field that was left empty."""


@dataclass(frozen=True)
class State:
    """A clinic's outage: the one that is on, those to come, and what visitors see now."""

    clinic: Clinic
    on: Notice | None
    to_come: tuple[Notice, ...]
    view: VisitorView


@dataclass(frozen=True)
class Wanted:
    """What the form asks for; times are aware, None stands for now and for no end."""

    text: str
    starts_at: datetime | None
    ends_at: datetime | None


def show(request: Request) -> Response:
    keys = person_of(request).clinics(Permission.NOTICES)
    return render(request, "notices.html", states=[_state(request, key) for key in keys])


def edit(request: Request) -> Response:
    state = _state(request, _clinic_key(request))
    phone = state.clinic.route(RouteKind.PHONE)
    typed = {"text": state.on.text if state.on else phone.outage_text if phone else ""}
    return _form(request, state, typed)


def switch_on(request: Request) -> Response:
    """Show what visitors would see, or put the notice up."""
    key = _clinic_key(request)
    state = _state(request, key)
    typed = {
        "text": " ".join(text_of(request, "text", most=LONGEST_TEXT + 1).split()),
        "from": text_of(request, "from"),
        "until": text_of(request, "until"),
    }
    errors: dict[str, str] = {}
    wanted = _wanted(typed, state.clinic.timezone, errors)
    parts = parts_of(request)
    wrong = check(wanted.text, wanted.starts_at, wanted.ends_at, parts.clock())
    errors = {**wrong, **errors} if wanted.text else {"text": EMPTY, **errors}
    if errors:
        return _form(request, state, typed, errors=errors, status=422)
    if text_of(request, "do") == "preview":
        return _form(request, state, typed, preview=_preview(request, state.clinic, wanted))
    store_of(request, Outages).on(
        key,
        by=person_of(request).name,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        text=wanted.text,
    )
    return see_other(PATH, done="planned" if wanted.starts_at else "on")


def switch_off(request: Request) -> Response:
    key = _clinic_key(request)
    ended = store_of(request, Outages).off(key, by=person_of(request).name)
    return see_other(PATH, done="off" if ended else "was-off")


def _clinic_key(request: Request) -> str:
    key = str(request.path_params["clinic"])
    require(request, Permission.NOTICES, key)
    return key


def _state(request: Request, key: str) -> State:
    parts = parts_of(request)
    at = parts.clock()
    outages = store_of(request, Outages)
    clinic, known = outages.clinic(key), outages.show(key)
    on = next((notice for notice in known if notice.in_force(at)), None)
    to_come = tuple(notice for notice in known if notice is not on)
    return State(clinic, on, to_come, visitor_view(parts.live.current, clinic, at))


def _wanted(typed: Mapping[str, str], zone: str, errors: dict[str, str]) -> Wanted:
    """What was typed; a time that cannot be read goes to `errors`, under its field."""

    def moment(field: str) -> datetime | None:
        try:
            return parse_local(typed[field], zone) if typed[field] else None
        except ContentError as error:
            errors[field] = str(error)
            return None

    return Wanted(typed["text"], moment("from"), moment("until"))


def _preview(request: Request, clinic: Clinic, wanted: Wanted) -> VisitorView:
    parts = parts_of(request)
    at = wanted.starts_at or parts.clock()
    notice = Notice(NOT_STORED, KIND, wanted.text, at, wanted.ends_at)
    return visitor_view(parts.live.current, with_notice(clinic, notice), at)


def _form(
    request: Request,
    state: State,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    preview: VisitorView | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "notices_edit.html",
        status=status,
        state=state,
        clinic=state.clinic,
        typed=typed,
        errors=errors or {},
        preview=preview,
        clock=parts_of(request).clock().astimezone(ZoneInfo(state.clinic.timezone)),
        longest=LONGEST_TEXT,
    )


ROUTES = [
    staff_route("/notices", show, needs=Permission.NOTICES),
    staff_route("/notices/{clinic}", edit, needs=Permission.NOTICES),
    staff_route("/notices/{clinic}", switch_on, methods=["POST"], needs=Permission.NOTICES),
    staff_route("/notices/{clinic}/off", switch_off, methods=["POST"], needs=Permission.NOTICES),
]
