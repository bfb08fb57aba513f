"""Numbers that stand for one person, such as record, account, card and network numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.redaction.model import Span

_SOCIAL_SECURITY = re.compile(r"(?<![\w-])\d{3}[- .]\d{2}[- .]\d{4}(?![\w-])")
_CUT_SOCIAL_SECURITY = re.compile(r"(?<![\w-])[xX*]{3}-?[xX*]{2}-?\d{4}(?![\w-])")
_CARD = re.compile(r"(?<![\w-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w-])")
# Medicare's number has a fixed shape (CMS, "Understanding the MBI format").
_MEDICARE = re.compile(
    r"\b\d[A-Z][A-Z\d]\d-?[A-Z][A-Z\d]\d-?[A-Z]{2}\d{2}\b",
    re.IGNORECASE,
)
_LONG = re.compile(r"(?<![\w-])[A-Z]{0,3}\d{7,40}(?![\w-])", re.IGNORECASE)
_NETWORK = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b"
    r"|(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![\w:])",
    re.IGNORECASE,
)

_VALUE = r"(?P<value>[A-Z\d](?:[A-Z\d-]{0,23}[A-Z\d])?)(?!\w)"
# The groups of a number that is written as `YPM 884 201 733`.
_MORE = re.compile(r"(?: \d{2,6}(?![\w/%-]| ?(?:mg|mcg|ml|dollars|percent|years?|days?)\b)){1,4}")
_QUALIFIER = r"(?: ?(?:number|numbr|num|nr|no|id|code|#)\b\.?| ?#)"
_IS = r"(?: ?(?:is|was|[:=#]) ?| )"
# These words announce nothing but a number that identifies.
_STRONG_LABEL = re.compile(
    rf"\b(?:mrn|ssn|acct|hicn|mbi|vin){_QUALIFIER}?{_IS}#?{_VALUE}", re.IGNORECASE
)
# These have other uses ("record", "policy", "case"), so the value must look the part.
_WEAK_LABEL = re.compile(
    r"\b(?:medical record|record|account|member|policy|patient|chart|claim|case|insurance"
    r"|subscriber|group|medicare|medicaid|license|licence|passport|social security|social|id"
    r"|reference|ref|confirmation|ticket|invoice|bill|serial|tracking|authorization|auth|referral"
    r"|prescription|rx|order|device|model|implant|employee|badge|student|military|va|tax|routing"
    r"|bank|checking|visa|mastercard|booking)"
    rf"(?P<qualifier>{_QUALIFIER})?{_IS}#?{_VALUE}",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"\bplates?(?: (?:number|no|#))?(?: is|:)? (?P<value>[A-Z\d]{1,4}[ -]?[A-Z\d]{2,5})(?!\w)",
    re.IGNORECASE,
)
# `last four of my social 4471`, `my ssn ends in 4471`, `serial number on the stimulator is X1234`
_FAR_LABEL = re.compile(
    r"\b(?:last (?:four|4)(?: digits)?"
    r"(?: of (?:my|his|her|the) [^\W\d_]{2,12}(?: [^\W\d_]{2,12})?)?"
    r"|(?:social|ssn|card|account|member|policy|id)(?: number)? (?:ends|ending) (?:in|with)"
    r"|(?:serial|model|lot|id|account|member|policy|record|claim|case|reference|confirmation)"
    r" (?:number|no|#)(?: (?:on|of|for|from) (?:the|my|his|her) [^\W\d_]{2,14}))"
    rf"{_IS}#?{_VALUE}",
    re.IGNORECASE,
)
_SHORT = 4
_YEAR = re.compile(r"(?:19|20)\d\d")


def numbers(text: str) -> Iterator[Span]:
    """Numbers that identify somebody, with or without a label.

    Doses, levels, years and scores stay.
    """
    for pattern in (_SOCIAL_SECURITY, _CUT_SOCIAL_SECURITY, _CARD, _MEDICARE, _LONG, _NETWORK):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "number")
    for pattern, needed in ((_STRONG_LABEL, 2), (_FAR_LABEL, 4), (_PLATE, 1)):
        for match in pattern.finditer(text):
            yield from _labelled(text, match, needed)
    for match in _WEAK_LABEL.finditer(text):
        qualified = match["qualifier"] is not None
        if qualified or not _YEAR.fullmatch(match["value"]):
            needed = 2 if len(match["value"]) > _SHORT else 3
            yield from _labelled(text, match, needed if qualified else 4)


def _labelled(text: str, match: re.Match[str], needed: int) -> Iterator[Span]:
    """The value after a label, with its further groups, if it has as many digits as needed."""
    first = match["value"]
    more = _MORE.match(text, match.end("value")) if first.isupper() or first.isdigit() else None
    end = more.end() if more else match.end("value")
    value = text[match.start("value") : end]
    if sum(c.isdigit() for c in value) >= needed:
        yield Span(match.start("value"), end, "number")
