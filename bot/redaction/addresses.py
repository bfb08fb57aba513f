"""Street addresses, with the town, state and ZIP code that follow them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.redaction.model import Span
from bot.redaction.words import is_capitalised, is_common

# Words that end a street's name and mean nothing else in a patient's sentence.
_PLAIN_ENDING = (
    *("street", "avenue", "ave", "boulevard", "blvd", "lane", "road", "rd"),
    *("parkway", "pkwy", "highway", "hwy", "turnpike"),
)
# "ct", "dr", "st", "way" and their like have other uses: the name must then be written with
# capitals.
_AMBIGUOUS_ENDING = (
    *("st", "drive", "dr", "ln", "court", "ct", "place", "pl", "way", "terrace", "ter"),
    *("circle", "cir", "pike", "square", "sq", "trail", "run", "loop"),
)
_STREET = re.compile(
    r"(?<![\w./$-])\d{1,6}[A-Za-z]?(?P<name>(?: [^\W_][\w.'’-]{0,30}){1,4}?)"
    rf" (?P<ending>{'|'.join([*_PLAIN_ENDING, *_AMBIGUOUS_ENDING])})\b\.?",
    re.IGNORECASE,
)
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI"
    r"|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
)
_UNIT = re.compile(r",? ?(?:apt|apartment|unit|suite|ste|floor|fl|#)\.? ?#?\w{1,6}", re.IGNORECASE)
_TOWN = re.compile(
    rf",? (?:[A-Z][\w.'’-]{{1,30}} ?){{1,3}},? {_STATE}\b(?:,? \d{{5}}(?:-\d{{4}})?)?"
)
_STATE_AND_ZIP = re.compile(rf"\b{_STATE},? \d{{5}}(?:-\d{{4}})?(?![\w-])")
_ZIP = re.compile(
    r"\bzip(?: ?code)?(?: is|:)? (?P<zip>\d{5}(?:-\d{4})?)(?![\w-])",
    re.IGNORECASE,
)
_BOX = re.compile(r"\bP\.? ?O\.? ?Box \d{1,6}\b", re.IGNORECASE)


def addresses(text: str) -> Iterator[Span]:
    """Street addresses, post boxes and ZIP codes."""
    for match in _STREET.finditer(text):
        if _names_a_street(match["name"].split(), match["ending"]):
            yield Span(match.start(), _end_of_address(text, match.end()), "address")
    for pattern in (_BOX, _STATE_AND_ZIP):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "address")
    for match in _ZIP.finditer(text):
        yield Span(match.start("zip"), match.end("zip"), "address")


def _names_a_street(words: list[str], ending: str) -> bool:
    """Tell `12 Oak Dr` from `2 times my dr`."""
    if any(is_common(word.rstrip(".")) for word in words):
        return False
    if ending.lower() in _PLAIN_ENDING:
        return True
    return all(is_capitalised(word) or word[0].isdigit() for word in [*words, ending])


def _end_of_address(text: str, end: int) -> int:
    """Where the unit, town, state and ZIP code after a street end."""
    for pattern in (_UNIT, _TOWN):
        match = pattern.match(text, end)
        end = match.end() if match else end
    return end
