"""The people of one's clinics: add, roles, switch off, reset.

Who may change whom is decided in `bot/staff/people.py`; here a person whom one does not look after
is not found. A set-up code is the answer to the form that makes it: it is shown once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, require, staff_route
from bot.console.forms import form_of, text_of
from bot.console.going_on import own_address, see_other
from bot.console.page import render
from bot.console.parts import parts_of
from bot.console.person_view import known_roles, look_up, person_page
from bot.errors import Forbidden, LastAdmin, NameTaken, Unprocessable
from bot.staff.model import Permission, Person, Role

PEOPLE = "/staff/people"


def show(request: Request) -> Response:
    """Everybody with a role at one of one's clinics, or with none at all."""
    parts, clinics = parts_of(request), _clinics(request)
    return render(
        request,
        "people.html",
        people=parts.people.all(clinics),
        clinics=clinics,
        required=[clinic for clinic in clinics if parts.security.required(clinic)],
    )


def new(request: Request) -> Response:
    return _new_form(request, {})


def add(request: Request) -> Response:
    """Add somebody, and show the code by which they choose a password."""
    roles = _roles_by_clinic(request)
    name, display_name = text_of(request, "name"), text_of(request, "display_name")
    errors = {}
    if not name:
        errors["name"] = "missing_name"
    if not display_name:
        errors["display_name"] = "missing_display"
    if not roles:
        errors["roles"] = "missing_roles"
    if not errors:
        try:
            by = person_of(request).name
            added = parts_of(request).people.add(name, display_name, roles, by=by)
        except (NameTaken, Unprocessable) as error:
            errors = {"name": str(error)}
        else:
            return _code_page(request, added.person, added.setup_code, added=True)
    typed = {"name": name, "display_name": display_name, "roles": roles}
    return _new_form(request, typed, errors)


def one(request: Request) -> Response:
    return person_page(request, look_up(request))


def roles_of_one(request: Request) -> Response:
    """What the person is at one clinic."""
    of, clinic = look_up(request), request.path_params["clinic"]
    require(request, Permission.PEOPLE, clinic)
    roles = known_roles(form_of(request).getlist("role"))
    try:
        parts_of(request).people.set_roles(of.id, clinic, roles, by=person_of(request).name)
    except LastAdmin as error:
        ticked = {**of.roles, clinic: roles}
        return person_page(request, of, {f"roles-{clinic}": str(error)}, ticked=ticked)
    if of.id == person_of(request).id:
        return see_other("/staff/sign-in", why="roles")  # one's own session has ended too
    return _back_to(of, "roles")


def disable(request: Request) -> Response:
    return _change(request, parts_of(request).people.disable, "disabled")


def enable(request: Request) -> Response:
    return _change(request, parts_of(request).people.enable, "enabled")


def end_sessions(request: Request) -> Response:
    return _change(request, parts_of(request).people.end_sessions, "sessions")


def reset(request: Request) -> Response:
    """Take away what the person signs in with, and show the code to start anew with."""
    of = look_up(request)
    code = parts_of(request).people.reset(of.id, by=person_of(request).name)
    return _code_page(request, of, code, added=False)


def link_oidc(request: Request) -> Response:
    """Connect the person with an account of the sign-in provider, or undo that."""
    of, subject = look_up(request), text_of(request, "oidc_subject", most=255)
    people = parts_of(request).people
    try:
        people.link_oidc(of.id, subject or None, by=person_of(request).name)
    except NameTaken as error:
        return person_page(request, of, {"oidc_subject": str(error)}, typed=subject)
    return _back_to(of, "oidc")


def second_factor(request: Request) -> Response:
    """Whether a clinic requires the second factor of everybody who works there."""
    clinic = request.path_params["clinic"]
    require(request, Permission.PEOPLE, clinic)
    on = text_of(request, "required") == "on"
    parts_of(request).security.require_second_factor(clinic, on, by=person_of(request).name)
    return see_other(PEOPLE, done="required" if on else "not-required")


def _change(request: Request, change: Callable[..., Any], done: str) -> Response:
    of = look_up(request)
    try:
        change(of.id, by=person_of(request).name)
    except (LastAdmin, Forbidden) as error:
        return person_page(request, of, {"": str(error)})
    return _back_to(of, done)


def _back_to(of: Person, done: str) -> Response:
    return see_other(f"{PEOPLE}/{of.id}", done=done)


def _clinics(request: Request) -> tuple[str, ...]:
    return person_of(request).clinics(Permission.PEOPLE)


def _roles_by_clinic(request: Request) -> dict[str, frozenset[Role]]:
    form = form_of(request)
    found = {key: known_roles(form.getlist(f"role:{key}")) for key in _clinics(request)}
    return {clinic: roles for clinic, roles in found.items() if roles}


def _new_form(
    request: Request, typed: dict[str, Any], errors: dict[str, str] | None = None
) -> Response:
    return render(
        request,
        "person_new.html",
        status=422 if errors else 200,
        typed={"roles": {}, **typed},
        errors=errors or {},
        clinics=_clinics(request),
    )


def _code_page(request: Request, of: Person, code: str | None, *, added: bool) -> Response:
    address = own_address(request)
    return render(request, "person_code.html", of=of, code=code, added=added, address=address)


def _posting(path: str, endpoint: Callable[[Request], Response]) -> Any:
    return staff_route(path, endpoint, needs=Permission.PEOPLE, methods=["POST"])


ROUTES = [
    staff_route("/people", show, needs=Permission.PEOPLE),
    staff_route("/people/new", new, needs=Permission.PEOPLE),
    _posting("/people/new", add),
    _posting("/people/second-factor/{clinic}", second_factor),
    staff_route("/people/{person}", one, needs=Permission.PEOPLE),
    _posting("/people/{person}/roles/{clinic}", roles_of_one),
    _posting("/people/{person}/disable", disable),
    _posting("/people/{person}/enable", enable),
    _posting("/people/{person}/end-sessions", end_sessions),
    _posting("/people/{person}/reset", reset),
    _posting("/people/{person}/oidc", link_oidc),
]
