"""One's own account: password, second factor, sessions."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console import cookies
from bot.console.access import own_route, person_of, session_of
from bot.console.forms import secret_of
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import parts_of
from bot.errors import CodeRefused, PasswordRefused
from bot.staff.own_account import WRONG_PASSWORD

ME = "/staff/me"


def show(request: Request) -> Response:
    return _page(request)


def change_password(request: Request) -> Response:
    """Takes the present password; the session goes on under a new token."""
    parts = parts_of(request)
    present, new = secret_of(request, "present"), secret_of(request, "password")
    if not present:
        return _page(request, {"present": "missing"})
    if not new:
        return _page(request, {"password": "missing_new"})
    if new != secret_of(request, "again"):
        return _page(request, {"again": "differ"})
    try:
        parts.own.change_password(session_of(request), present, new)
    except PasswordRefused as error:
        field = "present" if str(error) == WRONG_PASSWORD else "password"
        return _page(request, {field: str(error)})
    response = see_other(ME, done="password")
    cookies.keep_session(response, parts.sessions.renew(session_of(request)))
    return response


def turn_off_second_factor(request: Request) -> Response:
    """Takes the present password. Refused where a clinic requires the second factor."""
    try:
        parts_of(request).own.turn_off_second_factor(
            session_of(request), secret_of(request, "off_password")
        )
    except PasswordRefused as error:
        return _page(request, {"off_password": str(error)})
    return see_other(ME, done="second-factor-off")


def new_recovery_codes(request: Request) -> Response:
    """Takes the present password. The codes are the answer itself: they are shown once."""
    try:
        codes = parts_of(request).own.new_recovery_codes(
            session_of(request), secret_of(request, "codes_password")
        )
    except (PasswordRefused, CodeRefused) as error:
        return _page(request, {"codes_password": str(error)})
    return render(request, "recovery_codes.html", codes=codes, next=ME)


def end_sessions(request: Request) -> Response:
    """Sign out everywhere else."""
    person = person_of(request)
    parts_of(request).sessions.end_all(person.id, by=person.name, but=session_of(request))
    return see_other(ME, done="sessions")


def _page(request: Request, errors: dict[str, str] | None = None) -> Response:
    parts, session = parts_of(request), session_of(request)
    return render(
        request,
        "me.html",
        status=422 if errors else 200,
        errors=errors or {},
        sessions=parts.sessions.of(session.person.id),
        own=session.id,
        required=any(parts.security.required(clinic) for clinic in session.person.roles),
    )


ROUTES = [
    own_route("/me", show),
    own_route("/me/password", change_password, methods=["POST"]),
    own_route("/me/second-factor-off", turn_off_second_factor, methods=["POST"]),
    own_route("/me/recovery-codes", new_recovery_codes, methods=["POST"]),
    own_route("/me/end-sessions", end_sessions, methods=["POST"]),
]
