"""Numbers that stand for one person, such as record, account, card and network numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.redaction.model import Span

_SOCIAL_SECURITY = re.compile(r"(?<![\w-])\d{3}[- .]\d{2}[- .]\d{4}(?![\w-])")
_CARD = re.compile(r"(?<![\w-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w-])")
# Medicare's number has a fixed shape (CMS, "Understanding the MBI format").
_MEDICARE = re.compile(
    r"\b\d[A-Z][A-Z\d]\d-?[A-Z][A-Z\d]\d-?[A-Z]{2}\d{2}\b",
    re.IGNORECASE,
)
_LONG = re.compile(r"(?<![\w-])[A-Z]{0,3}\d{7,40}(?![\w-])", re.IGNORECASE)
_NETWORK = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b",
    re.IGNORECASE,
)

_VALUE = r"(?P<value>[A-Z\d](?:[A-Z\d-]{0,23}[A-Z\d])?)(?!\w)"
_QUALIFIER = r"(?: ?(?:number|numbr|num|nr|no|id|#)\b\.?| ?#)"
_IS = r"(?: ?(?:is|was|[:=#]) ?| )"
# These words announce nothing but a number that identifies.
_STRONG_LABEL = re.compile(
    rf"\b(?:mrn|ssn|acct|hicn|mbi){_QUALIFIER}?{_IS}#?{_VALUE}", re.IGNORECASE
)
# These have other uses ("record", "policy", "case"), so the value must look the part.
_WEAK_LABEL = re.compile(
    r"\b(?:medical record|record|account|member|policy|patient|chart|claim|case|insurance"
    r"|subscriber|group|medicare|medicaid|license|licence|passport|social security|social|id)"
    rf"(?P<qualifier>{_QUALIFIER})?{_IS}#?{_VALUE}",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def numbers(text: str) -> Iterator[Span]:
    """Numbers that identify somebody, with or without a label.

    Doses, levels, years and scores stay.
    """
    for pattern in (_SOCIAL_SECURITY, _CARD, _MEDICARE, _LONG, _NETWORK):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "number")
    for match in _STRONG_LABEL.finditer(text):
        if _digits(match["value"]) >= 2:
            yield Span(match.start("value"), match.end("value"), "number")
    for match in _WEAK_LABEL.finditer(text):
        needed = 3 if match["qualifier"] else 4
        is_year = match["qualifier"] is None and _YEAR.fullmatch(match["value"])
        if _digits(match["value"]) >= needed and not is_year:
            yield Span(match.start("value"), match.end("value"), "number")


def _digits(value: str) -> int:
    return sum(c.isdigit() for c in value)
