"""E-mail addresses, links and telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from bot.redaction.model import Span

# Every repeat is bounded and followed by a character that it cannot match itself, so matching stays
# linear.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_SPOKEN_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?(?:\bat\b|\(at\)|\[at\]|@) ?"
    r"(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|live|comcast|verizon|msn|proton)"
    r" ?(?:\.|\bdot\b) ?(?:com|net|org|me)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:https?://|ftp://|www\.)\S{1,2000}", re.IGNORECASE)
_BARE_LINK = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:com|org|net|edu|gov|io|me|info|us)/\S{1,2000}",
    re.IGNORECASE,
)
_END_OF_SENTENCE = ".,;:!?)]}'\"»”’"

# North American numbers, also those that no carrier has given out (phonenumbers knows only real
# ranges).
_AMERICAN_PHONE = re.compile(
    r"(?<![\w.-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-]?)\d{3}[ .-]?\d{4}(?![\w-])"
)
_LOCAL_PHONE = re.compile(
    r"(?<![\w.-])\d{3}[-.]\d{4}(?![\w-])"
    r"(?! ?(?:mg|mcg|ug|g|ml|iu|units?|steps|calories|kcal|cal|lbs?|pounds|dollars)\b)",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also `name at gmail dot com`."""
    for pattern in (_EMAIL, _SPOKEN_EMAIL):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "email")


def links(text: str) -> Iterator[Span]:
    """Addresses of pages. A bare site name without a path says nothing about a person and stays."""
    for pattern in (_LINK, _BARE_LINK):
        for match in pattern.finditer(text):
            end = match.start() + len(match.group().rstrip(_END_OF_SENTENCE))
            yield Span(match.start(), end, "link")


def phones(text: str) -> Iterator[Span]:
    """Telephone numbers of any country."""
    for found in PhoneNumberMatcher(text, "US", Leniency.VALID):
        yield Span(found.start, found.end, "phone")
    for pattern in (_AMERICAN_PHONE, _LOCAL_PHONE):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "phone")


def national_digits(number: str) -> str:
    """The digits of a number: ASCII, and a North American number without its leading 1."""
    digits = "".join(str(unicodedata.digit(c)) for c in number if c.isdigit())
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
