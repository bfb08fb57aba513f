"""Tokens and codes that open something. Only their SHA-256 is stored: they cannot be read back.

A hash without salt is enough for them, unlike for passwords: each holds at least 80 random bits.
"""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that is taken for a digit."""

_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})

RECOVERY_GROUPS = 4
"""Of four characters: 80 bits, far beyond guessing, and still typed in half a minute."""

SETUP_GROUPS = 5
"""100 bits: it is looked up by itself, without a name beside it."""


def new_token() -> str:
    """256 random bits for a cookie or a form."""
    return secrets.token_urlsafe(32)


def new_code(groups: int) -> str:
    """A code to be typed by hand, such as `7k2m-x9qd-04tw-hc8e`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(groups))


def hashed(token: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def hashed_code(typed: str) -> str:
    """SHA-256 of a code however it was typed: blanks, capitals, O for 0 and l for 1."""
    return hashed("".join(typed.split()).lower().translate(_MISREAD))
