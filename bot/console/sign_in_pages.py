"""Signing in with a name and a password, signing out, and the first password.

Whatever was wrong, the page says the same: nobody learns here which names exist.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console import cookies
from bot.console.access import begun_route, open_route, session_of
from bot.console.forms import secret_of, text_of
from bot.console.going_on import SIGN_IN, START, asked_for, see_other
from bot.console.page import render
from bot.console.parts import parts_of
from bot.errors import PasswordRefused, SignInRefused
from bot.staff.sign_in import SignedIn

SECOND_FACTOR = "/staff/second-factor"
SET_UP = "/staff/second-factor/set-up"


def sign_in_page(request: Request) -> Response:
    """The form, or straight on for whoever is signed in already."""
    session = session_of(request)
    if session is not None and not session.pending_second_factor:
        return see_other(asked_for(request))
    return _form(request)


def sign_in(request: Request) -> Response:
    """Check name and password; a session from before ends."""
    parts = parts_of(request)
    name, password = text_of(request, "name", most=100), secret_of(request, "password")
    missing = {"name": not name, "password": not password}
    if any(missing.values()):
        return _form(request, {key: f"missing_{key}" for key in missing if missing[key]}, name)
    try:
        signed_in = parts.sign_in.password(
            name, password, address=address(request), device=cookies.device_token(request)
        )
    except SignInRefused as error:
        return _form(request, {"": str(error)}, name)
    return let_in(request, signed_in)


def let_in(request: Request, signed_in: SignedIn, wanted: str | None = None) -> Response:
    """On to the page that was asked for, or to what has to come first, with the new session."""
    before, session = session_of(request), signed_in.session
    if before is not None and before.id != session.id:
        parts_of(request).sessions.end(before)
    wanted = wanted or asked_for(request)
    query = {} if wanted == START else {"next": wanted}
    if session.pending_second_factor:
        response = see_other(SECOND_FACTOR, **query)
    elif session.must_set_up_second_factor:
        response = see_other(SET_UP, **query)
    else:
        response = see_other(wanted)
    cookies.keep_session(response, signed_in.token)
    if signed_in.device is not None:
        cookies.keep_device(response, signed_in.device)
    return response


def sign_out(request: Request) -> Response:
    """End the session; the browser stays known."""
    parts_of(request).sessions.end(session_of(request))
    response = see_other(SIGN_IN, done="signed-out")
    cookies.forget_session(response)
    return response


def welcome_page(request: Request) -> Response:
    return render(request, "welcome.html")


def welcome(request: Request) -> Response:
    """First the code alone, which shows whose it is; then the password with it.

    The second form is the answer to the first, so that no code stands in an address.
    """
    parts = parts_of(request)
    code = text_of(request, "code", most=60)
    if not code:
        return render(request, "welcome.html", status=422, errors={"code": "missing_code"})
    try:
        invited = parts.sign_in.invited(code, address=address(request))
        if "password" not in request.state.form:
            return render(request, "welcome.html", invited=invited, code=code)
        errors = _new_password_errors(request)
        if not errors:
            password = secret_of(request, "password")
            parts.sign_in.welcome(code, password, address=address(request))
            return see_other(SIGN_IN, done="password")
    except SignInRefused as error:
        return render(request, "welcome.html", status=422, errors={"code": str(error)}, code=code)
    except PasswordRefused as error:
        errors = {"password": str(error)}
    return render(request, "welcome.html", status=422, invited=invited, code=code, errors=errors)


def _new_password_errors(request: Request) -> dict[str, str]:
    if not secret_of(request, "password"):
        return {"password": "missing_password"}
    if secret_of(request, "password") != secret_of(request, "again"):
        return {"again": "differ"}
    return {}


def address(request: Request) -> str | None:
    """The client's network address, for counting attempts; kept as a hash and in memory alone."""
    return request.client.host if request.client else None


def _form(request: Request, errors: dict[str, str] | None = None, typed: str = "") -> Response:
    return render(
        request,
        "sign_in.html",
        status=422 if errors else 200,
        errors=errors or {},
        typed=typed,
        next=asked_for(request),
        why=request.query_params.get("why", ""),
        provider=parts_of(request).provider is not None,
    )


ROUTES = [
    open_route("/sign-in", sign_in_page),
    open_route("/sign-in", sign_in, methods=["POST"]),
    begun_route("/sign-out", sign_out, methods=["POST"]),
    open_route("/welcome", welcome_page),
    open_route("/welcome", welcome, methods=["POST"]),
]
