"""The reference code of a conversation: by it a visitor can ask the clinic to delete the chat.

Eight random characters of Crockford's base 32 (40 bits), shown as `7K3M-9QXD`: no letter that looks
like a figure, easy to read out over the telephone. It opens nothing; staff alone can look it up.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
GROUP = 4

_READ_AS = str.maketrans("OIL", "011")
"""Letters that the code never has, and the figures that they were meant to be."""

_FILLING = re.compile(r"[\s\-–—_.]+")


def new_reference() -> str:
    """A random code, without its hyphen."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(reference: str) -> str:
    """A code in groups, as people read it."""
    return "-".join(reference[i : i + GROUP] for i in range(0, len(reference), GROUP))


def read(text: str) -> str | None:
    """The code that somebody typed or read out; None where it cannot be one.

    Case, blanks and hyphens do not count; O is read as 0, I and L as 1.
    """
    code = _FILLING.sub("", text).upper().translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
