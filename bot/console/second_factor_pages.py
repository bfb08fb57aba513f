"""The second step of signing in, and putting it up with an authenticator app.

Recovery codes are the answer to the form that makes them: no later page could show them again.
"""

from __future__ import annotations

import io

import segno
from starlette.requests import Request
from starlette.responses import Response

from bot.console import cookies
from bot.console.access import begun_route, session_of, setting_up_route
from bot.console.forms import secret_of, text_of
from bot.console.going_on import START, asked_for, see_other
from bot.console.page import render
from bot.console.parts import parts_of
from bot.console.sign_in_pages import address, let_in
from bot.errors import CodeRefused, PasswordRefused, SignInRefused

QUIET_ZONE = 4
"""Modules of white around the picture, as the standard (ISO/IEC 18004) asks."""


def code_page(request: Request) -> Response:
    if not session_of(request).pending_second_factor:
        return see_other(asked_for(request))
    return _code_form(request)


def check_code(request: Request) -> Response:
    """Take the code; the session goes on under a new token."""
    code = text_of(request, "code", most=40)
    if not code:
        return _code_form(request, "missing")
    try:
        signed_in = parts_of(request).sign_in.second_factor(
            session_of(request),
            code,
            address=address(request),
            device=cookies.device_token(request),
        )
    except SignInRefused as error:
        return _code_form(request, str(error))
    return let_in(request, signed_in)


def set_up_page(request: Request) -> Response:
    return _set_up_form(request)


def set_up(request: Request) -> Response:
    """Put the app in force with its first code, and show the recovery codes, once."""
    parts, session = parts_of(request), session_of(request)
    code = text_of(request, "code", most=40)
    if not code:
        return _set_up_form(request, {"code": "missing"})
    try:
        codes = parts.own.confirm_second_factor(session, code, secret_of(request, "password"))
    except CodeRefused as error:
        return _set_up_form(request, {"code": str(error)})
    except PasswordRefused as error:
        return _set_up_form(request, {"password": str(error)})
    token = parts.sessions.renew(session)
    request.state.staff_session = parts.sessions.find(token)
    wanted = asked_for(request)
    going_on = "/staff/me?done=second-factor-on" if wanted == START else wanted
    response = render(request, "recovery_codes.html", codes=codes, next=going_on)
    cookies.keep_session(response, token)
    return response


def picture(request: Request) -> Response:
    """What the app scans, as SVG. Not a file: it holds the key of this person alone."""
    offer = parts_of(request).own.offer_second_factor(session_of(request))
    drawn = io.BytesIO()
    segno.make(offer.address, error="m", micro=False).save(
        drawn, kind="svg", border=QUIET_ZONE, xmldecl=False, light="#fff", omitsize=True
    )
    return Response(drawn.getvalue(), media_type="image/svg+xml")


def _code_form(request: Request, problem: str = "") -> Response:
    return render(
        request,
        "second_factor.html",
        status=422 if problem else 200,
        problem=problem,
        next=asked_for(request),
    )


def _set_up_form(request: Request, errors: dict[str, str] | None = None) -> Response:
    session = session_of(request)
    key = parts_of(request).own.offer_second_factor(session).key
    return render(
        request,
        "second_factor_set_up.html",
        status=422 if errors else 200,
        problems=errors or {},
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        forced=session.must_set_up_second_factor,
        confirm=session.person.has_second_factor and session.person.has_password,
        next=asked_for(request),
    )


ROUTES = [
    begun_route("/second-factor", code_page),
    begun_route("/second-factor", check_code, methods=["POST"]),
    setting_up_route("/second-factor/set-up", set_up_page),
    setting_up_route("/second-factor/set-up", set_up, methods=["POST"]),
    setting_up_route("/second-factor/picture", picture),
]
