"""Codes of an authenticator app (TOTP, RFC 6238): pure, the moment is given."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

ISSUER = "Careline"
"""What the app lists the code under."""

STEP_SECONDS = 30

WINDOW = 1
"""Steps before and after now that are taken too: a phone's clock may be off by half a minute."""


def new_key() -> str:
    """160 random bits in base 32."""
    return pyotp.random_base32()


def address(key: str, name: str) -> str:
    """The `otpauth:` address that an app scans."""
    return pyotp.TOTP(key).provisioning_uri(name=name, issuer_name=ISSUER)


def step_of(key: str, code: str, at: datetime, last_step: int | None) -> int | None:
    """The step whose code this is, None where it is none of now or was taken already.

    `last_step` is the step of the code that was taken last: it and earlier ones are over.
    """
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit()):
        return None
    now = int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in range(now - WINDOW, now + WINDOW + 1):
        fits = hmac.compare_digest(pyotp.TOTP(key).generate_otp(step), typed)
        if fits and (last_step is None or step > last_step):
            found = step
    return found
