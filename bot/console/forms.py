"""Forms: read with a limit, and refused when they come from another site or another session."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.errors import BadRequest, NotFound, TooLarge, UnsupportedMediaType

MOST_BYTES = 512 * 1024
"""Thousands of ticked conversations fit; nothing that fills the memory does."""
MOST_FIELDS = 10_000

MOST_DIGITS = 9
LAST_PAGE = 100_000
"""Of a list: nobody turns so many, and a database that skips more works for nothing."""

CSRF = "csrf"
_TYPE = "application/x-www-form-urlencoded"


async def read(request: Request) -> FormData:
    """The fields of a form.

    Raises `UnsupportedMediaType`, `TooLarge`, or `BadRequest` for too many fields.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise UnsupportedMediaType("This page takes forms only.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLarge("This is more than the page can take at once. Send less.")
    text = body.decode("utf-8", errors="replace").replace("\x00", "")
    try:
        pairs = parse_qsl(
            text.replace("%00", ""), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise BadRequest("These are more things than the page can take at once.") from error
    return FormData([(name, value) for name, value in pairs])


def form_of(request: Request) -> FormData:
    """The form of a request; the guard has read it."""
    form: FormData = request.state.form
    return form


def text_of(request: Request, field: str, most: int = 200) -> str:
    """A field's text without blanks around it, cut to `most` characters; empty where it is not."""
    value = form_of(request).get(field)
    return value.strip()[:most] if isinstance(value, str) else ""


def whole_number(typed: str) -> int | None:
    """The number that was typed, 0 or more, which every database can compare; None for everything
    else.
    """
    if typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS:
        return int(typed)
    return None


def number_of(request: Request, field: str, otherwise: int) -> int:
    """The whole number in a field that the page itself filled in; `otherwise` where it is empty.

    Raises `BadRequest` for what is no number.
    """
    typed = text_of(request, field)
    number = whole_number(typed) if typed else otherwise
    if number is None:
        raise BadRequest("The page sent a number that is none. Reload it and try again.")
    return number


def number_in_path(request: Request) -> int:
    """The number in a page's address. Raises `NotFound` for what is none."""
    number = whole_number(request.path_params["number"])
    if number is None:
        raise NotFound("There is no such page, or what it showed is gone.")
    return number


def page_number(query: Mapping[str, str]) -> int:
    """Which page of a list an address asks for, counted from 1; the first where it says nothing."""
    return min(max(whole_number(query.get("page", "")) or 1, 1), LAST_PAGE)


def secret_of(request: Request, field: str) -> str:
    """A field as it was typed: a password may begin with a blank."""
    value = form_of(request).get(field)
    return value if isinstance(value, str) else ""


def refuse_other_sites(request: Request) -> None:
    """Raises a 403 for a change that a page of another site asks for.

    Browsers say where a request comes from (`Sec-Fetch-Site`); older ones say the page's origin.
    Where neither is there, it is no browser that anybody signed in with.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        ours = site in ("same-origin", "none")
    else:
        origin = request.headers.get("origin", "")
        ours = bool(origin) and urlsplit(origin).netloc == request.headers.get("host")
    if not ours:
        raise HTTPException(403, "other-site")


def refuse_forged(form: FormData, token: str) -> None:
    """Raises a 403 for a form that does not hold the session's own token."""
    shown = form.get(CSRF)
    if not isinstance(shown, str) or not secrets.compare_digest(shown.encode(), token.encode()):
        raise HTTPException(403, "form")
