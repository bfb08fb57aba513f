"""Contact routes of each clinic: their order, words, addresses and hours."""

from __future__ import annotations

import dataclasses

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, require, staff_route
from bot.console.forms import text_of
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import parts_of, store_of
from bot.console.routes_form import RoutesForm, form_of_routes, read_form
from bot.console.visitor_view import VisitorView, visitor_view
from bot.content.contact_routes import LONGEST, ClinicSettings, version_of
from bot.content.hours import DAYS
from bot.content.model import Clinic, ContactRoute
from bot.errors import EditOvertaken
from bot.staff.model import Permission

PATH = "/staff/routes"

OVERTAKEN = "overtaken"
"""Stands for the template's sentence about an edit by somebody else."""


def show(request: Request) -> Response:
    keys = person_of(request).clinics(Permission.NOTICES)
    clinics = [store_of(request, ClinicSettings).clinic(key) for key in keys]
    views = {clinic.key: _view(request, clinic) for clinic in clinics}
    return render(request, "routes.html", clinics=clinics, views=views, days=DAYS)


def edit(request: Request) -> Response:
    clinic = _clinic(request)
    return _page(request, clinic, form_of_routes(clinic.routes))


def save(request: Request) -> Response:
    """Show what visitors would see, or save. What was typed stays in any case."""
    clinic = _clinic(request)
    form = read_form(request, clinic.routes)
    if form.errors:
        return _page(request, clinic, form, status=422)
    if text_of(request, "do") == "preview":
        return _page(request, clinic, form, preview=_view(request, clinic, form.routes))
    try:
        store_of(request, ClinicSettings).set_routes(
            clinic.key,
            form.routes,
            by=person_of(request).name,
            read_version=text_of(request, "version"),
        )
    except EditOvertaken:
        overtaken = dataclasses.replace(form, errors={"": OVERTAKEN})
        return _page(request, clinic, overtaken, status=409)
    return see_other(PATH, done="saved")


def _clinic(request: Request) -> Clinic:
    key = str(request.path_params["clinic"])
    require(request, Permission.NOTICES, key)
    return store_of(request, ClinicSettings).clinic(key)


def _view(
    request: Request, clinic: Clinic, routes: tuple[ContactRoute, ...] | None = None
) -> VisitorView:
    parts = parts_of(request)
    shown = clinic if routes is None else dataclasses.replace(clinic, routes=routes)
    return visitor_view(parts.live.current, shown, parts.clock())


def _page(
    request: Request,
    clinic: Clinic,
    form: RoutesForm,
    *,
    preview: VisitorView | None = None,
    status: int = 200,
) -> Response:
    """The form. It is always about the routes as they are stored now, so that whoever was overtaken
    can look at them and save again.
    """
    shown_version = text_of(request, "version") if preview or status == 422 else ""
    return render(
        request,
        "routes_edit.html",
        status=status,
        clinic=clinic,
        routes_form=form,
        errors=form.errors,
        preview=preview,
        version=shown_version or version_of(clinic.routes),
        days=DAYS,
        longest=LONGEST,
    )


ROUTES = [
    staff_route("/routes", show, needs=Permission.NOTICES),
    staff_route("/routes/{clinic}", edit, needs=Permission.NOTICES),
    staff_route("/routes/{clinic}", save, methods=["POST"], needs=Permission.NOTICES),
]
