"""Dates that name a day. A year alone, a month with a year, an age and a duration stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.redaction.model import Span

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = r"(?:st|nd|rd|th)"
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)"
_DAY_WORD = (
    r"(?:(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth)"
)
_UNITS = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_YEAR_WORD = (
    r"(?:nineteen(?: hundred)?(?:(?: and)?[ -](?:oh |o )?(?:twenty|thirty|forty|fifty|sixty|seventy"
    rf"|eighty|ninety|ten|eleven|twelve|\w{{3,5}}teen)?(?:[ -]?{_UNITS})?)?"
    rf"|(?:two thousand|twenty)(?: and)?[ -](?:oh |ten|eleven|twelve|\w{{3,5}}teen|twenty)?"
    rf"[ -]?(?:{_UNITS})?)\b"
)
_SAID_YEAR = rf"(?:{_YEAR}|{_YEAR_WORD})"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 3/14/1962, 14.3.1962, 3-14-62, 3 14 1962
        r"(?<![\w./-])\d{1,2}(?P<sign>[/.-]| ?[/-] ?)\d{1,2}(?P=sign)(?:19|20)\d\d(?![\w/-])",
        rf"(?<![\w./-]){_DAY}([/-]){_DAY}\1\d\d(?![\w/-]| ?mg)",
        rf"(?<![\w./,-])(?<!\d ){_DAY} {_DAY} (?:19|20)\d\d(?![\w/-]|[.,]\d)",
        r"(?<![\w./-])\d{1,2}\.\d{1,2}\.\d\d(?![\w/-]|\.\d)",
        # 1962-03-14
        r"(?<![\w./-])(?:19|20)\d\d([/.-])\d{1,2}\1\d{1,2}(?![\w/-])",
        # March 14th, 1962 / March 14th / 14 March 1962 / the 14th of March
        rf"\b{_MONTH}\.? ?(?:the )?{_DAY}{_ORDINAL}?(?:,? ?(?:of |del? )?{_YEAR})(?!\w)",
        rf"\b{_MONTH}\.? (?:the )?{_DAY}{_ORDINAL}\b",
        rf"(?<![\w.]){_DAY}{_ORDINAL}? ?(?:of |del? |-)?{_MONTH}\.?(?:[ ,-]{{0,2}}|,? (?:of|del?) )"
        rf"{_YEAR}(?!\w)",
        rf"(?<![\w.]){_DAY}{_ORDINAL} (?:of )?{_MONTH}\b",
        rf"(?<![\w.]){_DAY} (?:of|de) {_MONTH}\b",
        # April third nineteen fifty eight / the ninth of June, 1971 / June the ninth
        rf"\b{_MONTH},? (?:the )?{_DAY_WORD},? (?:of )?{_SAID_YEAR}",
        rf"\b{_MONTH} the {_DAY_WORD}\b",
        rf"\b{_DAY_WORD}(?: day)? of {_MONTH}(?:,? (?:of )?{_SAID_YEAR})?(?!\w)",
        rf"\b{_DAY_WORD} {_MONTH},? {_SAID_YEAR}",
        rf"\b{_MONTH} {_DAY},? {_YEAR_WORD}",
    )
)
# Without an ordinal or a year, "may 5" and "march 5" may be verbs: only a name with a capital
# counts.
_MONTH_AND_DAY = re.compile(
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
    r"|JAN(?:UARY)?|FEB(?:RUARY)?|APR(?:IL)?|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?"
    r"|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)"
    rf"\.? {_DAY}\b(?![/%]| ?(?:mg|mcg|ml|pills?|miles?|times)\b)"
)
_LOWER_MONTH_AND_DAY = re.compile(
    r"\b(?:january|february|april|june|july|august|september|october|november|december"
    rf"|jan|feb|apr|aug|sept?|oct|nov|dec)\.? {_DAY}\b(?![/%]| ?(?:mg|mcg|ml|pills?|miles?)\b)"
)
_MONTH_AND_DAY_WORD = re.compile(
    r"\b(?:january|february|april|june|july|august|september|october|november|december) "
    rf"{_DAY_WORD}\b(?! (?:time|surgery|week|half|visit|injection|operation|one|opinion))",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|birthday|b-?day|born(?: on)?|nac[ií])"
    r"(?: is| was| on|:)?[:,]? ?(?:the )?"
    rf"(?P<date>\d{{1,2}}[ /.-]\d{{1,2}}(?:[ /.-]\d{{2,4}})?|\d{{6}}|{_MONTH}\.? {_DAY}"
    rf"|{_MONTH} {_DAY_WORD}|{_DAY} {_MONTH})(?!\w)",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:surgery|appointment|appt|visit|scheduled|seen|fell|operated|admitted|injection|fusion"
    r"|mri|procedure|follow[ -]?up|discharged|accident)(?: [^\W\d_]{1,12}){0,2} (?:on|for|dated) "
    r"(?P<date>(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01]))(?![\w/%-]| ?mg)",
    re.IGNORECASE,
)


def dates(text: str) -> Iterator[Span]:
    """Dates with a day in them, in American, European and ISO order, in digits or words."""
    for pattern in (*_PATTERNS, _MONTH_AND_DAY, _LOWER_MONTH_AND_DAY, _MONTH_AND_DAY_WORD):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "date")
    for pattern in (_BIRTH, _EVENT):
        for match in pattern.finditer(text):
            yield Span(match.start("date"), match.end("date"), "date")
