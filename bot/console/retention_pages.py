"""How long each clinic keeps conversations, what goes when, and who wants theirs deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, require, staff_route
from bot.console.forms import text_of, whole_number
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import parts_of, store_of
from bot.content.contact_routes import ClinicSettings
from bot.content.model import Clinic
from bot.content.schema import LONGEST_RETENTION
from bot.conversations import reference
from bot.conversations.by_reference import ByReference, Known
from bot.conversations.going import Going, going
from bot.errors import EditOvertaken, NotFound
from bot.staff.model import Permission

PATH = "/staff/retention"

NO_NUMBER, OVERTAKEN, NO_CODE, NOT_FOUND = "no-number", "overtaken", "no-code", "not-found"
"""Stand for the templates' sentences about what was typed."""


@dataclass(frozen=True)
class Kept:
    """A clinic, and what goes when with its present number of days."""

    clinic: Clinic
    going: Going


def show(request: Request) -> Response:
    return _overview(request)


def edit(request: Request) -> Response:
    clinic = _clinic(request)
    return _days_page(request, clinic, {"days": str(clinic.retention_days)})


def save(request: Request) -> Response:
    """Show what would go when with another number of days, or set it."""
    clinic = _clinic(request)
    typed = {"days": text_of(request, "days")}
    shown = text_of(request, "shown")
    days = _number(typed["days"])
    if days is None:
        return _days_page(request, clinic, typed, errors={"days": NO_NUMBER}, status=422)
    if text_of(request, "do") == "preview":
        return _days_page(request, clinic, typed, preview=_going(request, clinic, days))
    try:
        store_of(request, ClinicSettings).set_retention_days(
            clinic.key, days, by=person_of(request).name, read_days=_number(shown) or 0
        )
    except EditOvertaken:
        return _days_page(request, clinic, typed, errors={"": OVERTAKEN}, status=409)
    return see_other(PATH, done="days")


def find(request: Request) -> Response:
    """The conversation of a code, to be deleted or not; its words are not shown."""
    typed = text_of(request, "code")
    if reference.read(typed) is None:
        return _overview(request, typed, {"code": NO_CODE}, status=422)
    found = store_of(request, ByReference).find(
        typed, _clinics(request), by=person_of(request).name
    )
    if found is None:
        return _overview(request, typed, {"code": NOT_FOUND}, status=422)
    return _found(request, found)


def delete(request: Request) -> Response:
    """Delete the conversation of a code; the page before has shown which one it is."""
    by = person_of(request).name
    try:
        store_of(request, ByReference).delete(text_of(request, "code"), _clinics(request), by=by)
    except NotFound:
        return see_other(PATH, done="was-deleted")
    return see_other(PATH, done="deleted")


def _clinics(request: Request) -> tuple[str, ...]:
    return person_of(request).clinics(Permission.RETENTION)


def _clinic(request: Request) -> Clinic:
    key = str(request.path_params["clinic"])
    require(request, Permission.RETENTION, key)
    return store_of(request, ClinicSettings).clinic(key)


def _going(request: Request, clinic: Clinic, days: int) -> Going:
    parts = parts_of(request)
    return going(parts.database, parts.clock, clinic.key, days)


def _number(text: str) -> int | None:
    """A number of days that may be set; None for anything else."""
    number = whole_number(text)
    return number if number and number <= LONGEST_RETENTION else None


def _overview(
    request: Request,
    code: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    clinics = [store_of(request, ClinicSettings).clinic(key) for key in _clinics(request)]
    kept = [Kept(each, _going(request, each, each.retention_days)) for each in clinics]
    return render(
        request, "retention.html", status=status, kept=kept, code=code, errors=errors or {}
    )


def _found(request: Request, found: Known) -> Response:
    return render(request, "retention_found.html", found=found)


def _days_page(
    request: Request,
    clinic: Clinic,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    preview: Going | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "retention_days.html",
        status=status,
        clinic=clinic,
        typed=typed,
        errors=errors or {},
        now=_going(request, clinic, clinic.retention_days),
        preview=preview,
        most=LONGEST_RETENTION,
    )


ROUTES = [
    staff_route("/retention", show, needs=Permission.RETENTION),
    staff_route("/retention/find", find, methods=["POST"], needs=Permission.RETENTION),
    staff_route("/retention/delete", delete, methods=["POST"], needs=Permission.RETENTION),
    staff_route("/retention/{clinic}", edit, needs=Permission.RETENTION),
    staff_route("/retention/{clinic}", save, methods=["POST"], needs=Permission.RETENTION),
]
