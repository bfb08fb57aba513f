"""Street addresses, with the town, state and ZIP code that follow them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.redaction.model import Span
from bot.redaction.words import is_capitalised, is_common, word_list

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
    *("plaza", "alley", "crossing", "commons", "ridge", "bend", "path", "row"),
)
# Those of them that are hardly ever written after a number otherwise, in lower case too.
_SELDOM_OTHERWISE = frozenset(
    ("st", "dr", "ct", "ln", "cir", "court", "circle", "terrace", "trail")
)
_STREET = re.compile(
    r"(?<![\w./$-])[NSEW]?\d{1,6}[A-Za-z]?(?P<name>(?: [^\W_][\w.'’-]{0,30}){1,4}?)"
    rf" (?P<ending>{'|'.join([*_PLAIN_ENDING, *_AMBIGUOUS_ENDING])})\b\.?"
    r"(?P<number>(?<=rd|ad|wy|ay) \d{1,4}\b(?! ?(?:mg|minutes|miles|years)))?",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)", re.IGNORECASE)
_DIRECTION = r"(?:north|south|east|west|northeast|northwest|southeast|southwest|[ns][ew]|[nsew])"
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI"
    r"|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
)
_COUNTY_ROAD = re.compile(
    r"(?<![\w./$-])[NSEW]?\d{1,6} (?:[NSEW]\.? )?(?:county (?:road|highway|hwy|rd)|co\.? rd|highway"
    r"|hwy|state (?:route|road|highway)|route|rte?|rural route|interstate) \w{1,5}\b",
    re.IGNORECASE,
)
# Streets that go by their name alone, and only with a capital: 77 Elm.
_BARE_STREET = re.compile(
    r"(?<![\w./$-])\d{1,5} (?:[NSEW]\.? )?(?:Elm|Oak|Maple|Pine|Cedar|Main|Walnut|Chestnut|Spruce"
    r"|Birch|Willow|Cherry|Broad|Market|Broadway|Lincoln|Washington|Jefferson|Madison|Lake|Ridge"
    r"|Hill|Grove|Poplar|Sycamore|Locust|Vine|Arch|Church|Highland|Park|Summit)"
    r"(?![\w-]| [A-Z][a-z])"
)
_LIVES = re.compile(
    r"\b(?:lives?|living|stay(?:ing)?|resid(?:e|es|ing)|address|moved|home|house|apartment"
    r"|place)(?: (?:at|to|is)|:) (?P<place>\d{1,6} (?:[nsew]\.? )?"
    r"(?P<name>[^\W\d_]{3,20}))\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r",? ?(?:apt|apartment|unit|suite|ste|floor|fl|lot|rm|room|trlr|#)\.? ?#?\w{1,6}", re.IGNORECASE
)
_AFTER_THE_STREET = re.compile(rf",? {_DIRECTION}\b\.?(?! of\b)", re.IGNORECASE)
_TOWN = re.compile(
    rf",? (?:[A-Z][\w.'’-]{{1,30}} ?){{1,3}},? {_STATE}\b(?:,? \d{{5}}(?:-\d{{4}})?)?"
)
_STATE_AND_ZIP = re.compile(
    rf"\b(?:{_STATE}|mn|pa|wi|Minn(?:esota)?|Penn(?:sylvania)?|Wisconsin|minnesota|pennsylvania"
    r"|wisconsin|new jersey|New Jersey|nj),? (?P<zip>\d{5}(?:-\d{4})?)(?![\w-])"
)
_ZIP = re.compile(
    r"\b(?:zip|postal)(?: ?code)?(?: is|:|['’]s)? (?P<zip>\d{5}(?:-\d{4})?)(?![\w-])", re.IGNORECASE
)
_ZIP_PLUS_FOUR = re.compile(r"(?<![\w.-])\d{5}-\d{4}(?![\w-])")
_ZIP_AFTER = re.compile(
    r"(?<![\w.-])(?P<zip>\d{5})(?= is (?:my|the|our) (?:zip|postal))", re.IGNORECASE
)
_RURAL = re.compile(r"\b(?:rural route|rr) ?\d{1,3},? box \d{1,5}\b", re.IGNORECASE)
_BOX = re.compile(r"\b(?:P\.? ?O\.? ?|post office )Box \d{1,6}\b", re.IGNORECASE)


def addresses(text: str) -> Iterator[Span]:
    """Street addresses, post boxes and ZIP codes."""
    if not any(c.isdigit() for c in text):
        return
    for match in _STREET.finditer(text):
        if _names_a_street(match.group(), match["name"].split(), match["ending"]):
            yield Span(match.start(), _end_of_address(text, match.end()), "address")
    for pattern in (_COUNTY_ROAD, _BARE_STREET, _BOX, _RURAL):
        for match in pattern.finditer(text):
            yield Span(match.start(), _end_of_address(text, match.end()), "address")
    for match in _LIVES.finditer(text):
        if not is_common(match["name"]) and not _counts(match["name"]):
            yield Span(match.start("place"), _end_of_address(text, match.end("place")), "address")
    for pattern in (_STATE_AND_ZIP, _ZIP, _ZIP_AFTER):
        for match in pattern.finditer(text):
            yield Span(match.start("zip"), match.end("zip"), "address")
    for match in _ZIP_PLUS_FOUR.finditer(text):
        yield Span(match.start(), match.end(), "address")


def _names_a_street(found: str, words: list[str], ending: str) -> bool:
    """Tell `12 Oak Dr` and `2907 e 34th st` from `2 times my dr`."""
    names = [word.rstrip(".") for word in words]
    if any(is_common(name) or _counts(name) for name in names):
        return False
    if ending.lower() in _PLAIN_ENDING or _ORDINAL.fullmatch(names[-1]):
        return True
    if ending.lower() in _SELDOM_OTHERWISE and found[:2].isdigit():
        return True
    return all(is_capitalised(word) or word[0].isdigit() for word in [*words, ending])


def _counts(word: str) -> bool:
    """Whether a word is something that numbers count, and no name of a street."""
    return word.lower() in word_list("units")


def _end_of_address(text: str, end: int) -> int:
    """Where the direction, unit, town, state and ZIP code after a street end."""
    for pattern in (_AFTER_THE_STREET, _UNIT, _TOWN):
        match = pattern.match(text, end)
        end = match.end() if match else end
    return end
