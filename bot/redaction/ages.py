"""Ages over 89, which say who somebody is. Younger ones stay: answers may depend on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.redaction.model import Span

_OVER_89 = (
    r"(?P<age>9\d|1[0-2]\d|ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:(?:a|one) )?hundred(?:[ -](?:and )?"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten))?)"
)
_RELATIVE = (
    r"(?:mother|father|mom|mum|mama|dad|papa|husband|wife|spouse|grand(?:ma|pa|mother|father)"
    r"|granny|nana|aunt|uncle|brother|sister|friend|neighbou?r|partner|parent|patient|in[ -]law)"
)
_PERSON = (
    rf"(?:i['’]?m|i am|i['’]ll be|i will be|he['’]?s|she['’]?s|(?:he|she|who|{_RELATIVE})"
    r"(?: is|['’]?s| was| will be| is now| is almost))"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 94 years old, 94-year-old, 94 yo, 94 y/o, 94 yr old, 94 years of age, 94 years young
        rf"(?<![\w./-]){_OVER_89}[ -]?(?:(?:years?|yrs?|y)\.?[ -](?:old|of age|young)|y[./]?o)\b",
        rf"\b(?:aged?|age is|age:|age of) {_OVER_89}(?![\w%/]|[.,]\d)",
        rf"\b(?:turned|turning|turns|turn|reached) {_OVER_89}(?![\w%/]|[.,]\d)"
        r"(?! (?:degrees|percent|pounds|lbs|times))",
        rf"\b{_PERSON} (?:now |already |almost |nearly |about |over |only |just )?{_OVER_89}"
        r"(?! ?(?:%|percent|pounds|lbs?|kg|degrees|days?|weeks?|months?|minutes?|miles?|hours?|mg"
        r"|cm|inches|feet|steps|pills|times|over|out|blocks|stone|beats|bpm|[-/]|[.,]\d))(?!\w)",
        # my mom (91)
        rf"\b{_RELATIVE},? \({_OVER_89}\)",
        # Margaret, 94, has ...
        rf"(?<=[^\W\d_], ){_OVER_89}(?=, (?:has|is|and|who|had|with|lives|takes|fell|needs|was)\b)",
    )
)


def ages(text: str) -> Iterator[Span]:
    """Ages from 90 on, in digits or words."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Span(match.start("age"), match.end("age"), "age")
