"""The way to the sign-in provider and back. It signs in people who have an account here already.

A link leads to the provider, not a form: a page's own policy would stop a form from being sent on.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import logging
import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console import cookies
from bot.console.access import open_route
from bot.console.going_on import SIGN_IN, local_path, own_address, see_other
from bot.console.oidc import Begun, Identity, Provider
from bot.console.parts import Parts, parts_of
from bot.console.sign_in_pages import let_in
from bot.errors import NotFound, SignInRefused, Unauthorized, Unavailable
from bot.staff.model import Person

log = logging.getLogger(__name__)

ON_THE_WAY = "__Host-careline-oidc"
"""Holds what has to be the same on the way back. Only this browser can come back with it."""
MINUTES = 10
_CALLBACK = "/staff/oidc/callback"


def start(request: Request) -> Response:
    """Send the browser to the provider."""
    provider = _provider(request)
    try:
        url, begun = provider.begin(_redirect_uri(request))
    except Unavailable:
        return see_other(SIGN_IN, why="provider")
    wanted = local_path(request.query_params.get("next"))
    response = RedirectResponse(url, status_code=303)
    held = [begun.state, begun.nonce, begun.verifier, wanted]
    packed = base64.urlsafe_b64encode(json.dumps(held).encode()).decode()
    cookies.keep(response, ON_THE_WAY, packed, seconds=MINUTES * 60)
    return response


def callback(request: Request) -> Response:
    """Sign in whom the provider names. Whatever is wrong, the sign-in page says the same."""
    parts, provider = parts_of(request), _provider(request)
    found = _held(request)
    try:
        if found is None or not _is_answer(request, found[0]):
            raise Unauthorized("Nobody here is on the way back from the provider.")
        begun, wanted = found
        code = request.query_params["code"]
        identity = provider.identity(code, begun, _redirect_uri(request))
        person = _person(parts, identity)
        signed_in = parts.sign_in.provider(person, device=cookies.device_token(request))
    except Unavailable:
        response = see_other(SIGN_IN, why="provider")
    except (Unauthorized, SignInRefused):
        response = see_other(SIGN_IN, why="stranger")
    else:
        response = let_in(request, signed_in, wanted)
    cookies.forget(response, ON_THE_WAY)
    return response


def _person(parts: Parts, identity: Identity) -> Person:
    """The person of an identity; by e-mail address where nobody is connected with it yet.

    Raises `Unauthorized`: the provider makes no account.
    """
    person = parts.people.by_oidc_subject(identity.subject)
    if person is not None:
        return person
    with contextlib.suppress(NotFound):
        found = parts.people.by_name(identity.email or "")
        if parts.people.adopt_oidc(found, identity.subject):
            return found
    raise Unauthorized("Nobody here has that account.")


def _provider(request: Request) -> Provider:
    provider = parts_of(request).provider
    if provider is None:
        raise NotFound("This installation has no other way to sign in than a password.")
    return provider


def _redirect_uri(request: Request) -> str:
    """Where the provider sends the browser back to; it compares it with what is registered."""
    return own_address(request) + _CALLBACK


def _held(request: Request) -> tuple[Begun, str] | None:
    try:
        packed = request.cookies.get(ON_THE_WAY, "")
        state, nonce, verifier, wanted = map(str, json.loads(base64.urlsafe_b64decode(packed)))
    except (ValueError, TypeError, binascii.Error):
        return None
    return Begun(state, nonce, verifier), local_path(wanted)


def _is_answer(request: Request, begun: Begun) -> bool:
    """Whether this is the way back from where this browser was sent, with a code."""
    state = request.query_params.get("state", "")
    same = secrets.compare_digest(state.encode(), begun.state.encode())
    return same and "code" in request.query_params


ROUTES = [open_route("/oidc/start", start), open_route("/oidc/callback", callback)]
