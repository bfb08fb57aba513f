"""The cookies of the staff door: a session, and a device that somebody signed in on before.

`__Host-` makes the browser insist on what we promise: Secure, the whole path, no other host.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

SESSION = "__Host-careline-staff"
DEVICE = "__Host-careline-device"
"""Outlives the sign-out: failures from elsewhere must not lock a person out on their own device."""
DEVICE_SECONDS = 365 * 24 * 3600

LONGEST_TOKEN = 200
"""Characters. Ours have 43; more is not looked up."""


def session_token(request: Request) -> str | None:
    return _short(request.cookies.get(SESSION))


def device_token(request: Request) -> str | None:
    return _short(request.cookies.get(DEVICE))


def keep_session(response: Response, token: str) -> None:
    """For as long as the browser is open; the server ends it earlier."""
    keep(response, SESSION, token)


def keep_device(response: Response, token: str) -> None:
    keep(response, DEVICE, token, seconds=DEVICE_SECONDS)


def forget_session(response: Response) -> None:
    forget(response, SESSION)


def keep(response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Set a cookie with all flags. `seconds` is its life, None for that of the browser."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax"
    )


def forget(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


def _short(value: str | None) -> str | None:
    return value if value and len(value) <= LONGEST_TOKEN else None
