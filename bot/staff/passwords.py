"""Passwords: which ones are taken, and how they are kept (argon2id)."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from bot.errors import PasswordRefused
from bot.staff.codes import new_token

SHORTEST = 12
"""Characters. NIST SP 800-63B-4 asks for 8 beside a second factor and for 15 alone; what is common
or guessable is refused as well."""

LONGEST = 200
"""Characters: room for any sentence, and an end to what a request makes us hash."""

LOWEST_SCORE = 3
"""zxcvbn's "safely unguessable": over 10^8 guesses. `throttle.py` lets through 1,000 a day."""

_JUDGED = 72
"""zxcvbn's own limit: longer text takes it seconds and tells it nothing new."""

AT_ONCE = 2
"""Hashes computed together: each holds 64 MB."""

TOO_SHORT = f"Use at least {SHORTEST} characters; a few words that do not belong together are easy."
TOO_LONG = f"Use at most {LONGEST} characters."
TOO_COMMON = (
    "This password is easy to guess: it is common, or made of names, dates or patterns."
    " Use four or more words that do not belong together."
)


class Passwords:
    """Checks, hashes and compares.

    `hasher` holds argon2's cost, that of argon2-cffi by default (RFC 9106's second choice).
    """

    def __init__(self, hasher: PasswordHasher | None = None):
        self._hasher = hasher or PasswordHasher()
        self._hashing = threading.BoundedSemaphore(AT_ONCE)
        self._judging = threading.Lock()  # zxcvbn keeps the words of a call in a global
        self._nobodys = self.hash(new_token())

    def check(self, password: str, *own_words: str) -> None:
        """Raises `PasswordRefused`, saying what to do instead.

        `own_words`: the person's names, which others try first.
        """
        text = _normal(password)
        if len(text) < SHORTEST:
            raise PasswordRefused(TOO_SHORT)
        if len(text) > LONGEST:
            raise PasswordRefused(TOO_LONG)
        words = [word for own in own_words for word in (own, *own.replace("@", " ").split())]
        with self._judging:
            score = zxcvbn(text[:_JUDGED], [*words, "careline"])["score"]
        if score < LOWEST_SCORE:
            raise PasswordRefused(TOO_COMMON)

    def hash(self, password: str) -> str:
        """What is stored. It names its own parameters and its salt."""
        with self._hashing:
            return self._hasher.hash(_bytes(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password of a stored hash.

        None stands for nobody who may sign in: that takes the same work and never matches.
        """
        try:
            with self._hashing:
                self._hasher.verify(stored or self._nobodys, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether it was hashed at another cost than that of today."""
        return self._hasher.check_needs_rehash(stored)


def _normal(password: str) -> str:
    """The same characters, however a keyboard composed them (NIST SP 800-63B, NFKC)."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    """What is hashed. Nothing longer than the longest password was ever stored."""
    return _normal(password[: LONGEST + 1]).encode("utf-8", "surrogatepass")
