"""Dates that name a day. A year alone, a month with a year, an age and a duration stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.redaction.model import Span

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = r"(?:st|nd|rd|th)"
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 3/14/1962, 14.3.1962, 3-14-62
        r"(?<![\w./-])\d{1,2}([/.-])\d{1,2}\1(?:19|20)\d\d(?![\w/-])",
        rf"(?<![\w./-]){_DAY}([/-]){_DAY}\1\d\d(?![\w/-])",
        # 1962-03-14
        r"(?<![\w./-])(?:19|20)\d\d([/.-])\d{1,2}\1\d{1,2}(?![\w/-])",
        # March 14th, 1962 / March 14th / 14 March 1962 / the 14th of March
        rf"\b{_MONTH}\.? ?{_DAY}{_ORDINAL}?(?:,? ?(?:of )?{_YEAR})(?!\w)",
        rf"\b{_MONTH}\.? (?:the )?{_DAY}{_ORDINAL}\b",
        rf"(?<![\w.]){_DAY}{_ORDINAL}? ?(?:of |-)?{_MONTH}\.?[ ,-]{{1,2}}{_YEAR}(?!\w)",
        rf"(?<![\w.]){_DAY}{_ORDINAL} (?:of )?{_MONTH}\b",
        rf"(?<![\w.]){_DAY} of {_MONTH}\b",
    )
)
# Without an ordinal or a year, "may 5" and "march 5" may be verbs: only a name with a capital
# counts.
_MONTH_AND_DAY = re.compile(
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
    rf"\.? {_DAY}\b(?![/%]| ?(?:mg|mcg|ml|pills?|miles?|times)\b)"
)
_LOWER_MONTH_AND_DAY = re.compile(
    r"\b(?:january|february|april|june|july|august|september|october|november|december) "
    rf"{_DAY}\b(?![/%])"
)
_BIRTH = re.compile(
    r"\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|birthday|born(?: on)?)(?: is| was)?[:,]? ?"
    r"(?P<date>\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{6})(?!\w)",
    re.IGNORECASE,
)


def dates(text: str) -> Iterator[Span]:
    """Dates with a day in them, in American, European and ISO order."""
    for pattern in (*_PATTERNS, _MONTH_AND_DAY, _LOWER_MONTH_AND_DAY):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "date")
    for match in _BIRTH.finditer(text):
        yield Span(match.start("date"), match.end("date"), "date")
