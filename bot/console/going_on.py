"""Where somebody goes after something: only to pages of the staff door, whatever a link says."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console import cookies

START = "/staff/"
SIGN_IN = "/staff/sign-in"

_LOCAL = re.compile(r"/staff/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")
_LONGEST = 2000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def own_address(request: Request) -> str:
    """Where browsers reach this installation, such as `https://chat.clinic.example`.

    A proxy does TLS, so what arrives here is plain HTTP: only on this machine is that the truth.
    """
    scheme = request.url.scheme if request.url.hostname in _LOOPBACK else "https"
    return f"{scheme}://{request.url.netloc}"


def local_path(path: str | None) -> str:
    """The path if it is one of the staff door, else the start page.

    No other site, no other scheme, no backslash, no line break: what is not plainly ours is not
    followed.
    """
    if not path or len(path) > _LONGEST or not _LOCAL.fullmatch(path):
        return START
    plain = path.partition("?")[0]
    if "//" in plain or ".." in plain or plain in (SIGN_IN, "/staff/sign-out"):
        return START
    return path


def asked_for(request: Request) -> str:
    """The page that a form or link asks to go on to (`next`), made safe."""
    form = getattr(request.state, "form", None)
    return local_path((form or request.query_params).get("next"))


def with_next(request: Request, path: str) -> str:
    """A page, with where to go on to afterwards: the page that was asked for."""
    if request.method not in ("GET", "HEAD"):
        return path
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return with_query(path, next=wanted) if local_path(wanted) != START else path


def sign_in_path(request: Request) -> str:
    """The sign-in page; it says why where a session has ended."""
    path = with_next(request, SIGN_IN)
    if cookies.session_token(request) is None:
        return path
    return f"{path}{'&' if '?' in path else '?'}why=ended"


def with_query(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query, quote_via=quote, safe='')}" if query else path


def see_other(path: str, **query: str) -> Response:
    """The answer to every form: go and look there. `done="added"` says what was done."""
    return RedirectResponse(with_query(path, **query), status_code=303)
